"""Serves the chat window on this computer."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import gradio as gr
import uvicorn
from fastapi import FastAPI

from assistant import Assistant, Settings
from assistant.errors import AssistantError
from assistant.sample import add_sample_if_new
from assistant.window.adding import Adding
from assistant.window.guard import Guard
from assistant.window.suggesting import Suggesting
from assistant.window.window import build, look
from index.errors import LibraryError

PORT, HOST = 7860, "127.0.0.1"
TRIES = 100  # ports that are tried, from the first one on
LARGEST = "200mb"
WAITING = 64  # events that may queue up before new ones are refused


def main(folder: str | Path, settings: Settings, port: int = PORT, open_browser: bool = False) -> int:
    """Opens the library in `folder`, adds the sample where it is new, and serves the window until Ctrl-C.

    Returns 0, or 1 after a sentence on what is wrong where the library cannot be opened.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a service manager's stop closes the library too
    try:
        with Assistant.open(folder, settings) as assistant:
            add_sample_if_new(assistant, wait=False)
            serve(assistant, port, open_browser=open_browser)
    except (AssistantError, LibraryError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def serve(assistant: Assistant, port: int = PORT, host: str = HOST, open_browser: bool = False) -> None:
    """Serves the window over an assistant until Ctrl-C; takes the next free port where this one is busy."""
    logging.getLogger("uvicorn.error").addFilter(_unexpected)
    threading.Thread(target=_warm, args=(assistant,), daemon=True, name="warm").start()
    adding, suggesting = Adding(assistant), Suggesting(assistant)
    with _uploads(), listening(host, port) as listener:
        free = listener.getsockname()[1]
        if free != port:
            sys.stdout.write(f"port {port} is busy, using {free}\n")
        address = f"http://{f'[{host}]' if ':' in host else host}:{free}"
        server = uvicorn.Server(
            uvicorn.Config(
                mounted(assistant, adding, host, suggesting),
                log_level="warning",
                timeout_graceful_shutdown=1,
                server_header=False,
            )
        )
        sys.stdout.write(f"open {address}\n")
        sys.stdout.flush()
        if open_browser:
            webbrowser.open(address)
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
        adding.close()
        suggesting.close()


def mounted(assistant: Assistant, adding: Adding, host: str = HOST, suggesting: Suggesting | None = None) -> Guard:
    """The window as an ASGI application, with everything off that it does not need."""
    page = build(assistant, adding, suggesting or Suggesting(assistant))
    page.queue(default_concurrency_limit=4, max_size=WAITING, api_open=False)
    undocumented: dict[str, Any] = {"docs_url": None, "redoc_url": None, "openapi_url": None}
    app = FastAPI(**undocumented)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        app_kwargs=undocumented,
        server_name=host,
        max_file_size=LARGEST,
        run_history=False,
        footer_links=[],
        show_error=False,
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        blocked_paths=[str(assistant.index.folder.resolve())],
        **look(),
    )
    return Guard(app, host)


def _unexpected(record: logging.LogRecord) -> bool:
    """Whether a line is worth logging: that pages were still listening when the server stopped is not."""
    return not record.getMessage().startswith("Cancel ")


def _warm(assistant: Assistant) -> None:
    """Loads the embedding model; what is wrong with it is said when it is needed."""
    with suppress(AssistantError, LibraryError):
        assistant.warm()


@contextmanager
def _uploads() -> Iterator[None]:
    """A folder of our own for uploads on their way, gone with the server."""
    before = os.environ.get("GRADIO_TEMP_DIR")
    with tempfile.TemporaryDirectory(prefix="assistant-window-") as folder:
        os.environ["GRADIO_TEMP_DIR"] = folder
        try:
            yield
        finally:
            if before is None:
                os.environ.pop("GRADIO_TEMP_DIR", None)
            else:
                os.environ["GRADIO_TEMP_DIR"] = before


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens on the first free port from `port` on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for free in range(port, min(port + TRIES, 65536)):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, free))
            listener.listen(128)
        except OSError:
            listener.close()
        else:
            return listener
    raise AssistantError(f"no port from {port} to {port + TRIES - 1} is free at {host}; name another")
