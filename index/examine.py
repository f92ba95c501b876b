"""Looks a ledger over where it is not known to be as it was closed, and makes good what can be made from the rest.

What is made from the texts (the words index, SQLite's indexes, vectors) is made anew; a damaged text is named, since
nothing here can know what it was. Over 10,000 passages (70 MB) on two busy cores: structure .23 s, words .37 s, vectors
.23 s, texts .1 s.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Sequence

from index.errors import LibraryDamaged


def _bytes(columns: str) -> str:
    return ", ".join(f"cast({column} as blob)" for column in columns.split())


_DOCUMENT = "title sha256 media_type text blocks pages dates tags dropped warnings".split()
_PASSAGE = _bytes('id start "end" page heading context text key')
_NAME = _bytes("source document origin added receipt tags")

_PIECE = 1 << 20

_INDEX = ("missing from index", "wrong # of entries in index", "non-unique entry in index", "out of order")
"""What SQLite says of an index that does not agree with its table."""

_OF_THE_DISK = ("full", "readonly", "I/O", "locked")
"""What SQLite says where nothing is wrong with the file itself."""


def document_sum(connection: sqlite3.Connection, number: int) -> str:
    """A sum over everything that a document and its passages are, except its name, in 32 hexadecimal digits."""
    found = hashlib.blake2b(digest_size=16)
    for column in _DOCUMENT:
        # Piece by piece, since a text may be hundreds of megabytes.
        with connection.blobopen("documents", column, number, readonly=True) as value:
            found.update(b"%d " % len(value))
            while piece := value.read(_PIECE):
                found.update(piece)
    for row in connection.execute(f"select {_PASSAGE} from passages where document = ? order by start", (number,)):
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


def examine(writer: sqlite3.Connection, library: str) -> None:
    """Returns when all that the ledger holds is as it was written; raises `LibraryDamaged` where that cannot be had."""
    try:
        _structure(writer, library)
        _words(writer)
        writer.execute("begin immediate")
        _vectors(writer)
        names = [*dict.fromkeys([*_documents(writer), *_names(writer)])]
        writer.execute("commit")
    except (sqlite3.DatabaseError, UnicodeError) as error:
        if writer.in_transaction:
            writer.execute("rollback")
        if any(words in str(error) for words in _OF_THE_DISK):
            raise
        raise LibraryDamaged(_sentence(library, f"it cannot be read ({error})")) from error
    if names:
        raise LibraryDamaged(_sentence(library, f"what it holds of {_named(names)} is not what was written"))


def _structure(writer: sqlite3.Connection, library: str) -> None:
    """Every page is where it belongs; an index that is wrong is made anew from its table."""
    found = _complaints(writer)
    if found and all(any(words in line for words in _INDEX) for line in found):
        writer.execute("reindex")
        found = _complaints(writer)
    if found:
        raise LibraryDamaged(_sentence(library, f"it is torn ({found[0][:100]})"))


def _complaints(writer: sqlite3.Connection) -> list[str]:
    return [" ".join(line.split()) for (line,) in writer.execute("pragma integrity_check(100)") if line != "ok"]


def _words(writer: sqlite3.Connection) -> None:
    """The words index is made anew where it does not agree with the passages."""
    try:
        writer.execute("insert into words (words, rank) values ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        writer.execute("insert into words (words) values ('rebuild')")


def _vectors(writer: sqlite3.Connection) -> None:
    """A vector that is not what was written goes, and is embedded anew; one without a sum is given it."""
    wrong, bare = [], []
    for key, vector, told in writer.execute("select key, vector, sum from vectors"):
        if told is None:
            bare.append((check_sum(vector), key))
        elif told != check_sum(vector):
            wrong.append((key,))
    writer.executemany("delete from vectors where key = ?", wrong)
    writer.executemany("update vectors set sum = ? where key = ?", bare)


def _documents(writer: sqlite3.Connection) -> list[str]:
    """The names of damaged documents; one without a sum is given it."""
    wrong = []
    told = dict(writer.execute("select document, sum from sums"))
    for number, source in writer.execute("select id, source from documents order by id").fetchall():
        now = document_sum(writer, number)
        if told.get(number, now) != now:
            wrong.append(source)
        elif number not in told:
            writer.execute("insert into sums values (?, ?)", (number, now))
    return wrong


def _names(writer: sqlite3.Connection) -> list[str]:
    """The names whose place, date, receipt or tags are damaged; one without a sum is given it."""
    wrong = []
    for row, source, told, *values in writer.execute(f"select row, source, sum, {_NAME} from names").fetchall():
        now = check_sum(*values)
        if told is None:
            writer.execute("update names set sum = ? where row = ?", (now, row))
        elif told != now:
            wrong.append(source)
    return wrong


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(repr(name) for name in names[:5]) + more


def _sentence(library: str, what: str) -> str:
    return (
        f"the file ledger.sqlite of the library {library!r} was damaged on the disk: {what}; put a copy of the "
        "library's folder back, or add its documents to a library in another folder (what was added lies in 'files')"
    )
