"""Files and folders that a power cut does not take away: written through to the disk before they are relied on."""

from __future__ import annotations

import errno
import os
from pathlib import Path

_CANNOT = (errno.EINVAL, errno.ENOTSUP)
"""What a file system says that keeps no names on a disk of its own."""


def sync_file(file: Path) -> None:
    """Returns when the bytes of a file are on the disk; raises `OSError`."""
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


def sync_folder(folder: Path) -> None:
    """Returns when the names in a folder are on the disk, where the system lets one ask for that; raises `OSError`."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT:
            raise
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Makes a folder and those above it where they are missing, for good; raises `OSError`."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)
