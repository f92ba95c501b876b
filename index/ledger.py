"""The library's single source of truth: documents, passages, words and vectors in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from index.catalogue import ASKS, Catalogue
from index.database import Database
from index.keyed import Keyed
from index.places import AMONG, Places
from index.records import Item, document_row, now, receipt_row
from index.scope import clause
from index.sums import document_sum
from index.types import Receipt, Scope, Searched
from index.wording import CONTEXT_WEIGHT, ENOUGH, Wording

__all__ = ["CONTEXT_WEIGHT", "ENOUGH", "ERASE", "Ledger"]

ERASE = "something deleted is still on disk"
"""The fact that stands from the moment a document is taken out until `erase` is done."""


class Ledger(Catalogue, Places, Wording, Keyed):
    """What the library holds, in tables; see `Database` for threads, transactions and errors.

    What changes documents stands here, what reads them in the classes that it is made of.
    """

    def __init__(self, path: Path, writable: bool = True) -> None:
        self._database = Database(path, writable)
        self.writable = writable
        # Counting takes a tenth of a second in a library of 100,000 passages, and every question asks for it twice.
        self._counted = (-1, Searched(0, 0, 0))

    def close(self) -> None:
        """Folds the WAL into the file and closes all connections."""
        self._database.close()

    def fact(self, name: str) -> str | None:
        """A fact about the library, such as its embedding model, or None."""
        rows = self._database.read("select value from facts where name = ?", (name,))
        return rows[0][0] if rows else None

    def note(self, name: str, value: str | None) -> None:
        """Writes a fact down for good, or strikes it out (None)."""
        with self._database.writing() as writer:
            writer.execute("delete from facts where name = ?", (name,))
            if value is not None:
                writer.execute("insert into facts values (?, ?)", (name, value))

    def strike(self, name: str, value: str) -> None:
        """Strikes a fact out, unless it has another value by now."""
        with self._database.writing() as writer:
            writer.execute("delete from facts where name = ? and value = ?", (name, value))

    def version(self) -> int:
        """A number that changes when another process has written; it is comparable within one thread only."""
        return int(self._database.read("pragma data_version")[0][0])

    def put(self, items: Sequence[Item]) -> None:
        """Adds documents with their passages and the keys of their vectors, or replaces them, in one transaction."""
        with self._database.writing() as writer:
            gone: list[str] = []
            for item in items:
                tags = _tags(writer, item.document.source) or item.document.tags
                gone += self._delete(writer, item.document.source) or []
                number = writer.execute(
                    "insert into documents values (null, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", document_row(item.document)
                ).lastrowid
                _name(writer, (item.document.source, number, item.origin), item.receipt, tags)
                writer.executemany(
                    "insert into passages values (null, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        (p.id, number, p.start, p.end, p.page, p.heading, p.context, p.text, key)
                        for p, key in zip(item.passages, item.keys, strict=True)
                    ),
                )
                writer.execute("insert into sums values (?, ?)", (number, document_sum(writer, number or 0)))
            _forget(writer, gone)

    def put_name(self, receipt: Receipt, origin: str) -> None:
        """Gives the document `receipt.same_as` another name, `receipt.source`, which until then may stand for another.

        Nothing is done where that document is gone.
        """
        with self._database.writing() as writer:
            tags = _tags(writer, receipt.source)
            gone = self._delete(writer, receipt.source)
            row = writer.execute("select document from names where source = ?", (receipt.same_as,)).fetchone()
            if row is not None:
                _name(writer, (receipt.source, row[0], origin), receipt, tags)
            _forget(writer, gone or [])

    def delete(self, source: str) -> bool:
        """Takes a document out at once; False where there is none. `erase` then removes what is left of it on disk.

        What other names stand for too stays, under those.
        """
        with self._database.writing() as writer:
            keys = self._delete(writer, source)
            _forget(writer, keys or [])
            return keys is not None

    def erase(self) -> None:
        """Rebuilds the words index and empties the WAL, so that nothing of deleted documents is left in the file."""
        with self._database.writing() as writer:
            writer.execute("insert into words (words) values ('rebuild')")
        self._database.fold()

    def counts(self, within: Scope | None = None) -> Searched:
        """How many passages there are in scope, in how many documents, and how many of them have vectors."""
        scope, values = clause(within)
        commits = self._database.commits
        if not scope and self.writable and self._counted[0] == commits:
            return self._counted[1]
        joined = "join documents d on d.id = p.document" if scope else ""
        [(total, ready, documents)] = self._database.read(
            f"select count(*), count(v.key), count(distinct p.document) from passages p {joined} "
            f"left join vectors v on v.key = p.key where 1 {scope}",
            values,
        )
        counted = Searched(words=total, meaning=ready, total=total, documents=documents)
        if not scope:
            self._counted = (commits, counted)
        return counted

    @staticmethod
    def _delete(writer: sqlite3.Connection, source: str) -> list[str] | None:
        """Takes out a name, and the document where that was its last; the keys of the passages that are gone with it.

        None where there is no such name.
        """
        row = writer.execute("select document from names where source = ?", (source,)).fetchone()
        if row is None:
            return None
        writer.execute("delete from names where source = ?", (source,))
        other = writer.execute("select source from names where document = ? order by row", row).fetchone()
        if other is not None:
            writer.execute("update documents set source = ? where id = ? and source = ?", (*other, *row, source))
            return []
        keys = [key for (key,) in writer.execute("select distinct key from passages where document = ?", row)]
        writer.execute("delete from facts where name = (select ? || sha256 from documents where id = ?)", (ASKS, *row))
        writer.execute("delete from passages where document = ?", row)
        writer.execute("delete from documents where id = ?", row)
        writer.execute("insert or replace into facts values (?, lower(hex(randomblob(8))))", (ERASE,))
        return keys


def _name(writer: sqlite3.Connection, item: tuple[str, int | None, str], receipt: Receipt, tags: Sequence[str]) -> None:
    """Gives a document a name: (name, document's id, where it came from)."""
    writer.execute(
        "insert into names (source, document, origin, added, receipt, tags) values (?, ?, ?, ?, ?, ?)",
        (*item, now(), receipt_row(receipt), json.dumps(list(tags))),
    )


def _tags(writer: sqlite3.Connection, source: str) -> list[str]:
    row = writer.execute("select tags from names where source = ?", (source,)).fetchone()
    tags: list[str] = json.loads(row[0]) if row else []
    return tags


def _forget(writer: sqlite3.Connection, keys: Sequence[str]) -> None:
    """Deletes those of these vectors that no passage uses any more."""
    writer.execute(
        f"delete from vectors where key in {AMONG} and key not in (select key from passages)", (json.dumps(keys),)
    )
