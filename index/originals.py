"""The original files of a library, kept by the hash of what is in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from index.errors import LibraryReadOnly


def keep(folder: Path, file: Path, sha256: str) -> None:
    """Moves a file in, in one step; it has to lie in the same file system.

    Raises `LibraryReadOnly` where that cannot be done.
    """
    target = folder / f"{sha256}{file.suffix.lower()}"
    if target.exists():
        return
    try:
        folder.mkdir(exist_ok=True)
        file.rename(target)
    except OSError as error:
        raise no_room(file.name, error) from error


def no_room(name: str, error: OSError) -> LibraryReadOnly:
    """What to say where a file cannot be written into the library."""
    return LibraryReadOnly(
        f"{name} cannot be kept in the library ({error.strerror}); free some space or choose another folder; "
        "nothing that was in it has changed"
    )


def clean(folder: Path, used: Collection[str]) -> None:
    """Deletes every copy whose hash is not among the `used` ones; raises `LibraryReadOnly` where it may not."""
    try:
        for file in folder.glob("*"):
            if file.name.split(".")[0] not in used:
                file.unlink(missing_ok=True)
    except OSError as error:
        raise LibraryReadOnly(
            f"the copy of a document that was deleted cannot be deleted from {str(folder)!r} ({error.strerror}); "
            "give this user the right to write there"
        ) from error


def walk(path: Path, name: str | None, library: Path | None = None) -> Iterator[tuple[Path, str]]:
    """The files to add, each with the name it is known by: its own, or its path within the folder that was given.

    Hidden files and folders are passed over, and so is what lies in the library itself.
    """
    if not path.is_dir():
        yield path, name or path.name
        return
    home = library.resolve() if library is not None else None
    for file in sorted(path.rglob("*")):
        inside = file.relative_to(path)
        hidden = any(part.startswith(".") for part in inside.parts)
        ours = home is not None and file.resolve().is_relative_to(home)
        if file.is_file() and not hidden and not ours:
            yield file, inside.as_posix()
