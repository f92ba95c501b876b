"""Vectors follow the text in the background: newest document first, and restartable after any stop."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from index.embed import Embedder, Vectors
from index.errors import LibraryError
from index.ledger import ERASE, Ledger
from index.nearest import RETRY, Nearest
from index.pace import Pace
from index.turns import Turns

AT_ONCE = 32
"""Passages that are committed together, while the next as many are embedded: what a stop may lose is a second or two
of work."""

STEP = 8
"""Passages that a lane embeds before a question may go first: with two lanes, a third of a second on two cores."""

LANES = 2
"""Steps embedded side by side: while one of them ends or begins on one core, the other has work for all of them."""

AHEAD = 4_096
"""Passages fetched from the ledger at a time, which goes over all that wait (400,000 of a text of 300 MB); a new
document is taken up before the rest of them."""

PATIENCE = 3.0
"""Seconds until the engine is opened where nothing has to be written: a single question is answered without it."""


Step = tuple[list[str], Future[Vectors | None]]
"""The keys of passages, and their vectors once a lane has them; None where it was told to stop before."""


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
        self._lanes = ThreadPoolExecutor(LANES, thread_name_prefix="lane")
        self._under_way: list[Step] = []
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
        self._nearest.stop()
        self._thread.join()
        self._lanes.shutdown()

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
                self._failure, self._under_way = error, []
            with self._changed:
                if not self._woken:
                    self._idle = True
                    self._changed.notify_all()
                self._changed.wait_for(
                    lambda: self._woken or self._closed,
                    timeout=RETRY if self._nearest.problem or self._failure else None,
                )
        with contextlib.suppress(LibraryError):
            self._keep(self._under_way)

    def _step(self) -> bool:
        """Does one piece of work; False where there is none."""
        if self._mend():
            self._woken = True
            return True
        if self._woken or not self._queue:
            self._fill()
        batch, self._queue = self._queue[:AT_ONCE], self._queue[AT_ONCE:]
        ready, self._under_way = self._under_way, self._begin(batch)
        self._keep(ready)
        if ready or batch:
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
        self._queue, self._reached = self._waiting(reached)
        if not self._queue and reached is not None:
            # What was passed over may wait again, such as what a pause left.
            self._queue, self._reached = self._waiting(None)

    def _waiting(self, reached: int | None) -> tuple[list[tuple[str, str]], int]:
        """The next passages without vectors that are not under way, and how far it has looked."""
        found, reached = self._ledger.pending(AHEAD, reached)
        begun = {key for keys, _ in self._under_way for key in keys}
        return [(key, text) for key, text in found if key not in begun], reached

    def _begin(self, batch: Sequence[tuple[str, str]]) -> list[Step]:
        """Gives passages to the lanes, those of like length together so that little is padded."""
        ordered = sorted(batch, key=lambda item: -len(item[1]))
        steps = [ordered[start : start + STEP] for start in range(0, len(ordered), STEP)]
        return [
            ([key for key, _ in step], self._lanes.submit(self._embed, [text for _, text in step])) for step in steps
        ]

    def _embed(self, texts: Sequence[str]) -> Vectors | None:
        """The vectors of a step; None where there is to be no further one."""
        self._turns.yield_to_questions()
        if self._closed or self._paused:
            return None
        began = time.monotonic()
        vectors = self._embedder.embed(texts)
        self._pace.embedded(len(texts), (time.monotonic() - began) / LANES)
        return vectors

    def _keep(self, steps: Sequence[Step]) -> None:
        """Commits the vectors of steps once the lanes have them."""
        done = [(keys, vectors) for keys, under_way in steps if (vectors := under_way.result()) is not None]
        if done:
            keys = [key for some, _ in done for key in some]
            vectors = np.concatenate([some for _, some in done])
            self._ledger.put_vectors(keys, vectors)
            self._nearest.add(keys, vectors)
