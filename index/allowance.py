"""Time for what takes long for a good reason: a loader asks before each page that it has to read from a picture.

One that reads many pages says now and then how far it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_granted: ContextVar[Callable[[int, int], bool]] = ContextVar("granted", default=lambda page, of: True)

PAGES = 100
"""Pages of text that a loader reads between two words about it: a second's work, and a tenth of what a file may take
where each of them is as dense as pages get."""


def another_page(page: int = 0, of: int = 0) -> bool:
    """Whether there is time for one more page, or for the next hundred; behind the fence, asking is what gives it.

    `page` of `of` pages have been read, where that is known.
    """
    return _granted.get()(page, of)


@contextmanager
def allowing(grant: Callable[[int, int], bool]) -> Iterator[None]:
    """Lets this answer whoever asks for time meanwhile."""
    token = _granted.set(grant)
    try:
        yield
    finally:
        _granted.reset(token)
