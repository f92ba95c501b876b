"""What may be fetched, from where, and how long and large it may be."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from index.errors import Cancelled, HeavyFile
from index.fence.sentences import cancelled
from index.web.address import PORTS
from index.web.public import IP, is_public

MEGABYTE = 1024 * 1024

_MOMENT = 0.01
"""Seconds that are as good as none: nothing is fetched in them, and what timed out is over them when it says so."""

_GLANCE = 0.2
"""Seconds between two looks at whether somebody still waits for a name to be resolved."""


def resolved(host: str, port: int) -> Sequence[str]:
    """The addresses that the system finds for a name; raises `OSError` where it finds none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(place[0]) for *_, place in found]


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be fetched. `connect`, `read` and `total` are seconds, `size` is bytes, packed or not.

    `allowed` says which addresses are connected to, and `resolve` finds them for a name. `authorities` are those who
    vouch for hosts: those of the system and of Mozilla where none are given.
    """

    allowed: Callable[[IP], bool] = is_public
    resolve: Callable[[str, int], Sequence[str]] = resolved
    # On other ports of public hosts stand the services that were never meant to be read by a program like this.
    ports: Container[int] = frozenset(PORTS.values())
    # A move to https, to www and to a new place are three.
    redirects: int = 5
    # The fence reads files of up to 1 GiB; a page that large is none, and a person waits for this one.
    size: int = 50 * MEGABYTE
    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0
    authorities: ssl.SSLContext | None = field(default=None, compare=False)


class Clock:
    """The time that is left for one address, its redirects included."""

    def __init__(self, seconds: float, shown: str, cancel: threading.Event | None = None) -> None:
        self._seconds = seconds
        self._until = time.monotonic() + seconds
        self._shown = shown
        self._cancel = cancel

    def within(self, seconds: float | None) -> float:
        """So many seconds or what is left, whichever is less.

        Raises `HeavyFile` where nothing is left, and `Cancelled` where nobody waits any more.
        """
        if self._cancel is not None and self._cancel.is_set():
            raise Cancelled(cancelled(self._shown))
        left = self._until - time.monotonic()
        if left <= _MOMENT:
            raise HeavyFile(
                f"{self._shown} was not fetched within {self._seconds:g} s; try again later, or save the page and add "
                "the file"
            )
        return left if seconds is None else min(seconds, left)

    def check(self) -> None:
        """Raises `HeavyFile` where no time is left."""
        self.within(None)

    def ask(self, question: Callable[[], Sequence[str]]) -> Sequence[str]:
        """What a function returns or raises that cannot be told to hurry; raises `HeavyFile` where it takes too long.

        Its thread is left behind then, and ends when it ends.
        """
        answers: SimpleQueue[Sequence[str] | OSError | UnicodeError] = SimpleQueue()

        def run() -> None:
            try:
                answers.put(question())
            except (OSError, UnicodeError) as error:
                answers.put(error)

        threading.Thread(target=run, name="resolver", daemon=True).start()
        while True:
            try:
                answer = answers.get(timeout=self.within(_GLANCE))
            except Empty:
                continue
            if isinstance(answer, OSError | UnicodeError):
                raise answer
            return answer
