"""Has LibreOffice save old Office documents anew, each behind a fence of its own, before a reader reads them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from index import loaders
from index.errors import Cancelled, DamagedFile, HeavyFile, LockedFile, UnreadableFile
from index.fence.limits import MEGABYTE, Held
from index.fence.office import Allowance, Office
from index.fence.sentences import CLOSED, cancelled
from index.fence.spool import Copy
from index.office import NEW, OUT_OF_PROCESSOR, kind_of, program
from index.originals import no_room
from index.types import Document

Read = Callable[[Copy, str], tuple[Document, Held]]

_TICK = 0.05
_MEDIA = {"doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint"}
_WORDS = {
    "doc": "an old Word document (.doc)",
    "xls": "an old Excel workbook (.xls)",
    "ppt": "an old PowerPoint presentation (.ppt)",
}


class Converter:
    """LibreOffice for old files, started anew for each with an empty profile; may be used from several threads.

    `without` names the fences to leave out, as on a system that denies them: "namespace", "files", "filter". `most` is
    how many run at a time: each takes some 200 MB.
    """

    def __init__(self, allowance: Allowance | None = None, without: Collection[str] = (), most: int = 2) -> None:
        self._allowance = allowance or Allowance()
        self._without = without
        self._turns = threading.Semaphore(most)
        self._changing = threading.Lock()
        self._running: set[Office] = set()
        self._closed = False

    def read(
        self, copy: Copy, shown: str, read: Read, why: UnreadableFile, cancel: threading.Event | None = None
    ) -> tuple[Document, Held]:
        """The document that `read` finds in the file once it is saved anew, as one of the file as it was.

        `why` is what a reader said of the file as it was, and is raised where LibreOffice is no help. Raises
        `DamagedFile` where it does not open the file, `HeavyFile` where a limit was hit, and `Cancelled` once `cancel`
        is set.
        """
        suffix = Path(shown).suffix.lower().lstrip(".")
        by_name = loaders.ALSO.get(suffix, suffix)
        kind, found = kind_of(copy.path, by_name), program()
        # Workbooks whose sheets are protected are encrypted with a password that every program knows.
        if found is None or kind not in NEW or (isinstance(why, LockedFile) and kind != "xls"):
            raise why
        try:
            made, alone = self._saved(found, copy, kind, shown, cancel)
        except DamagedFile as error:
            raise (why if isinstance(why, LockedFile) else error) from error
        document, held = _read_made(read, Copy(copy.folder, made, ""), shown, kind)
        warnings = [f"{shown} was saved anew by LibreOffice, and its text is what was read there"]
        if suffix and by_name != kind:
            named = f"{shown} is {_WORDS[kind]} although its name ends in .{suffix}; it was read as what it is"
            warnings.insert(0, named)
        document = replace(document, media_type=_MEDIA[kind], warnings=(*warnings, *document.warnings))
        return document, held if alone else replace(held, network="")

    def close(self) -> None:
        """Ends every LibreOffice that runs; what it was saving is refused."""
        with self._changing:
            self._closed = True
            for office in self._running:
                office.stop()

    def _saved(
        self, found: Path, copy: Copy, kind: str, shown: str, cancel: threading.Event | None
    ) -> tuple[Path, bool]:
        """The file that LibreOffice wrote, and whether it could reach no network meanwhile."""

        def check() -> None:
            if cancel is not None and cancel.is_set():
                raise Cancelled(cancelled(shown))
            if self._closed:
                raise UnreadableFile(CLOSED)

        while not self._turns.acquire(timeout=_TICK):
            check()
        try:
            office = self._start(found, copy, kind, shown)
            try:
                in_time = office.wait(self._allowance.wall, check)
            finally:
                with self._changing:
                    self._running.discard(office)
                status, told = office.end()
            check()
        finally:
            self._turns.release()
        if not in_time:
            raise HeavyFile(self._late(shown, kind))
        if not told:
            raise UnreadableFile(_not_started(shown, kind))
        if status == OUT_OF_PROCESSOR or office.largest() >= self._allowance.written:
            raise HeavyFile(self._heavy(shown, status == OUT_OF_PROCESSOR))
        return _made(office, copy, kind, shown), bool(told.get("own") or told.get("filtered"))

    def _start(self, found: Path, copy: Copy, kind: str, shown: str) -> Office:
        with self._changing:
            if self._closed:
                raise UnreadableFile(CLOSED)
            try:
                office = Office(found, copy.path, kind, self._allowance, self._without)
            except OSError as error:
                raise no_room(shown, error) from error
            self._running.add(office)
        return office

    def _late(self, shown: str, kind: str) -> str:
        return (
            f"{shown} could not be read, since LibreOffice did not save it anew within {self._allowance.wall:g} s; "
            f"try when the computer has less to do, or {_remedy(kind)}"
        )

    def _heavy(self, shown: str, processor: bool) -> str:
        seconds, most = self._allowance.processor, self._allowance.written // MEGABYTE
        over = f"{seconds} s of processor time" if processor else f"{most:,} MB on the disk"
        return f"{shown} takes LibreOffice more than {over} to save anew; split it into smaller files and add those"


def _read_made(read: Read, made: Copy, shown: str, kind: str) -> tuple[Document, Held]:
    """What is read in the file that was made, under the old one's name."""
    name = f"{shown.removesuffix(Path(shown).suffix)}.{NEW[kind]}"
    try:
        return read(made, name)
    except UnreadableFile as error:
        raise type(error)(shown + str(error).removeprefix(name)) from error


def _made(office: Office, copy: Copy, kind: str, shown: str) -> Path:
    """The file that was made, with the date of the one it was made from."""
    made = office.made
    # A link in its place would lead the reader to a file of somebody else's.
    if made.parent.is_symlink() or made.is_symlink() or not made.is_file() or not made.stat().st_size:
        raise DamagedFile(f"{shown} cannot be opened by LibreOffice; {_remedy(kind)}")
    there = copy.path.stat()
    os.utime(made, ns=(there.st_atime_ns, there.st_mtime_ns))
    return made


def _not_started(shown: str, kind: str) -> str:
    return f"{shown} was left out, since LibreOffice does not start here; install it anew, or {_remedy(kind)}"


def _remedy(kind: str) -> str:
    return f"open it in Office or LibreOffice, save it as .{NEW[kind]} and add that"
