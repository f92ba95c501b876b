"""Sums over what the ledger holds, by which it is told what a disk has changed."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib


def _bytes(columns: str) -> str:
    return ", ".join(f"cast({column} as blob)" for column in columns.split())


DOCUMENT = "title sha256 media_type text blocks pages dates tags dropped warnings".split()
PASSAGE = _bytes('id start "end" page heading context text key')
NAME = _bytes("source document origin added receipt tags")
"""The columns that each sum is over, as their bytes: what was text may be none any more."""

PIECE = 1 << 20
"""Bytes of a value that are read at a time: a text may be hundreds of megabytes."""


def document_sum(connection: sqlite3.Connection, number: int) -> str:
    """A sum over everything that a document and its passages are, except its name, in 32 hexadecimal digits."""
    found = hashlib.blake2b(digest_size=16)
    for column in DOCUMENT:
        _add_value(found, connection, column, number)
    for row in connection.execute(f"select {PASSAGE} from passages where document = ? order by start", (number,)):
        for value in row:
            found.update(b"%d " % (-1 if value is None else len(value)))
            found.update(value or b"")
    return found.hexdigest()


def check_sum(*values: bytes | None) -> int:
    """A sum over the bytes of these values, in their order."""
    total = 0
    for value in values:
        total = zlib.crc32(value or b"", zlib.crc32(b"%d " % (-1 if value is None else len(value)), total))
    return total


def _add_value(found: hashlib.blake2b, connection: sqlite3.Connection, column: str, number: int) -> None:
    """Adds one value of a document to a sum, piece by piece."""
    try:
        with connection.blobopen("documents", column, number, readonly=True) as value:
            found.update(b"%d " % len(value))
            while piece := value.read(PIECE):
                found.update(piece)
    except sqlite3.OperationalError:
        # What a disk has made a number or nothing cannot be opened; its sum only has to be another one.
        found.update(b"-1 ")
