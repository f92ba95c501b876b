"""How far adding is, and how long it will take."""

from __future__ import annotations

import threading
import time
from collections import deque

from index.types import Progress, Searched

WINDOW = 30.0
"""Seconds over which the pace is taken: long enough to be calm, short enough to follow a change of load."""


class Pace:
    """Counts files that are added and passages that are embedded; may be used from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._files = 0
        self._read = 0
        self._bytes = 0
        self._bytes_read = 0
        self._began = 0.0
        self._pages: dict[str, tuple[int, int, int]] = {}
        self._steps: deque[tuple[float, float, int]] = deque()

    def begin(self, sizes: list[int]) -> None:
        """Says that files of so many bytes each are being added."""
        with self._lock:
            if self._read == self._files:
                self._files = self._read = self._bytes = self._bytes_read = 0
                self._began = time.monotonic()
                self._pages.clear()
            self._files += len(sizes)
            self._bytes += sum(sizes)

    def page(self, source: str, size: int, page: int, of: int) -> None:
        """Says that so many of its pages have been read of one of them."""
        with self._lock:
            self._pages[source] = size, page, of

    def file(self, size: int, source: str = "") -> None:
        """Says that one of them is in, or will not be."""
        with self._lock:
            self._read += 1
            self._bytes_read += size
            self._pages.pop(source, None)

    def embedded(self, passages: int, seconds: float) -> None:
        """Says that so many passages took so long."""
        now = time.monotonic()
        with self._lock:
            self._steps.append((now, seconds, passages))
            while self._steps[0][0] < now - WINDOW:
                self._steps.popleft()

    def progress(self, searched: Searched, paused: bool) -> Progress:
        """How far it is, where so many passages are in and have vectors."""
        with self._lock:
            left = self._left(searched.total - searched.meaning)
            _, page, of = max(self._pages.values(), default=(0, 0, 0))
            return Progress(self._files, self._read, searched.total, searched.meaning, left, paused, page, of)

    def _left(self, waiting: int) -> float | None:
        """Seconds until all files are read and all their passages embedded, which happens side by side."""
        reading = 0.0
        if self._read < self._files:
            read = self._bytes_read + sum(size * page / of for size, page, of in self._pages.values())
            if not read:
                return None
            reading = (time.monotonic() - self._began) * (self._bytes - read) / read
        if not waiting:
            return reading
        took = sum(seconds for _, seconds, _ in self._steps)
        done = sum(passages for _, _, passages in self._steps)
        return max(reading, waiting * took / done) if done and took else None
