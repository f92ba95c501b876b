"""A web server on this computer that answers as a test says, and rules under which it may be asked."""

from __future__ import annotations

import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from index.errors import UnreadableFile
from index.web.fetch import fetched
from index.web.rules import Rules

Answer = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A server's port, what it was asked for (path and headers), and how it answers by path."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.stop = threading.Event()
        self.port = 0

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def says(self, path: str, body: bytes, status: int = 200, **headers: str) -> str:
        """Answers a path so from now on; an underscore in a header's name stands for a hyphen."""

        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(status)
            named = {"Content-Type": "text/html", "Content-Length": str(len(body))}
            for name, value in {**named, **{key.replace("_", "-"): value for key, value in headers.items()}}.items():
                if value:
                    request.send_header(name, value)
            request.end_headers()
            request.wfile.write(body)

        self.answers[path] = answer
        return self.url(path)

    def leads(self, path: str, location: str, status: int = 302) -> str:
        return self.says(path, b"", status, Location=location)


@contextmanager
def serving(trust: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A site that is there meanwhile; with `trust` it speaks TLS."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            answer = site.answers.get(self.path)
            if answer is None:
                self.send_error(404)
                return
            try:
                answer(self)
            except OSError:
                self.close_connection = True  # whoever asked has gone

        def log_message(self, *said: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *said: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    if trust is not None:
        server.socket = trust.wrap_socket(server.socket, server_side=True)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.stop.set()
        server.shutdown()
        server.server_close()
        thread.join()


def here(**more: object) -> Rules:
    """Rules that allow this computer and nothing else, on any port."""
    return replace(Rules(allowed=lambda address: address.is_loopback, ports=range(1, 65536)), **more)


def certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """A certificate that vouches for itself, and its key."""
    made, key = folder / "certificate.pem", folder / "key.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test -addext"
    files = ["-keyout", str(key), "-out", str(made)]
    subprocess.run([*command.split(), f"subjectAltName=DNS:{host}", *files], check=True, capture_output=True)
    return made, key


def refused(kind: type[UnreadableFile], address: str, folder: Path, rules: Rules | None = None) -> str:
    """The sentence with which an address is refused: of this kind, in one line, and with nothing left behind."""
    before = sorted(folder.rglob("*"))
    with pytest.raises(UnreadableFile) as caught, fetched(address, folder, rules):
        pass
    assert type(caught.value) is kind, caught.value
    assert sorted(folder.rglob("*")) == before
    sentence = str(caught.value)
    assert "\n" not in sentence and "secret" not in sentence and 20 < len(sentence) < 600
    return sentence
