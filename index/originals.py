"""The original files of a library, kept by the hash of what is in them."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes

from index.durable import make_folder, sync_file, sync_folder
from index.errors import LibraryReadOnly

_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")


def keep(folder: Path, file: Path, sha256: str) -> None:
    """Moves a file in, in one step and for good; it has to lie in the same file system.

    It is called before the ledger is told of the document, so that no power cut leaves a document without its file.
    A small file then takes 1.2 times as long to add (29 of 168 ms on a disk and cores busy with other work, its vectors
    left out: python -m tests.benchmarks.durable), and any other less.
    Raises `LibraryReadOnly` where that cannot be done.
    """
    try:
        make_folder(folder)
        sync_file(file)
        # What stands there already may be older than the last crash, or damaged: this one is known to be whole.
        file.replace(folder / f"{sha256}{file.suffix.lower()}")
        sync_folder(folder)
    except OSError as error:
        raise no_room(file.name, error) from error


def no_room(name: str, error: OSError) -> LibraryReadOnly:
    """What to say where a file cannot be written into the library."""
    return LibraryReadOnly(
        f"{name} cannot be kept in the library ({error.strerror}); free some space or choose another folder; "
        "nothing that was in it has changed"
    )


def find(folder: Path, sha256: str, others: Collection[str]) -> Path | None:
    """The kept file of a document: that of its hash, or else the only one of which the hash may be a damaged copy.

    The files of the hashes of `others` are none.
    """
    files = {file: file.name.split(".")[0] for file in sorted(folder.glob("*"))}
    found = [file for file, name in files.items() if name == sha256]
    found = found or [file for file, name in files.items() if name not in others and _alike(name, sha256)]
    return found[0] if len(found) == 1 else None


def _alike(name: str, sha256: str) -> bool:
    """Whether most of two hashes agrees, which in two that have nothing in common 4 of 64 digits do."""
    return sum(one == other for one, other in zip(name, sha256, strict=False)) > len(name) // 2


def clean(folder: Path, used: Collection[str], damaged: Collection[str] = ()) -> None:
    """Deletes every copy whose hash is not among the `used` ones, nor one that a `damaged` one may have been.

    Raises `LibraryReadOnly` where it may not.
    """
    try:
        for file in folder.glob("*"):
            name = file.name.split(".")[0]
            if name not in used and not any(_alike(name, sha256) for sha256 in damaged):
                file.unlink(missing_ok=True)
    except OSError as error:
        raise LibraryReadOnly(
            f"the copy of a document that was deleted cannot be deleted from {str(folder)!r} ({error.strerror}); "
            "give this user the right to write there"
        ) from error


def plain(name: str) -> str:
    """A name as a database can keep it: with a sign in the place of bytes that are no text, and of zero bytes."""
    return _NOT_TEXT.sub("\ufffd", name)


def origin_of(file: Path) -> str:
    """Where a file lies, as a database can keep it: its path, or its address where bytes of that are no text."""
    path = file.absolute()
    return path.as_uri() if _NOT_TEXT.search(str(path)) else str(path)


def path_of(origin: str) -> Path:
    """The path that `origin_of` wrote down."""
    if origin.startswith("file://"):
        return Path(os.fsdecode(unquote_to_bytes(origin.removeprefix("file://"))))
    return Path(origin)


def walk(path: Path, name: str | None, library: Path | None = None) -> Iterator[tuple[Path, str]]:
    """The files to add, each with the name it is known by: its own, or its path within the folder that was given.

    Hidden files and folders are passed over, and so is what lies in the library itself.
    """
    if not _is_folder(path):
        yield path, plain(name or path.name)
        return
    home = library.resolve() if library is not None else None
    for file in sorted(path.rglob("*")):
        inside = file.relative_to(path)
        hidden = any(part.startswith(".") for part in inside.parts)
        ours = home is not None and file.resolve().is_relative_to(home)
        if file.is_file() and not hidden and not ours:
            yield file, plain(inside.as_posix())


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False
