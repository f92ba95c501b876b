"""An Ollama on loopback, as far as we speak to one: it lists its models, and answers in OpenAI's protocol."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import ThreadingHTTPServer

from tests.assistant.faulty import Server, chunk

TAGS = [
    {"name": "qwen3:4b", "details": {"family": "qwen3"}},
    {"name": "<b>bold</b>", "details": {"family": "llama"}},
    {"name": "nomic-embed-text:latest", "details": {"family": "nomic-bert"}},
    {"name": "gpt-oss:120b-cloud", "remote_host": "https://ollama.com:443", "details": {"family": "gptoss"}},
]
Replies = Mapping[str, Sequence[str | float]]


class Ollama(Server):
    """Streams the pieces of the first key that stands in what it is asked, pausing where a number of seconds stands.

    `heads` collects what the requests said of who asks; with `counts`, tokens are counted when somebody asks for that.
    """

    tags: object = TAGS
    replies: Replies = {}  # noqa: RUF012
    counts = True
    heads: list[dict] = []  # noqa: RUF012

    def do_GET(self) -> None:  # noqa: N802
        self.open(200 if self.path == "/api/tags" else 404, "application/json")
        self.send(json.dumps({"models": self.tags}).encode() if self.path == "/api/tags" else b"{}")
        self.close_connection = True

    def do_POST(self) -> None:  # noqa: N802
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(asked)
        self.heads.append(dict(self.headers))
        said = "\n".join(message["content"] for message in asked["messages"])
        pieces = next((pieces for key, pieces in self.replies.items() if key in said), ["NOT IN THE DOCUMENTS"])
        try:
            self._stream(pieces, bool((asked.get("stream_options") or {}).get("include_usage")))
        except (BrokenPipeError, ConnectionResetError):
            self.dropped.append(time.monotonic())
        self.close_connection = True

    def _stream(self, pieces: Sequence[str | float], usage: bool) -> None:
        self.open()
        for piece in pieces:
            if isinstance(piece, str):
                self.say(piece)
            else:
                time.sleep(piece)
        self.send(chunk("", "stop"))
        if usage and self.counts:
            told = {"prompt_tokens": 1200, "completion_tokens": 34, "total_tokens": 1234}
            last = {
                "id": "1",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": "m",
                "choices": [],
                "usage": told,
            }
            self.send(b"data: " + json.dumps(last).encode() + b"\n\n")
        self.send(b"data: [DONE]\n\n")


@contextmanager
def running(replies: Replies | None = None, **more: object) -> Iterator[tuple[str, type[Ollama]]]:
    """The host and port of such a server, and its handler."""
    handler = type("Running", (Ollama,), {"asked": [], "dropped": [], "heads": [], "replies": replies or {}, **more})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}", handler
    finally:
        server.shutdown()
        server.server_close()
