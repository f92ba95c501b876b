"""Shows how far a run is and how long it will still take."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TextIO

from assistant.spoken import spoken

OFTEN, SELDOM = 0.2, 15.0


class Progress:
    """One line that says how far the work is: rewritten in place on a terminal, else a new line now and then.

    Without a stream it is silent.
    """

    def __init__(self, stream: TextIO | None, what: str, total: int, done: int = 0) -> None:
        self._stream = stream
        self._what = what
        self._total = total
        self._done = self._before = done
        self._began = time.monotonic()
        self._shown = 0.0
        self._live = bool(stream and stream.isatty())

    def at(self, done: int, total: int | None = None) -> None:
        """Says how many are done, and how many there are where that has become known."""
        ended = self._done >= self._total > 0 and self._shown > 0
        self._done, self._total = done, self._total if total is None else total
        pause = OFTEN if self._live else SELDOM
        now = time.monotonic()
        if now - self._shown >= pause or (self._done >= self._total and not ended):
            self._shown = now
            self._write(f"{self._what}: {self._done:,} of {self._total:,}{self._left(now)}")

    def step(self) -> None:
        """Says that one more is done."""
        self.at(self._done + 1)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream and self._live:
            self._stream.write("\n")
            self._stream.flush()

    def _left(self, now: float) -> str:
        fresh = self._done - self._before
        if not fresh or self._done >= self._total:
            return f", {spoken(now - self._began)} in all" if self._done >= self._total and fresh else ""
        return f", {spoken((now - self._began) / fresh * (self._total - self._done))} left"

    def _write(self, line: str) -> None:
        if self._stream:
            self._stream.write(f"\r{line:<70}" if self._live else f"{line}\n")
            self._stream.flush()
