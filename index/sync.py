"""Keeps a library in step with a folder."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import watch

from index.errors import DamagedFile
from index.originals import path_of
from index.types import Receipt

if TYPE_CHECKING:
    from index.index import Index

QUIET = 1_000
"""Milliseconds for which nothing has changed before a change is taken up: a file that is still being written waits."""


def sync(index: Index, folder: str | Path, wait: bool = True) -> list[Receipt]:
    """Adds what is new in a folder, replaces what has changed, and removes what is gone from it.

    Only documents that were added from this folder are ever removed; each has a receipt with the state "removed".
    What is new is added before what is gone is removed, so a file that was moved keeps its vectors. Raises
    `DamagedFile` where there is no such folder: a drive that is not there must not empty the library.
    """
    folder = Path(folder).absolute()
    if not folder.is_dir():
        raise DamagedFile(f"there is no folder {str(folder)!r}; nothing was changed")
    receipts = index.add(folder, wait=False)
    for source, origin in index.ledger.origins().items():
        if path_of(origin).is_relative_to(folder) and not path_of(origin).exists():
            index.remove(source)
            receipts.append(Receipt(source, "removed"))
    if wait:
        index.wait()
    return receipts


def follow(index: Index, folder: str | Path, stop: threading.Event | None = None) -> Iterator[list[Receipt]]:
    """The receipts of each change of a folder, as it happens, the first ones at once; ends when `stop` is set.

    Unchanged files are left out of all but the first.
    """
    yield sync(index, folder, wait=False)
    for _ in watch(folder, debounce=QUIET, stop_event=stop, raise_interrupt=False):
        yield [receipt for receipt in sync(index, folder, wait=False) if receipt.state != "unchanged"]
