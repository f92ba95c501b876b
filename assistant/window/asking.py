"""An answer in progress, in a thread of its own, so that it can be stopped at any moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

from assistant.errors import AssistantError
from assistant.types import Answer
from index.errors import LibraryError

BETWEEN = 0.05  # seconds between two looks at how far the answer is; more often than that cannot be seen
BROKEN = "Something went wrong while answering; the details are in the program's log. Ask again, or in other words."


class Asking(threading.Thread):
    """Takes snapshots of an answer until it is whole, is stopped, or fails.

    `latest` is the last snapshot. Once the thread has ended, `whole` says whether the answer came to its end, and
    `problem` why it did not.
    """

    def __init__(self, stream: Callable[[], Iterator[Answer]], answer: Answer) -> None:
        super().__init__(daemon=True, name="asking")
        self.latest = answer
        self.whole = False
        self.problem = BROKEN
        self._stream = stream
        self._stopped = threading.Event()

    @property
    def stopped(self) -> bool:
        """Whether somebody asked it to stop."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """Ends it: nobody waits for the next snapshot, and the stream is closed when that comes."""
        self._stopped.set()

    def run(self) -> None:
        """Takes the snapshots; what nobody foresaw ends the thread, and is logged as such."""
        snapshots = self._stream()
        try:
            for answer in snapshots:
                if self.stopped:
                    return
                self.latest = answer
            self.whole = True
        except (AssistantError, LibraryError) as error:
            self.problem = str(error)

    def growing(self) -> Iterator[Answer]:
        """Starts the thread and gives each new snapshot, until the answer is whole, is stopped or fails."""
        self.start()
        seen = self.latest
        yield seen
        try:
            while self.is_alive() and not self.stopped:
                self.join(BETWEEN)
                if self.latest is not seen and not self.stopped:
                    seen = self.latest
                    yield seen
        except GeneratorExit:  # nobody is looking any more
            self.stop()
            raise
