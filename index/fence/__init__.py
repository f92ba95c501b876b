"""Reads each file in a process of its own, which has limits and no network: no file takes the service down."""

from __future__ import annotations

import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from index.errors import LockedFile, OldFormat, UnreadableFile
from index.fence.convert import Converter
from index.fence.limits import Held
from index.fence.pool import Pool
from index.fence.process import Setting, Told, untold
from index.fence.sentences import OPEN, changed
from index.fence.spool import Copy, Spool
from index.types import Document

Reader = Callable[[Path, str], Document]


@dataclass(frozen=True, slots=True)
class Fenced:
    """A document, the private copy of its file (which may be moved away), and what held while it was read."""

    document: Document
    copy: Path
    held: Held


class Fence:
    """Readers of files behind a fence, warm and few; they are started when the first file comes.

    Over 200 small files of five formats the fence added 2.0 to 3.7 ms to each: the medians of two runs, on two cores
    that were busy with other work (10 ms on average, since a reader is replaced every 50 files).

    `folder` is emptied, and holds copies while they are read. May be used from several threads.
    """

    def __init__(self, folder: Path, setting: Setting | None = None, read: Reader | None = None) -> None:
        """`read` is a plain function to use in the place of the readers, for tests; there is no fence then."""
        self._limits = (setting or Setting()).limits
        self._spool = Spool(folder)
        self._pool = Pool(setting or Setting())
        self._converter = Converter(without=(setting or Setting()).without)
        self._plain = read

    @contextmanager
    def reading(
        self, path: Path, name: str | None = None, cancel: threading.Event | None = None, told: Told = untold
    ) -> Iterator[Fenced]:
        """The document in the file as it is now, as `index.read.read` gives it, and the copy that it was read from.

        Raises what `read` raises; `DamagedFile` where the file brought its reader down; `HeavyFile` where a limit was
        hit; `Cancelled` once `cancel` is set; `LibraryReadOnly` where there is no room for a copy. `told` is called,
        from another thread, with the page that a reader of many is at, and how many there are.
        """
        shown = name or path.name
        with self._spool.copied(path, shown, self._limits.memory) as copy:
            document, held = self._document(copy, shown, cancel, told)
            if not copy.sha256:
                raise UnreadableFile(changed(shown))
            yield Fenced(document, copy.path, held)

    def read(self, path: Path, name: str | None = None) -> Document:
        """The document alone; see `reading`."""
        with self.reading(path, name) as fenced:
            return fenced.document

    def _document(self, copy: Copy, shown: str, cancel: threading.Event | None, told: Told) -> tuple[Document, Held]:
        if self._plain is not None:
            return self._plain(copy.path, shown), Held("", ())
        try:
            document, held = self._pool.read(copy, shown, cancel, told)
        except (OldFormat, LockedFile) as why:
            read = partial(self._pool.read, cancel=cancel, told=told)
            document, held = self._converter.read(copy, shown, read, why, cancel)
        # What a reader says of a file that it cannot know better than we do is not believed.
        document = replace(document, source=shown, sha256=copy.sha256)
        if not held.network:
            document = replace(document, warnings=(*document.warnings, OPEN))
        return document, held

    def takes(self, path: Path) -> bool:
        """Whether this is a file at all, and no larger than what is read."""
        try:
            there = path.stat()
        except (OSError, ValueError):
            return False
        return stat.S_ISREG(there.st_mode) and there.st_size <= self._limits.memory

    def close(self) -> None:
        """Ends the readers and empties the folder."""
        self._converter.close()
        self._pool.close()
        self._spool.empty()
