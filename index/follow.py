"""Vectors follow the text in the background: newest document first, and restartable after any stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

import numpy as np

from index.embed import Embedder
from index.errors import LibraryError
from index.ledger import ERASE, Ledger
from index.nearest import RETRY, Nearest
from index.pace import Pace
from index.turns import Turns

AT_ONCE = 64
"""Passages that are committed together: what a stop may lose is a second or two of work."""

STEP = 16
"""Passages embedded before a question may go first: a third of a second on two cores."""

AHEAD = 4_096
"""Passages fetched from the ledger at a time, which goes over all that wait (400,000 of a text of 300 MB); a new
document is taken up before the rest of them."""

PATIENCE = 3.0
"""Seconds until the engine is opened where nothing has to be written: a single question is answered without it."""


class Follower:
    """A thread that embeds what has no vector yet, erases what was deleted, and keeps the engine in step.

    What a disk has damaged is mended first.
    """

    def __init__(
        self,
        ledger: Ledger,
        embedder: Embedder,
        nearest: Nearest,
        turns: Turns,
        pace: Pace,
        erased: Callable[[], None],
        mend: Callable[[], bool],
    ) -> None:
        self._ledger = ledger
        self._embedder = embedder
        self._nearest = nearest
        self._turns = turns
        self._erased = erased
        self._mend = mend
        self._pace = pace
        self._paused = False
        self._changed = threading.Condition()
        self._woken = False
        self._idle = False
        self._closed = False
        self._failure: LibraryError | None = None
        self._queue: list[tuple[str, str]] = []
        self._reached: int | None = None
        self._thread = threading.Thread(target=self._run, name="vectors", daemon=True)
        self._thread.start()

    @property
    def paused(self) -> bool:
        """Whether passages are left without vectors until `resume`."""
        return self._paused

    def pause(self) -> None:
        """Stops embedding after the step at hand; what was deleted is still erased."""
        self._paused = True

    def resume(self) -> None:
        """Goes on where `pause` stopped."""
        self._paused = False
        self.wake()

    def wake(self) -> None:
        """Says that there is something to do."""
        with self._changed:
            self._woken, self._idle, self._failure = True, False, None
            self._changed.notify_all()

    def wait(self, told: Callable[[], None] | None = None, cancel: threading.Event | None = None) -> None:
        """Returns when every passage has its vector and nothing deleted is left; raises what stopped the work.

        `told` is called about every half second. Returns as soon as the work is paused or `cancel` is set, too.
        """
        self.wake()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._idle or not self._thread.is_alive(), timeout=0.5)
                done, failure = self._idle, self._failure
                if not done and not self._thread.is_alive():
                    failure = LibraryError("the background work has stopped; close the library and open it again")
            if told is not None:
                told()
            if failure is not None:
                raise failure
            if done or (cancel is not None and cancel.is_set()):
                return

    def close(self) -> None:
        """Stops after the batch at hand; what is left is taken up at the next open."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()

    def _run(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._woken or self._closed, timeout=PATIENCE)
        while not self._closed:
            with self._changed:
                self._woken = False
                self._failure = self._reached = None
            try:
                self._nearest.settle()
                while not self._closed and self._step():
                    pass
            except LibraryError as error:
                self._failure = error
            with self._changed:
                if not self._woken:
                    self._idle = True
                    self._changed.notify_all()
                self._changed.wait_for(
                    lambda: self._woken or self._closed,
                    timeout=RETRY if self._nearest.problem or self._failure else None,
                )

    def _step(self) -> bool:
        """Does one piece of work; False where there is none."""
        if self._mend():
            self._woken = True
            return True
        if self._woken or not self._queue:
            self._fill()
        batch, self._queue = self._queue[:AT_ONCE], self._queue[AT_ONCE:]
        if batch and not self._paused:
            self._embed(batch)
            return True
        mark = self._ledger.fact(ERASE)
        if mark is not None:
            self._ledger.erase()
            self._nearest.rebuild()
            self._erased()
            self._ledger.strike(ERASE, mark)
        return mark is not None

    def _fill(self) -> None:
        """Takes the next passages that wait: from the newest where something has come, else from where it was."""
        reached = None if self._woken else self._reached
        self._woken = False
        if self._paused:
            self._queue = []
            return
        self._queue, self._reached = self._ledger.pending(AHEAD, reached)
        if not self._queue and reached is not None:
            # What was passed over may wait again, such as what a pause left.
            self._queue, self._reached = self._ledger.pending(AHEAD)

    def _embed(self, batch: Sequence[tuple[str, str]]) -> None:
        """Embeds passages, those of like length together so that little is padded, and commits their vectors."""
        ordered = sorted(batch, key=lambda item: len(item[1]))
        vectors = []
        for start in range(0, len(ordered), STEP):
            if self._closed or self._paused:
                break
            self._turns.yield_to_questions()
            began = time.monotonic()
            texts = [text for _, text in ordered[start : start + STEP]]
            vectors.append(self._embedder.embed(texts))
            self._pace.embedded(len(texts), time.monotonic() - began)
        if vectors:
            done = np.concatenate(vectors)
            keys = [key for key, _ in ordered[: len(done)]]
            self._ledger.put_vectors(keys, done)
            self._nearest.add(keys, done)
