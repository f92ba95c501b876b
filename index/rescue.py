"""A ledger that SQLite itself cannot read any more: what is whole in it is taken over into a new one.

All else is read again from the copies of the files, as the library opens.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from index.damage import DAMAGED, harmed
from index.database import Database
from index.durable import make_folder, sync_file, sync_folder
from index.errors import LibraryBusy, LibraryReadOnly
from index.index import EMBEDDING, lock
from index.ledger import ERASE
from index.nearest import LIBRARY
from index.records import now, receipt_row
from index.sums import NAME, check_sum, document_sum

LEDGER, ASIDE = "ledger.sqlite", "ledger.damaged"

Name = tuple[str, ...]
"""A name, the number of its document, where that came from, when, its receipt and its tags, as the ledger has them."""

_DOCUMENT = "title, sha256, media_type, text, blocks, pages, dates, tags, dropped, warnings"
_PASSAGE = 'id, start, "end", page, heading, context, text, key'
_LEAST = 16
"""Bytes that a row takes at least, by which it is told how many there may be."""


def rescue(folder: Path) -> int:
    """Puts a new ledger in the place of a library's damaged one; how many documents were taken over as they were.

    A document is taken over where its sum says that it is as it was written; of the others nothing is but their names,
    and files of which no name is left come back as "recovered …": opening the library reads them again. The damaged
    ledger is kept beside the new one as `ledger.damaged`. Raises `LibraryBusy` where another process owns the library
    or it cannot be written, and `LibraryReadOnly` where there is no room.
    """
    held = lock(folder) if folder.is_dir() else None
    if held is None:
        raise LibraryBusy(f"the library {str(folder)!r} is not there, in use by another process, or cannot be written")
    work = folder / "rescue"
    try:
        shutil.rmtree(work, ignore_errors=True)
        make_folder(work)
        whole = _written(folder, work)
        _swapped(folder, work)
    except OSError as error:
        raise LibraryReadOnly(
            f"the library {str(folder)!r} cannot be rescued ({error.strerror}); free some space; nothing that was in "
            "it has changed"
        ) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
        held.release()
    return whole


def _written(folder: Path, work: Path) -> int:
    """A new ledger in `work`, with all that is whole and the names of the rest."""
    for name in (LEDGER, f"{LEDGER}-wal"):
        if (folder / name).exists():
            shutil.copyfile(folder / name, work / f"old-{name}")
    old = sqlite3.connect(work / f"old-{LEDGER}", isolation_level=None)
    old.text_factory = bytes
    new = Database(work / LEDGER, writable=True)
    try:
        with new.writing() as writer:
            return _taken_over(old, writer, folder / "files")
    finally:
        old.close()
        new.close()


def _swapped(folder: Path, work: Path) -> None:
    """The new ledger stands in the place of the old one; at no moment is there none."""
    if (folder / LEDGER).exists():
        shutil.copyfile(folder / LEDGER, folder / ASIDE)
    # The old one's would be taken for the new one's.
    for end in ("-wal", "-shm", ".seal"):
        (folder / f"{LEDGER}{end}").unlink(missing_ok=True)
    sync_file(work / LEDGER)
    (work / LEDGER).replace(folder / LEDGER)
    sync_folder(folder)


def _taken_over(old: sqlite3.Connection, writer: sqlite3.Connection, files: Path) -> int:
    facts = _facts(old)
    writer.executemany("insert into facts values (?, ?)", facts.items())
    names: dict[int, list[Name]] = {}
    for name in _names(old):
        names.setdefault(int(name[1]), []).append(name)
    whole, lost = 0, {}
    for number, its in names.items():
        writer.execute("savepoint one")
        try:
            _copy(old, writer, number, its, vectors=EMBEDDING in facts)
            whole += 1
        except (sqlite3.DatabaseError, ValueError):
            writer.execute("rollback to one")
            lost[number] = its
        writer.execute("release one")
    _note_lost(old, writer, lost, files, forgotten=ERASE not in facts)
    return whole


def _facts(old: sqlite3.Connection) -> Mapping[str, str]:
    """The facts that the new ledger needs; what the engine held is none of them, so that it is built anew."""
    found: dict[str, str] = {}
    for name in (EMBEDDING, LIBRARY, ERASE):
        with suppress(sqlite3.DatabaseError, UnicodeDecodeError):
            for (value,) in old.execute("select value from facts where name = ?", (name,)):
                found[name] = value.decode()
    return found


def _names(old: sqlite3.Connection) -> Iterator[Name]:
    """The names that are as they were written, oldest first: asked for one by one, since no list may lead to all."""
    place = failed = 0
    most = _size(old) // _LEAST
    while failed <= most:
        try:
            rows = old.execute(f"select row, sum, {NAME} from names where row > ? order by row limit 1", (place,))
            row = rows.fetchone()
        except sqlite3.DatabaseError:
            place, failed = place + 1, failed + 1
            continue
        if row is None:
            return
        place, failed = max(place + 1, row[0]), 0
        if row[1] == check_sum(*row[2:]):
            yield tuple(value.decode() for value in row[2:])


def _size(old: sqlite3.Connection) -> int:
    with suppress(sqlite3.DatabaseError):
        [(pages,)] = old.execute("pragma page_count")
        [(bytes_each,)] = old.execute("pragma page_size")
        return int(pages * bytes_each)
    return 0


def _copy(
    old: sqlite3.Connection, writer: sqlite3.Connection, number: int, names: Sequence[Name], vectors: bool
) -> None:
    """Takes over one document that is whole; raises `sqlite3.DatabaseError` or `ValueError` for any other."""
    [(told,)] = old.execute("select sum from sums where document = ?", (number,)).fetchall()
    if told.decode() != document_sum(old, number):
        raise ValueError
    [row] = old.execute(f"select {_DOCUMENT} from documents where id = ?", (number,)).fetchall()
    passages = old.execute(f"select {_PASSAGE} from passages where document = ? order by start", (number,)).fetchall()
    made = _enter(writer, names, [value.decode() for value in row])
    for first, *rest in passages:
        values = [value.decode() if isinstance(value, bytes) else value for value in rest]
        writer.execute(
            f"insert into passages values (null, ?, ?{', ?' * len(values)})", (first.decode(), made, *values)
        )
        if vectors:
            _copy_vector(old, writer, values[-1])
    writer.execute("insert into sums values (?, ?)", (made, document_sum(writer, made)))


def _copy_vector(old: sqlite3.Connection, writer: sqlite3.Connection, key: str) -> None:
    """Takes over a vector that is whole; any other is embedded anew."""
    with suppress(sqlite3.DatabaseError):
        for vector, told in old.execute("select vector, sum from vectors where key = ?", (key,)).fetchall():
            if told == check_sum(vector):
                writer.execute("insert or ignore into vectors (key, vector, sum) values (?, ?, ?)", (key, vector, told))


def _enter(writer: sqlite3.Connection, names: Sequence[Name], row: Sequence[str]) -> int:
    """A document's row with its names; its number."""
    made = writer.execute(
        f"insert into documents (source, {_DOCUMENT}) values (?{', ?' * len(row)})", (names[0][0], *row)
    ).lastrowid
    assert made is not None
    for source, _, *rest in names:
        writer.execute(
            "insert into names (source, document, origin, added, receipt, tags) values (?, ?, ?, ?, ?, ?)",
            (source, made, *rest),
        )
    return made


def _note_lost(
    old: sqlite3.Connection,
    writer: sqlite3.Connection,
    lost: Mapping[int, Sequence[Name]],
    files: Path,
    forgotten: bool,
) -> None:
    """Enters what is to be read again: the documents that are not whole, and (`forgotten`) files that have no name."""
    used = {sha256 for (sha256,) in writer.execute("select sha256 from documents")}
    free = {file.name.split(".")[0]: file.suffix for file in sorted(files.glob("*"))}
    free = {sha256: suffix for sha256, suffix in free.items() if sha256 not in used}
    for number, names in lost.items():
        sha256 = ""
        with suppress(sqlite3.DatabaseError, UnicodeDecodeError, ValueError):
            [(found,)] = old.execute("select sha256 from documents where id = ?", (number,)).fetchall()
            sha256 = found.decode()
        sha256 = sha256 if sha256 in free else _only(free, Path(names[0][0]).suffix.lower(), lost) or sha256
        free.pop(sha256, None)
        _note(writer, names, sha256)
    for sha256, suffix in free.items() if forgotten else ():
        _note(writer, [(f"recovered {sha256[:12]}{suffix}", "", "", now(), "", "[]")], sha256)
    if lost or free:
        writer.execute("insert into facts values (?, '1')", (DAMAGED,))


def _only(free: Mapping[str, str], suffix: str, lost: Mapping[int, Sequence[Name]]) -> str:
    """The one file that a document can have been of which no hash is left; empty where there are several."""
    alike = [sha256 for sha256, end in free.items() if end == suffix]
    rivals = [names for names in lost.values() if Path(names[0][0]).suffix.lower() == suffix]
    return alike[0] if len(alike) == len(rivals) == 1 else ""


def _note(writer: sqlite3.Connection, names: Sequence[Name], sha256: str) -> None:
    """Enters a document that is to be read again."""
    told = [(*name[:4], receipt_row(harmed(name[0])), name[5]) for name in names]
    empty = [names[0][0], sha256, "", "", "[]", "[]", "{}", json.dumps([]), "{}", "[]"]
    made = _enter(writer, told, empty)
    writer.execute("insert into sums values (?, ?)", (made, document_sum(writer, made)))
