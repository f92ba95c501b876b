"""How long a chat model is waited for: tried again while nothing has come, given up when its time is over."""

from __future__ import annotations

import contextvars
import queue
import random
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass

from assistant.errors import ModelFailed

PIECES_AHEAD = 256
"""Pieces that are taken from a model before they are asked for: an endless answer fills no memory."""

Start = Callable[[], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds: `silence` for a sign of life, `whole` for everything, from the first try on.

    All tries and the pauses between them share one `silence`, and each sign of life after that starts a new one. A
    piece without text, as of a model that thinks before it speaks, is a sign of life too, so `whole` is the longest
    wait of all. There are at most `tries`, the last of them 7 pauses after the first.
    """

    silence: float = 60.0
    whole: float = 300.0
    tries: int = 4

    def within(self, seconds: float) -> Patience:
        """The patience for one more short request, when `seconds` of the whole are left."""
        return Patience(self.silence, max(0.0, min(self.silence, seconds)), 1)

    @property
    def pause(self) -> float:
        """Seconds before the second try, a quarter of one by default; each one after that takes twice as long."""
        return self.silence / 240


def patient(start: Start, patience: Patience) -> Generator[str, None, None]:
    """The pieces that `start` gives, begun anew where it fails in a passing way before its first piece.

    The pauses grow and are drawn at random (half to all of what they could be), so that many that were refused
    together do not come back together; where the server says how long, its time is kept. Raises `ModelFailed`, at
    once where a pause would outlast the patience.
    """
    began = time.monotonic()
    for tried in range(1, patience.tries + 1):
        said = False
        try:
            for piece in _timed(start, began, patience):
                said = True
                yield piece
            return
        except ModelFailed as error:
            pause = _pause(error, tried, patience)
            last = said or not error.passing or tried == patience.tries
            if last or time.monotonic() + pause > began + patience.silence:
                raise
            time.sleep(pause)


def _pause(error: ModelFailed, tried: int, patience: Patience) -> float:
    """Seconds until the next try."""
    drawn: float = patience.pause * 2 ** (tried - 1) * random.uniform(0.5, 1)
    return drawn if error.after is None else error.after + drawn


def _timed(start: Start, began: float, patience: Patience) -> Generator[str, None, None]:
    """The pieces of one try; raises `ModelFailed` where the next one does not come in time."""
    pump = _Pump(start)
    end, silent = began + patience.whole, began + patience.silence
    try:
        while True:
            left = min(end, silent) - time.monotonic()
            piece = pump.next(max(0.0, left))
            if piece is None:
                return
            yield piece
            silent = time.monotonic() + patience.silence
    except queue.Empty:
        waited = patience.whole if end < silent else patience.silence
        raise ModelFailed(
            f"the chat model failed: it did not answer in time ({waited:g} s); ask again, or raise the timeout"
        ) from None
    finally:
        pump.stop()


class _Pump(threading.Thread):
    """Takes pieces in a thread of its own, so that nobody hangs on a server that does.

    A thread whose server says nothing more ends when the provider's own timeout closes the connection.
    """

    def __init__(self, start: Start) -> None:
        super().__init__(daemon=True, name="chat model")
        # Traces and callbacks of LangChain hang on context variables.
        self._context = contextvars.copy_context()
        self._start_stream = start
        self._pieces: queue.Queue[str | BaseException | None] = queue.Queue(PIECES_AHEAD)
        self._stopped = threading.Event()
        self.start()

    def next(self, seconds: float) -> str | None:
        """The next piece, None after the last; raises what the stream raised, and `queue.Empty` after `seconds`."""
        piece = self._pieces.get(timeout=seconds)
        if isinstance(piece, BaseException):
            raise piece
        return piece

    def stop(self) -> None:
        """Ends it; the connection is closed with the next piece that comes."""
        self._stopped.set()

    def run(self) -> None:
        """Takes the pieces until the stream ends, fails or nobody wants them any more."""
        try:
            self._context.run(self._take)
            self._put(None)
        except ModelFailed as error:
            self._put(error)
        except BaseException as error:
            self._put(error)
            raise

    def _take(self) -> None:
        stream = self._start_stream()
        with closing(stream):  # type: ignore[type-var]
            for piece in stream:
                if self._stopped.is_set():
                    return
                self._put(piece)

    def _put(self, piece: str | BaseException | None) -> None:
        while not self._stopped.is_set():
            try:
                self._pieces.put(piece, timeout=0.1)
                return
            except queue.Full:
                continue
