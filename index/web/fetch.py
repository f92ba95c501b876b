"""Fetches what stands at a web address into a file; reading it is for the readers behind the fence."""

from __future__ import annotations

import codecs
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

from index.originals import no_room
from index.read import formats
from index.web.address import Address, parsed, shown
from index.web.answer import Answer, answered
from index.web.kinds import charset, kind
from index.web.rules import Rules


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file with what an address answered, its suffix and its date as the server said.

    `address` is the one spelling of the address that was asked for, which names the document. `final` is where it led.
    """

    path: Path
    address: str
    final: str

    @property
    def led(self) -> str:
        """A sentence where the address led to another, and not just from http to https; else empty."""
        if self.final.partition(":")[2] == self.address.partition(":")[2]:
            return ""
        return f"{shown(self.address)} led to {shown(self.final)}, which was read"


@contextmanager
def fetched(
    text: str, folder: Path, rules: Rules | None = None, cancel: threading.Event | None = None
) -> Iterator[Fetched]:
    """What stands at a web address, in a file of its own in `folder`, which is gone afterwards.

    Raises `BadAddress` for an address that is not read; `FailedAddress` where it does not answer or not with a page;
    `LockedFile` where it asks for a login; `HeavyFile` where it is too large or too slow; `DamagedFile` and `EmptyFile`
    for what came; `UnknownFormat` for a type that is not read; `Cancelled` soon after `cancel` is set;
    `LibraryReadOnly` where there is no room.
    """
    address = parsed(text)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        own = Path(tempfile.mkdtemp(dir=folder))
    except OSError as error:
        raise no_room(shown(str(address)), error) from error
    try:
        with answered(address, rules or Rules(), cancel) as answer:
            path = own / f"page{_suffix(answer, str(address))}"
            _write(answer, path, address)
        yield Fetched(path, str(address), str(answer.address))
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _suffix(answer: Answer, address: str) -> str:
    """How the file's name ends; in front of a page's suffix stands the encoding that the server says it is in."""
    said = answer.headers.get("content-type", "")
    found = kind(said, answer.headers.get("content-disposition", ""), answer.address.target, formats(), shown(address))
    encoding = charset(said)
    try:
        known = codecs.lookup(encoding).name if encoding else ""
    except LookupError:
        known = ""
    return (f".{known}" if known and found == "html" else "") + (f".{found}" if found else "")


def _write(answer: Answer, path: Path, address: Address) -> None:
    try:
        with path.open("xb") as file:
            for piece in answer.body:
                file.write(piece)
        modified = parsedate_to_datetime(answer.headers.get("last-modified", "")).timestamp()
        os.utime(path, (modified, modified))
    except OSError as error:
        raise no_room(shown(str(address)), error) from error
    except (ValueError, OverflowError):
        return  # the server gave no date that can be read: the file has that of today
