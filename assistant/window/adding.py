"""Adds what was uploaded, several files side by side, in threads of its own: no event of the page waits for a file."""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.window.arriving import CANCELLED, CANCELLING, READING, WAITING, Upload
from index.errors import LibraryError
from index.intake import AT_ONCE
from index.types import Entry, Receipt

MOST = AT_ONCE + 4
"""Files taken in at a time: as many as are read at once, and some that wait for a reader or need none."""

PATIENCE = 5.0
"""Seconds that the end of the server waits for a file that is being kept."""

BROKEN = "Something went wrong while adding it; the details are in the program's log. Add it again."


class Arrival:
    """A file in a folder of its own, or a web address, on its way into the library.

    `shown` is what the list says of it, and None once there is nothing left to say; `over` is set when nothing is left
    to do. The folder is deleted with it.
    """

    def __init__(self, name: str, path: Path | str = "", folder: TemporaryDirectory[str] | None = None) -> None:
        self.name = name
        self.path = path
        self.shown: Upload | None = Upload(name, stage=WAITING)
        self.decided = folder is None
        self.cancel = threading.Event()
        self.over = threading.Event()
        self._folder = folder

    @classmethod
    def ended(cls, said: Upload) -> Arrival:
        """One that is over and has only this to say."""
        made = cls(said.name)
        made.end(said)
        return made

    def end(self, said: Upload | None) -> None:
        """Says how it ended; its file is deleted, unless that is still asked about."""
        self.shown = said
        if said is None or said.taken is None:
            self.forget()
        self.over.set()

    def forget(self) -> None:
        """Deletes its file."""
        if self._folder is not None:
            self._folder.cleanup()


class Adding:
    """Takes arrivals into the library of one assistant, a few at a time, and no two of the same name at once."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._changing = threading.RLock()
        self._waiting: deque[Arrival] = deque()
        self._working: list[Arrival] = []
        self._threads: set[threading.Thread] = set()

    @property
    def busy(self) -> bool:
        """Whether anything is being added, by any visitor."""
        return bool(self._waiting or self._working)

    def begin(self, arrival: Arrival) -> None:
        """Adds it as soon as there is room."""
        with self._changing:
            arrival.over.clear()
            self._waiting.append(arrival)
            self._staff()

    def cancel(self, arrival: Arrival) -> None:
        """Stops it, if it is not in the library yet."""
        with self._changing:
            if arrival in self._waiting:
                self._waiting.remove(arrival)
                arrival.end(Upload(arrival.name, note=CANCELLED))
            elif arrival in self._working:
                arrival.cancel.set()
                arrival.shown = Upload(arrival.name, stage=CANCELLING)

    def answer(self, arrival: Arrival, keep_both: bool) -> None:
        """Adds what asked about its name: under another name, or in the place of what is there."""
        with self._changing:
            if arrival.decided or arrival.shown is None or arrival.shown.taken is None:
                return
            if keep_both:
                there = {each.source for each in self._assistant.documents()}
                arrival.name = free(arrival.name, there | {each.name for each in (*self._working, *self._waiting)})
            arrival.decided = True
            arrival.shown = Upload(arrival.name, stage=WAITING)
            self.begin(arrival)

    def close(self) -> None:
        """Cancels what is not in the library yet."""
        for arrival in (*self._waiting, *self._working):
            self.cancel(arrival)
        for thread in list(self._threads):
            thread.join(PATIENCE)

    def _staff(self) -> None:
        """Starts a thread where something waits that may begin, and there are fewer than so many."""
        busy = {each.name for each in self._working}
        if any(each.name not in busy for each in self._waiting) and len(self._threads) < MOST:
            thread = threading.Thread(target=self._work, name="uploads", daemon=True)
            self._threads.add(thread)
            thread.start()

    def _work(self) -> None:
        try:
            while (arrival := self._next()) is not None:
                self._take(arrival)
        finally:
            with self._changing:
                self._threads.discard(threading.current_thread())
                self._staff()

    def _next(self) -> Arrival | None:
        with self._changing:
            busy = {each.name for each in self._working}
            arrival = next((each for each in self._waiting if each.name not in busy), None)
            if arrival is not None:
                self._waiting.remove(arrival)
                self._working.append(arrival)
                arrival.shown = Upload(arrival.name, stage=READING)
                self._staff()
            return arrival

    def _take(self, arrival: Arrival) -> None:
        said: Upload | None = Upload(arrival.name, BROKEN)
        try:
            said = self._taken(arrival)
        except (AssistantError, LibraryError) as error:
            said = Upload(arrival.name, str(error))
        finally:
            with self._changing:
                self._working.remove(arrival)
                arrival.end(said)

    def _taken(self, arrival: Arrival) -> Upload | None:
        if isinstance(arrival.path, str):
            receipts = self._assistant.add(arrival.path, wait=False, cancel=arrival.cancel)
            return outcome(receipts[0])
        other = None if arrival.decided else self._other(arrival.name, arrival.path)
        if other is not None:
            return Upload(arrival.name, taken=other)
        [receipt] = self._assistant.add(arrival.path, name=arrival.name, wait=False, cancel=arrival.cancel)
        return outcome(receipt)

    def _other(self, name: str, file: Path) -> Entry | None:
        """The document of this name, where its content is not that of the file."""
        there = next((each for each in self._assistant.documents() if each.source == name), None)
        if there is None:
            return None
        with file.open("rb") as opened:
            return there if hashlib.file_digest(opened, "sha256").hexdigest() != there.sha256 else None


def outcome(receipt: Receipt) -> Upload | None:
    """What is left to say about an added file: why it is not in, that it was known, or nothing."""
    if receipt.state == "refused":
        return Upload(receipt.source, receipt.problem or "It could not be read.")
    if receipt.state == "cancelled":
        return Upload(receipt.source, note=CANCELLED)
    if receipt.state == "unchanged":
        return Upload(receipt.source, note="Already here, unchanged.")
    said = ["The earlier version was replaced."] if receipt.state == "replaced" else []
    said += [f"Same content as {receipt.same_as}; stored once."] if receipt.same_as else []
    return Upload(receipt.source, note=" ".join(said)) if said else None


def free(name: str, taken: set[str]) -> str:
    """The name with the first number, from 2 on, under which nothing is taken: "report (2).pdf"."""
    suffix = PurePosixPath(name).suffix
    stem = name.removesuffix(suffix)
    number = 2
    while f"{stem} ({number}){suffix}" in taken:
        number += 1
    return f"{stem} ({number}){suffix}"
