"""Private copies of the files that are being read, in a folder that nothing else reads."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from index.errors import HeavyFile
from index.fence.limits import MEGABYTE
from index.originals import no_room

_PIECE = MEGABYTE
_NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Copy:
    """A file as it was when it was copied: the copy in a folder of its own, and the hash of its bytes.

    Where the file cannot be copied, `path` is the file itself, for the reader to say why, and `sha256` is empty.
    """

    folder: Path
    path: Path
    sha256: str


class Spool:
    """A folder of private copies, each of which is gone as soon as it has been read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.empty()

    @contextmanager
    def copied(self, path: Path, shown: str, most: int) -> Iterator[Copy]:
        """A copy of the file under its own name, with its date; it may be moved away.

        Raises `HeavyFile` for more than so many bytes, and `LibraryReadOnly` where there is no room for a copy.
        """
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(dir=self._folder))
        except OSError as error:
            raise no_room(shown, error) from error
        try:
            yield Copy(folder, *_copy(path, folder / path.name, shown, most))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def empty(self) -> None:
        """Deletes every copy, those of a process that was killed included."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _copy(path: Path, target: Path, shown: str, most: int) -> tuple[Path, str]:
    try:
        descriptor = os.open(path, os.O_RDONLY | _NO_WAIT)
    except (OSError, ValueError):
        return path.absolute(), ""
    there = os.fstat(descriptor)
    if not stat.S_ISREG(there.st_mode):
        os.close(descriptor)
        return path.absolute(), ""
    sha256 = hashlib.sha256()
    try:
        with os.fdopen(descriptor, "rb", buffering=0) as source, target.open("xb", buffering=0) as out:
            for piece in _pieces(source, shown, there.st_size, most):
                sha256.update(piece)
                out.write(piece)
        os.utime(target, ns=(there.st_atime_ns, there.st_mtime_ns))
    except _UnreadableError:
        return path.absolute(), ""
    except OSError as error:
        raise no_room(shown, error) from error
    return target, sha256.hexdigest()


class _UnreadableError(Exception):
    """The file cannot be read, although it can be opened."""


def _pieces(source: BinaryIO, shown: str, size: int, most: int) -> Iterator[bytes]:
    """The file piece by piece, however large it is said to be and however fast it grows."""
    seen = 0
    while True:
        if max(seen, size) > most:
            raise HeavyFile(
                f"{shown} has {max(seen, size) // MEGABYTE:,} MB, and at most {most // MEGABYTE:,} MB are read; "
                "split it into smaller files and add those"
            )
        try:
            piece = source.read(_PIECE)
        except OSError as error:
            raise _UnreadableError from error
        if not piece:
            return
        seen += len(piece)
        yield piece
