"""What happens when somebody adds, removes or looks at documents: from events to HTML."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import gradio as gr

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.window.detail import words
from assistant.window.documents import Upload, documents, read
from assistant.window.welcome import welcome
from index.errors import LibraryError
from index.types import Receipt

LOST = "The upload did not arrive whole; drop the file again."
LONGEST = 200  # characters of a file's name that are kept

Shown = tuple[str, str, Any]  # the list as HTML, the welcome as HTML, the timer


class Shelf:
    """The document list's events over one assistant; each visitor's uploads come in as a mapping that is kept up."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def refresh(self, uploads: dict[str, Upload]) -> Shown:
        """The list as it now stands; the timer runs only while something is being read."""
        try:
            entries = self._assistant.documents()
        except LibraryError as error:
            said = {**uploads, "library": Upload("Your documents", str(error))}
            return documents([], said), "", gr.Timer(active=False)
        reading = any(read(entry) < 100 for entry in entries)
        pending = any(not each.problem and not each.note for each in uploads.values())
        return documents(entries, uploads), welcome(entries), gr.Timer(active=reading or pending)

    def add(self, uploads: dict[str, Upload], event: gr.EventData) -> Iterator[Shown]:
        """The list while a file that has been uploaded is read, and after."""
        path, name = words(event, "path"), named(words(event, "name"))
        uploads[path] = Upload(name)
        yield self.refresh(uploads)
        outcome = self._added(path, name)
        del uploads[path]
        uploads.update(outcome)
        yield self.refresh(uploads)

    def _added(self, path: str, name: str) -> dict[str, Upload]:
        with tempfile.TemporaryDirectory(prefix="assistant-add-") as folder:
            taken = taken_over(path, Path(folder))
            if taken is None:
                return {path: Upload(name, LOST)}
            try:
                receipts = self._assistant.add(taken, wait=False, name=name)
            except (AssistantError, LibraryError) as error:
                return {path: Upload(name, str(error))}
        said = {f"{path}#{at}": outcome(receipt) for at, receipt in enumerate(receipts)}
        return {key: each for key, each in said.items() if each.problem or each.note}

    def remove(self, uploads: dict[str, Upload], event: gr.EventData) -> Shown:
        """The list without the document that the event names."""
        source = words(event, "source")
        try:
            self._assistant.remove(source)
        except (AssistantError, LibraryError) as error:
            uploads[f"removal of {source}"] = Upload(source, str(error))
        return self.refresh(uploads)

    def dismiss(self, uploads: dict[str, Upload], event: gr.EventData) -> Shown:
        """The list without a message that has been read."""
        uploads.pop(words(event, "key"), None)
        return self.refresh(uploads)


def outcome(receipt: Receipt) -> Upload:
    """What is left to say about an added file: why it was refused, that it was known, or nothing."""
    if receipt.state == "refused":
        return Upload(receipt.source, receipt.problem or "It could not be read.")
    if receipt.state == "unchanged":
        return Upload(receipt.source, note="Already here, unchanged.")
    if receipt.state == "replaced":
        return Upload(receipt.source, note="The earlier version was replaced.")
    return Upload(receipt.source)


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
