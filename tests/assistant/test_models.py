"""Chat models over real HTTP, on loopback."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from assistant import Assistant, Settings
from assistant.sample import SAMPLE
from tests.stub import WordEmbedder


class Handler(BaseHTTPRequestHandler):
    """An OpenAI-compatible server that streams set pieces, or answers with a set status."""

    pieces = ("At least 76 people ", "were killed. [1", ".1]")
    status = 200
    asked: list = []  # noqa: RUF012

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.path, body, self.headers.get("Authorization")))
        self.send_response(self.status)
        self.send_header("Content-Type", "text/event-stream" if self.status == 200 else "application/json")
        self.end_headers()
        if self.status != 200:
            self.wfile.write(json.dumps({"error": {"message": "secret-key-123 is wrong"}}).encode())
            return
        for place, piece in enumerate(self.pieces):
            last = "stop" if place == len(self.pieces) - 1 else None
            choice = {"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": last}
            data = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
            self.wfile.write(f"data: {json.dumps(data)}\n\n".encode())
            self.wfile.flush()
        usage = {"prompt_tokens": 100, "completion_tokens": 11, "total_tokens": 111}
        data = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [], "usage": usage}
        self.wfile.write(f"data: {json.dumps(data)}\n\ndata: [DONE]\n\n".encode())

    def log_message(self, *arguments):
        pass


@pytest.fixture
def served(tmp_path, monkeypatch):
    """An assistant that is attached to such a server, and the server's handler."""
    handler = type("Served", (Handler,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("OPENAI_API_KEY", "secret-key-123")
    url = f"http://127.0.0.1:{server.server_port}/v1"
    settings = Settings(model="openai:small", model_url=url, store="memory", refuse_below=0.02)
    with Assistant.open(tmp_path / "library", settings, embedder=WordEmbedder()) as assistant:
        assistant.add(SAMPLE)
        yield assistant, handler
    server.shutdown()
    server.server_close()


def test_a_model_behind_an_address_streams_a_cited_answer(served):
    assistant, handler = served
    values = list(assistant.stream("How many people have been killed?"))
    assert values[-1].complete
    assert values[-1].text == "At least 76 people were killed."
    assert values[-1].citations[0].quote in SAMPLE.read_text()
    assert values[-1].tokens == 111
    [(path, body, key)] = handler.asked
    assert path == "/v1/chat/completions"
    assert body["model"] == "small" and body["stream"]
    assert "[1.1]" in body["messages"][-1]["content"]
    assert key == "Bearer secret-key-123"


@pytest.mark.parametrize(("status", "words"), [(401, "refused the key"), (404, "no such model"), (400, "status 400")])
def test_a_status_is_said_in_words_and_the_key_is_not(served, status, words):
    assistant, handler = served
    handler.status = status
    answer = assistant.ask("How many people have been killed?")
    assert answer.answered and answer.complete
    assert words in answer.notes[0]
    assert "secret-key-123" not in str(answer.notes)
