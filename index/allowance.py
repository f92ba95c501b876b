"""Time for what takes long for a good reason: a loader asks before each page that it has to read from a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_granted: ContextVar[Callable[[], bool]] = ContextVar("granted", default=lambda: True)


def another_page() -> bool:
    """Whether there is time for one more page; behind the fence, asking is what gives it."""
    return _granted.get()()


@contextmanager
def allowing(grant: Callable[[], bool]) -> Iterator[None]:
    """Lets this answer whoever asks for time meanwhile."""
    token = _granted.set(grant)
    try:
        yield
    finally:
        _granted.reset(token)
