"""A server on loopback that speaks OpenAI's protocol and plays set faults, one a request; the last one stays."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Play = Callable[["Server"], None]


class Server(BaseHTTPRequestHandler):
    """Plays what its class holds; `asked` collects the bodies of the requests, `dropped` how many were hung up on."""

    protocol_version = "HTTP/1.1"
    plays: Sequence[Play] = ()
    asked: list[dict] = []  # noqa: RUF012
    dropped: list[float] = []  # noqa: RUF012

    def do_POST(self) -> None:
        self.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        try:
            self.plays[min(len(self.asked), len(self.plays)) - 1](self)
        except (BrokenPipeError, ConnectionResetError):
            self.dropped.append(time.monotonic())
        self.close_connection = True

    def log_message(self, *arguments: object) -> None:
        pass

    def open(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        """Sends the head; the body ends where the connection does."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Connection", "close")
        self.end_headers()

    def send(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()

    def say(self, text: str, finish: str | None = None) -> None:
        self.send(chunk(text, finish))


def chunk(text: str, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": finish}
    data = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return b"data: " + json.dumps(data, ensure_ascii=False).encode() + b"\n\n"


def good(*pieces: str, finish: str = "stop") -> Play:
    """A whole answer in these pieces."""

    def play(server: Server) -> None:
        server.open()
        for piece in pieces:
            server.say(piece)
        server.send(chunk("", finish) + b"data: [DONE]\n\n")

    return play


def status(code: int, body: str = "{}", kind: str = "application/json", **headers: str) -> Play:
    """That status with that body."""

    def play(server: Server) -> None:
        server.open(code, kind, Content_Length=str(len(body.encode())), **headers)
        server.send(body.encode())

    return play


def raw(*pieces: bytes | float, kind: str = "text/event-stream") -> Play:
    """These bytes, with pauses of so many seconds between them; then the connection ends."""

    def play(server: Server) -> None:
        server.open(kind=kind)
        for piece in pieces:
            if isinstance(piece, bytes):
                server.send(piece)
            else:
                time.sleep(piece)

    return play


def torn(*pieces: bytes) -> Play:
    """These bytes of a longer answer, then the connection is gone."""

    def play(server: Server) -> None:
        server.open(Content_Length="100000")
        for piece in pieces:
            server.send(piece)

    return play


def endless(piece: bytes, pause: float = 0.0, seconds: float = 20.0) -> Play:
    """The same bytes again and again, until nobody listens."""

    def play(server: Server) -> None:
        server.open()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            server.send(piece)
            time.sleep(pause)

    return play


@contextmanager
def serving(*plays: Play, certificate: Path | None = None) -> Iterator[tuple[str, type[Server]]]:
    """The address of such a server, and its handler."""
    handler = type("Playing", (Server,), {"plays": plays, "asked": [], "dropped": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda *arguments: None  # a client that hangs up is what is tested
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http{'s' if certificate else ''}://127.0.0.1:{server.server_port}/v1", handler
    finally:
        server.shutdown()
        server.server_close()
