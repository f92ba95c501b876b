"""What the files of a folder were when it was left in good order, so that it can be told whether they still are.

A disk gives wrong bytes back without a word, a crash of the machine leaves files torn; sizes and dates show neither.
SHA-256 takes 0.6 s a gigabyte on a processor that has instructions for it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from index.durable import sync_folder


def seal(folder: Path) -> str:
    """The size and the hash of every file below a folder, as `unchanged` takes it."""
    return json.dumps({name: [file.stat().st_size, digest(file)] for name, file in _files(folder).items()})


def unchanged(folder: Path, sealed: str) -> bool:
    """Whether a folder holds just the files that it held when it was sealed, byte for byte.

    Sizes are compared before anything is read: a torn file of Chroma's may claim terabytes.
    """
    try:
        wanted = json.loads(sealed)
        there = _files(folder)
        if {name: file.stat().st_size for name, file in there.items()} != {
            name: told[0] for name, told in wanted.items()
        }:
            return False
        return all(digest(file) == wanted[name][1] for name, file in there.items())
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        return False


def seal_file(file: Path) -> None:
    """Writes down beside a file what it is now, under its name with ".seal" behind it; raises `OSError`."""
    _beside(file).write_text(_now(file, str(file.stat().st_size)))


def broken(file: Path) -> bool:
    """Whether a file has a seal and is not what that says; raises `OSError`."""
    told = _told(file)
    # The owner breaks the seal before it writes: one that is gone by now says nothing of the file.
    return told is not None and told != _now(file, told) and told == _told(file)


def sealed(file: Path) -> bool:
    """Whether a file has a seal and is what that says; raises `OSError`."""
    told = _told(file)
    return told is not None and told == _now(file, told)


def unseal(file: Path) -> None:
    """Breaks the seal of a file, so that what is changed from now on is not taken for damage; raises `OSError`."""
    seal = _beside(file)
    if seal.exists():
        seal.unlink()
        sync_folder(file.parent)


def _told(file: Path) -> str | None:
    try:
        return _beside(file).read_text()
    except (OSError, ValueError):
        return None


def _now(file: Path, told: str) -> str:
    """What the seal of a file would say; the content is read only where the size is as the seal says."""
    size = str(file.stat().st_size)
    return f"{size} {digest(file)}" if told.split(" ")[0] == size else size


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.seal")


def digest(file: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _files(folder: Path) -> Mapping[str, Path]:
    return {file.relative_to(folder).as_posix(): file for file in sorted(folder.rglob("*")) if not file.is_dir()}
