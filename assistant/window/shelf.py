"""What happens when somebody adds, removes or looks at documents: from events to HTML."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any
from weakref import WeakValueDictionary

import gradio as gr

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.window.adding import Adding, Arrival
from assistant.window.arriving import Upload
from assistant.window.detail import words
from assistant.window.documents import documents, read
from assistant.window.escape import handle
from assistant.window.following import Following
from assistant.window.suggesting import NO_QUESTIONS, Suggesting
from assistant.window.welcome import welcome
from index.errors import LibraryError
from index.web.address import is_address, shown

LOST = "The upload did not arrive whole; drop the file again."
LONGEST = 200  # characters of a file's name that are kept
SOON = 1.0  # seconds in which a file that comes alone is likely to be in

Uploads = dict[str, Arrival]
Shown = tuple[str, str, Any]  # the list as HTML, the welcome as HTML, the timer


class Shelf:
    """The document list's events over one assistant; each visitor's uploads come in as a mapping that is kept up."""

    def __init__(self, assistant: Assistant, adding: Adding, suggesting: Suggesting | None = None) -> None:
        self._assistant = assistant
        self._adding = adding
        self._suggesting = suggesting
        self._following = Following()
        self._numbers = count(1)
        self._arrived: WeakValueDictionary[str, Arrival] = WeakValueDictionary()

    def refresh(self, uploads: Uploads) -> Shown:
        """The list as it now stands; the timer runs only while something is read, or questions are made for it."""
        busy = self._adding.busy  # before the list is taken, so that what is in by then is on it
        said = said_of(uploads)
        try:
            entries, far = self._assistant.documents(), self._assistant.progress()
            questions = self._suggesting.known(entries) if self._suggesting else NO_QUESTIONS
        except LibraryError as error:
            said["library"] = Upload("Your documents", str(error))
            return documents([], said), "", gr.Timer(active=False)
        reading = any(read(entry) < 100 for entry in entries)  # while paused too: another visitor may resume
        suggests = self._suggesting is not None and self._suggesting.busy
        fresh = self._suggesting.fresh(entries) if self._suggesting else ""
        page = documents(entries, said, self._following.line(far), far.paused, questions, fresh)
        return page, welcome(entries, questions), gr.Timer(active=reading or busy or suggests)

    def add(self, uploads: Uploads, event: gr.EventData) -> Iterator[Shown]:
        """The list while a file that has been uploaded is read, and once more where that took no time."""
        path, name = words(event, "path"), named(words(event, "name"))
        alone = not self._adding.busy
        uploads[path] = arrival = self._begun(path, name)
        yield self.refresh(uploads)
        if alone and arrival.over.wait(SOON):
            yield self.refresh(uploads)

    def _begun(self, path: str, name: str) -> Arrival:
        """The file that was uploaded, on its way; where another visitor sent the very same one, that."""
        folder = TemporaryDirectory(prefix="assistant-add-")
        taken = taken_over(path, Path(folder.name))
        if taken is None:
            folder.cleanup()
            return self._arrived.get(path) or Arrival.ended(Upload(name, LOST))
        self._arrived[path] = arrival = Arrival(name, taken, folder)
        self._adding.begin(arrival)
        return arrival

    def fetch(self, uploads: Uploads, event: gr.EventData) -> Shown:
        """The list while a web page is fetched; what is no address is taken as one, so that no file is meant by it."""
        text = words(event, "address").strip()
        address = text if is_address(text) else f"https://{text}"
        uploads[f"address {next(self._numbers)}"] = arrival = Arrival(shown(address), address)
        self._adding.begin(arrival)
        return self.refresh(uploads)

    def cancel(self, uploads: Uploads, event: gr.EventData) -> Shown:
        """The list after adding a file was stopped."""
        arrival = uploads.get(words(event, "key"))
        if arrival is not None:
            self._adding.cancel(arrival)
        return self.refresh(uploads)

    def answer(self, uploads: Uploads, event: gr.EventData) -> Shown:
        """The list after somebody said whether a file replaces another of its name or is kept beside it."""
        arrival, choice = uploads.get(words(event, "key")), words(event, "choice")
        if arrival is not None and choice in ("replace", "both"):
            self._adding.answer(arrival, keep_both=choice == "both")
        return self.refresh(uploads)

    def remove(self, uploads: Uploads, event: gr.EventData) -> Shown:
        """The list without the document that the event names."""
        source = words(event, "source")
        try:
            self._assistant.remove(source)
        except (AssistantError, LibraryError) as error:
            uploads[f"removal of {source}"] = Arrival.ended(Upload(source, str(error)))
        return self.refresh(uploads)

    def tag(self, uploads: Uploads, event: gr.EventData) -> Shown:
        """The list after the document that the event means was given other tags."""
        meant, given = words(event, "document"), words(event, "tags").split(",")
        source = ""
        try:
            source = next((each.source for each in self._assistant.documents() if handle(each.source) == meant), "")
            self._assistant.tag(source, given)
            uploads.pop(f"tags of {source}", None)
        except (AssistantError, LibraryError) as error:
            said = Upload(source, note=f"Its tags were not changed: {error}.")
            uploads[f"tags of {source}"] = Arrival.ended(said)
        return self.refresh(uploads)

    def dismiss(self, uploads: Uploads, event: gr.EventData) -> Shown:
        """The list without a message that has been read, or a question that was not answered."""
        arrival = uploads.pop(words(event, "key"), None)
        if arrival is not None and arrival.over.is_set():
            arrival.forget()
        return self.refresh(uploads)

    def pause(self, uploads: Uploads) -> Shown:
        """The list while nothing more is read for meaning."""
        self._assistant.pause()
        return self.refresh(uploads)

    def resume(self, uploads: Uploads) -> Shown:
        """The list while reading goes on."""
        self._assistant.resume()
        return self.refresh(uploads)

    def leave(self, uploads: Uploads) -> None:
        """Deletes the files that a visitor who has gone was asked about; what is being read goes on."""
        for arrival in uploads.values():
            if arrival.over.is_set():
                arrival.forget()


def said_of(uploads: Uploads) -> dict[str, Upload]:
    """What the list says of each upload; those that have nothing left to say are taken out."""
    said = {key: each.shown for key, each in list(uploads.items())}
    for key in [key for key, each in said.items() if each is None]:
        uploads.pop(key, None)
    return {key: each for key, each in said.items() if each is not None}


def named(given: str) -> str:
    """The file's own name without any folders, at most 200 characters that end in its suffix."""
    name = PurePosixPath(given.replace("\\", "/").replace("\0", "")).name.strip() or "document"
    if len(name) <= LONGEST:
        return name
    suffix = PurePosixPath(name).suffix[:20]
    return name[: LONGEST - len(suffix)] + suffix


def taken_over(path: str, folder: Path) -> Path | None:
    """The uploaded file, moved into `folder`; None where the path is not that of an upload, or was taken before."""
    root = Path(gr.utils.get_upload_folder()).resolve()
    given = Path(path).resolve()
    if not given.is_relative_to(root) or not given.is_file():
        return None
    try:
        moved = Path(shutil.move(given, folder / given.name))
        given.parent.rmdir()
    except FileNotFoundError:
        return None
    except OSError:
        return moved
    return moved
