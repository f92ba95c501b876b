"""A reader: `python -m index.fence SETTINGS` reads the files that it is told of, one after another, behind its fence.

It speaks over its standard input and output; `index.fence.process` is the other side. Where a file brings it down, it
is the other side that says so.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, BinaryIO

from index import loaders
from index.allowance import allowing
from index.errors import UnreadableFile
from index.fence.carry import encoded, receive, send, send_document, without_text
from index.fence.confine import confine, limit_memory, limit_processor, open_files, resident
from index.fence.limits import OURS, Limits
from index.named import named, names

_REQUEST = 1 << 20
_EMPTY = 100  # bytes that a text takes besides its characters: 49 to 76 in CPython 3.11
_WHICH = {errno.EMFILE: "files", errno.EFBIG: "written"}


def main(settings: dict[str, Any]) -> None:
    """Answers requests until there are no more.

    `settings` has the limits, the process to die with, the module whose `read` reads (another than `index.read` in
    tests only), and the fences to leave out.
    """
    limits = Limits(**settings["limits"])
    source, sink = _take_pipes()
    network, held = confine(limits, settings["parent"], settings["without"])
    reader = _load(settings["reader"])
    more = {"memory": limit_memory(limits), "processor": limit_processor(limits)}
    sys.excepthook = _teller(sink)
    send(sink, {"network": network, "limits": [*held, *(name for name, there in more.items() if there)]})
    empty = resident()
    with suppress(EOFError):
        while True:
            request = receive(source, _REQUEST)
            tempfile.tempdir = request["folder"]
            limit_processor(limits)
            with allowing(_granting(sink, limits)):
                _answer(sink, reader, request, limits, empty)


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes, out of the way of whatever reads or prints: standard input and output are nothing from here on."""
    pipes = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.close(nothing)
    return pipes


def _load(reader: str) -> ModuleType:
    """The module that reads; ours with all loaders that can be imported here, so that no file has to wait for them."""
    module = importlib.import_module(reader)
    for name in names(loaders) if reader == OURS else ():
        with suppress(ImportError):
            named(loaders, name)
    return module


def _granting(sink: BinaryIO, limits: Limits) -> Callable[[int, int], bool]:
    """Gives each page that is read from a picture the time of a file, until all together have used up theirs.

    So it does each hundred other pages.
    """
    ends = time.monotonic() + limits.pictures

    def grant(page: int, of: int) -> bool:
        if time.monotonic() > ends:
            return False
        limit_processor(limits)
        send(sink, {"working": [page, of]})
        return True

    return grant


def _answer(sink: BinaryIO, reader: ModuleType, request: dict[str, str], limits: Limits, empty: int) -> None:
    answer: dict[str, Any] = {}
    text, parts = "", b"null"
    try:
        document = reader.read(Path(request["path"]), request["name"])
        text, parts = document.text, encoded(without_text(document))
    except UnreadableFile as error:
        answer = {"error": type(error).__name__, "message": str(error)}
    except MemoryError:
        answer = {"limit": "memory"}
    except OSError as error:
        if error.errno not in _WHICH:
            raise
        answer = {"limit": _WHICH[error.errno]}
    if len(text) > limits.characters:
        answer = {"limit": "characters"}
    elif sys.getsizeof(text) > limits.characters + _EMPTY:
        answer = {"limit": "text"}
    elif len(parts) > limits.structure:
        answer = {"limit": "structure"}
    if answer:
        text, parts = "", b"null"
    left = {"characters": len(text), "grown": resident() - empty, "open": open_files()}
    send_document(sink, answer | left, parts, text)


def _teller(sink: BinaryIO) -> Any:
    """Says what kind of error nobody was ready for, before it ends this process."""

    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        with suppress(OSError):
            send(sink, {"failed": kind.__name__})

    return tell


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
