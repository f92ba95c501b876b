"""The documents that answers were quoted from last: kept while they take little room together."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from index.types import Document

MOST = 100_000_000
"""Bytes that the documents may take together, by a rough count; the last one is kept whatever it takes."""

_BLOCK = 400
"""Bytes of a block with its box."""


class Kept:
    """Documents by name and hash; may be used from several threads."""

    def __init__(self, read: Callable[[str], Document], most: int = MOST) -> None:
        self._read = read
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], Document] = OrderedDict()

    def document(self, source: str, sha256: str) -> Document:
        """The document of this name in the version of this hash, read where it is not kept; raises what `read` does."""
        with self._lock:
            if (source, sha256) in self._kept:
                self._kept.move_to_end((source, sha256))
                return self._kept[source, sha256]
        document = self._read(source)
        with self._lock:
            self._kept[source, sha256] = document
            room = sum(map(_size, self._kept.values()))
            while room > self._most and len(self._kept) > 1:
                room -= _size(self._kept.popitem(last=False)[1])
        return document


def _size(document: Document) -> int:
    return len(document.text) + _BLOCK * (len(document.blocks) + len(document.pages))
