"""Lets questions go first: background work waits while one is being answered."""

from __future__ import annotations

import threading
import time
from types import TracebackType

GRACE = 0.25
"""Seconds after a question's last step in which another step may still follow."""


class Turns:
    """`with turns:` around every step of a question; `yield_to_questions` between pieces of background work."""

    def __init__(self) -> None:
        self._active = 0
        self._last = 0.0
        self._changed = threading.Condition()

    def __enter__(self) -> None:
        with self._changed:
            self._active += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._active -= 1
            self._last = time.monotonic()
            self._changed.notify_all()

    def yield_to_questions(self, longest: float = 10.0) -> None:
        """Returns when no question is being answered, or after `longest` seconds, so that work goes on under load."""
        end = time.monotonic() + longest
        with self._changed:
            while (now := time.monotonic()) < end and (self._active or now < self._last + GRACE):
                self._changed.wait(timeout=(end if self._active else self._last + GRACE) - now)
