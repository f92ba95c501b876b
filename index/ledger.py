"""The library's single source of truth: documents, passages, words and vectors in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import replace
from math import log
from pathlib import Path

import numpy as np

from index.damage import DAMAGED, HARMED
from index.database import Database
from index.embed import Vectors
from index.records import Harmed, Item, Known, document_row, now, receipt_row, to_document, to_entry, to_receipt
from index.scope import DATED, clause
from index.sums import check_sum, document_sum
from index.types import Document, Entry, Passage, Receipt, Scope, Searched
from index.words import lone, stem

ERASE = "something deleted is still on disk"
"""The fact that stands from the moment a document is taken out until `erase` is done."""

ASKS = "questions of "
"""What stands before a document's hash in the name of the fact that holds the questions it answers."""

CONTEXT_WEIGHT = 0.3
"""What a word counts in a passage's title and headings, against 1 in its text. Tuning halves at 0 / .3 / .6:
right page of northwind within 5 passages 88.3 / 89.4 / 89.4%, recall on Chroma's chunking benchmark 84.6 / 84.8 /
84.8%."""

ENOUGH = 5_000
"""Passages whose bm25 is worked out for a question: those that hold the rarest of its terms, which are taken one by one
until they stand in so many. Beside all that hold any term: the best 100 are the same for 300 of 300 questions over
10,000 passages and for 99 of 100 over 100,000 (the best 20 for all), where the processor time is 11.3 ms at the median
and 20.7 at the 95th percentile instead of 14.8 and 43.1. (2,000: 7.4 ms, and .94 of the best 100.)"""

MOST = 4 * ENOUGH
"""A term that stands in more passages than that is left to the others where they stand in ten times the limit."""

_PASSAGE = "p.id, d.source, p.text, p.start, p.end, p.page, p.heading, p.context"
_SCOPE = "(select value from json_each(?))"
_OF = "p.document = (select document from names where source = ?)"


class Ledger:
    """What the library holds, in tables; see `Database` for threads, transactions and errors."""

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

    def document(self, source: str) -> Document | None:
        """A document as it was read, or None."""
        rows = self._database.read(
            "select n.source, title, text, blocks, pages, sha256, media_type, dates, n.tags, dropped, warnings "
            "from names n join documents d on d.id = n.document where n.source = ?",
            (source,),
        )
        return replace(to_document(rows[0]), also=self._others(source)) if rows else None

    def known(self, source: str) -> Known | None:
        """What identifies a document, without reading its text, or None."""
        rows = self._database.read(
            "select d.sha256, n.origin, n.receipt from names n join documents d on d.id = n.document "
            "where n.source = ?",
            (source,),
        )
        if not rows:
            return None
        sha256, origin, receipt = rows[0]
        return Known(sha256, origin, to_receipt(receipt), self._others(source))

    def same(self, sha256: str) -> list[str]:
        """The names of the documents whose file has this hash, oldest first."""
        return [
            row[0]
            for row in self._database.read(
                "select n.source from documents d join names n on n.document = d.id where d.sha256 = ? order by n.row",
                (sha256,),
            )
        ]

    def _others(self, source: str) -> tuple[str, ...]:
        """The other names of a document."""
        rows = self._database.read(
            "select source from names where document = (select document from names where source = ?) "
            "and source <> ? order by row",
            (source, source),
        )
        return tuple(row[0] for row in rows)

    def tag(self, source: str, tags: Sequence[str]) -> bool:
        """Gives a document these tags in the place of those it had; False where there is none of this name."""
        with self._database.writing() as writer:
            done = writer.execute("update names set tags = ? where source = ?", (json.dumps(list(tags)), source))
            return done.rowcount > 0

    def damaged(self) -> list[Harmed]:
        """The names of the documents that a disk has changed, of which nothing else is left, oldest first."""
        if self.fact(DAMAGED) is None:
            return []
        rows = self._database.read(
            "select n.source, d.sha256, n.origin, n.receipt from names n join documents d on d.id = n.document "
            "where n.receipt ->> '$.state' = ? order by n.row",
            (HARMED,),
        )
        return [Harmed(source, sha256, origin, to_receipt(receipt)) for source, sha256, origin, receipt in rows]

    def note_damage(self, receipt: Receipt) -> None:
        """Writes down another receipt for a document that is damaged, unless it was added again by now."""
        with self._database.writing() as writer:
            writer.execute(
                "update names set receipt = ? where source = ? and receipt ->> '$.state' = ?",
                (receipt_row(receipt), receipt.source, HARMED),
            )

    def put_questions(self, sha256: str, questions: Sequence[str]) -> None:
        """Keeps the questions that the document of this hash answers, if it is still there; they leave with it."""
        with self._database.writing() as writer:
            writer.execute(
                "insert or replace into facts select ?, ? where exists (select 1 from documents where sha256 = ?)",
                (ASKS + sha256, json.dumps(list(questions)), sha256),
            )

    def questions(self) -> dict[str, list[str]]:
        """The questions that were kept, by the hashes of the documents."""
        rows = self._database.read("select name, value from facts where name >= ? and name < ?", (ASKS, f"{ASKS}~"))
        return {name.removeprefix(ASKS): json.loads(value) for name, value in rows}

    def hashes(self) -> set[str]:
        """The hashes of all documents' files."""
        return {row[0] for row in self._database.read("select sha256 from documents")}

    def origins(self) -> dict[str, str]:
        """Where each document came from: the path of its file, or what stands in its place."""
        return dict(self._database.read("select source, origin from names order by row"))

    def sources(self) -> list[str]:
        """The names of all documents, oldest first."""
        return [row[0] for row in self._database.read("select source from names order by row")]

    def entries(self) -> list[Entry]:
        """All documents, newest first, with how many of their passages have vectors."""
        rows = self._database.read(
            "select n.source, d.title, d.sha256, d.media_type, c.passages, c.ready, n.added, n.receipt, "
            f"(select json_group_array(source) from names where document = d.id), n.tags, {DATED} "
            "from names n join documents d on d.id = n.document join ("
            "select d.id, count(p.row) as passages, count(v.key) as ready from documents d "
            "left join passages p on p.document = d.id left join vectors v on v.key = p.key group by d.id"
            ") c on c.id = d.id order by n.row desc"
        )
        return [to_entry(*row) for row in rows]

    def passages(self, source: str | None = None) -> list[Passage]:
        """All passages of a document, or of the library, in order."""
        where, values = (f"where {_OF}", (source,)) if source is not None else ("", ())
        return [
            Passage(*row)
            for row in self._database.read(
                f"select {_PASSAGE} from passages p join documents d on d.id = p.document {where} "
                "order by p.document, p.start",
                values,
            )
        ]

    def neighbours(self, passage: Passage, before: int = 1, after: int = 1) -> list[Passage]:
        """The passages around one of the same document, in order, itself included."""
        every = f"from passages p join documents d on d.id = p.document where {_OF}"
        rows = [
            *self._database.read(
                f"select {_PASSAGE} {every} and p.start < ? order by p.start desc limit ?",
                (passage.source, passage.start, before),
            )[::-1],
            *self._database.read(
                f"select {_PASSAGE} {every} and p.start >= ? order by p.start limit ?",
                (passage.source, passage.start, after + 1),
            ),
        ]
        return [Passage(*row) for row in rows]

    def extents(self, rows: Collection[int]) -> dict[int, tuple[int, int]]:
        """The first and the last row number of the document that each passage is of; they are consecutive in it."""
        of = "select row from passages where document = p.document order by start"
        found = self._database.read(
            f"select row, ({of} limit 1), ({of} desc limit 1) from passages p where row in {_SCOPE}",
            (json.dumps(list(rows)),),
        )
        return {row: (first, last) for row, first, last in found}

    def rows(self, rows: Collection[int]) -> dict[int, tuple[Passage, str]]:
        """The passages of these row numbers, each with the key of its vector."""
        found = self._database.read(
            f"select p.row, p.key, {_PASSAGE} from passages p join documents d on d.id = p.document "
            f"where p.row in {_SCOPE}",
            (json.dumps(list(rows)),),
        )
        return {row[0]: (Passage(*row[2:]), row[1]) for row in found}

    def rows_of_keys(self, keys: Collection[str], within: Scope | None) -> dict[str, list[int]]:
        """The row numbers of the passages that have these vectors, those of the scope `within` only."""
        scope, values = clause(within)
        found: dict[str, list[int]] = {}
        for key, row in self._database.read(
            f"select p.key, p.row from passages p join documents d on d.id = p.document "
            f"where p.key in {_SCOPE} {scope}",
            (json.dumps(list(keys)), *values),
        ):
            found.setdefault(key, []).append(row)
        return found

    def rows_of_passages(self, ids: Sequence[str], within: Scope | None) -> dict[int, Passage]:
        """The passages of these ids with their row numbers, those of the scope `within` only."""
        scope, values = clause(within)
        found = self._database.read(
            f"select p.row, {_PASSAGE} from passages p join documents d on d.id = p.document "
            f"where p.id in {_SCOPE} {scope}",
            (json.dumps(list(ids)), *values),
        )
        return {row[0]: Passage(*row[1:]) for row in found}

    def keys(self, within: Scope | None = None) -> list[str]:
        """The different keys of all passages, those of the scope `within` only, that have a vector."""
        scope, values = clause(within)
        return [
            row[0]
            for row in self._database.read(
                "select distinct p.key from passages p join documents d on d.id = p.document "
                f"join vectors v on v.key = p.key where 1 {scope}",
                values,
            )
        ]

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

    def search_words(self, terms: Sequence[str], limit: int, within: Scope | None = None) -> dict[int, float]:
        """The passages that hold any of the terms, as row number to bm25 (0 and up), best first."""
        if not terms:
            return {}
        stemmed = list(dict.fromkeys(map(stem, terms)))
        only, values = clause(within)
        # Within a scope few are scored anyway, and what is rare in the library may be all that the scope has not.
        rare = stemmed if only else self._rarest(stemmed, limit)
        # The plus sign keeps SQLite from searching the words anew for each row that is allowed: 13 ms, not 2 s, for a
        # scope of 5,000 passages in 100,000.
        scope = ""
        if only:
            scope = f"and +rowid in (select p.row from passages p join documents d on d.id = p.document where 1 {only})"
        elif len(rare) < len(stemmed):
            scope, values = "and +rowid in (select rowid from words where words match ?)", (_any(rare),)
        found = self._database.read(
            f"select rowid, -bm25(words, 1.0, ?) as score from words where words match ? {scope} "
            "order by score desc, rowid limit ?",
            (CONTEXT_WEIGHT, _any(stemmed), *values, limit),
        )
        return {row: max(0.0, score) for row, score in found}

    def _rarest(self, terms: Sequence[str], limit: int) -> list[str]:
        """The rarest of the terms, as many as stand in `ENOUGH` passages; all in a small library or at a high limit."""
        [(last,)] = self._database.read("select max(row) from passages")
        if (last or 0) <= ENOUGH or 10 * limit > ENOUGH:
            return list(terms)
        held = self._held(terms)
        kept: list[str] = []
        passages = 0
        for term in sorted(terms, key=lambda term: held.get(term, 0)):
            more = held.get(term, 0)
            if passages >= ENOUGH or (passages >= 10 * limit and passages + more > MOST):
                break
            kept.append(term)
            passages += more
        return kept

    def _held(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many passages each of these terms stands; those that stand in none are left out."""
        return dict(
            self._database.read(
                f"select term, doc from temp.vocabulary where term in {_SCOPE}", (json.dumps(list(terms)),)
            )
        )

    def rarity(self, terms: Sequence[str]) -> dict[str, float]:
        """The inverse document frequency of folded words, ln(1 + (n - f + 0.5) / (f + 0.5)) over n passages.

        A word counts in all its forms. One that no passage holds has the highest value. The formula is that of bm25
        (Robertson and Spärck Jones).
        """
        [(total,)] = self._database.read("select count(*) from passages")
        stemmed = {term: stem(term) for term in terms}
        found = self._held([*stemmed.values()])
        held = {term: found.get(form, 0) for term, form in stemmed.items()}
        return {term: log(1 + (total - count + 0.5) / (count + 0.5)) for term, count in held.items()}

    def pending(self, limit: int) -> list[tuple[str, str]]:
        """Keys without a vector, with the text to embed: of the newest documents first."""
        return self._database.read(
            "select p.key, min(p.text) from passages p left join vectors v on v.key = p.key where v.key is null "
            "group by p.key order by max(p.document) desc, min(p.start) limit ?",
            (limit,),
        )

    def put_vectors(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Keeps vectors of shape (len(keys), dimensions); those that no passage uses any more are passed over."""
        blobs = [np.asarray(vector, dtype=np.float32).tobytes() for vector in vectors]
        rows = [(key, blob, check_sum(blob), key) for key, blob in zip(keys, blobs, strict=True)]
        with self._database.writing() as writer:
            writer.executemany(
                "insert or ignore into vectors (key, vector, sum) select ?, ?, ? "
                "where exists (select 1 from passages where key = ?)",
                rows,
            )

    def vectors(self, keys: Collection[str] | None = None) -> tuple[list[str], Vectors]:
        """The vectors of these keys, or all that a passage uses, as (keys, array of shape (len(keys), dimensions))."""
        if keys is None:
            rows = self._database.read("select key, vector from vectors where key in (select key from passages)")
        else:
            rows = self._database.read(
                f"select key, vector from vectors where key in {_SCOPE}", (json.dumps(list(keys)),)
            )
        if not rows:
            return [], np.zeros((0, 0), dtype=np.float32)
        return [row[0] for row in rows], np.frombuffer(b"".join(row[1] for row in rows), np.float32).reshape(
            len(rows), -1
        )

    def forget_vectors(self) -> None:
        """Throws all vectors away, so that every passage waits to be embedded again."""
        with self._database.writing() as writer:
            writer.execute("delete from vectors")
            writer.execute("delete from facts where name >= ? and name < ?", (ASKS, f"{ASKS}~"))

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


def _any(terms: Sequence[str]) -> str:
    """What finds the passages that hold any of the terms, in the language of FTS5."""
    return " OR ".join(f'"{term}"*' if lone(term) else f'"{term}"' for term in terms)


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
        f"delete from vectors where key in {_SCOPE} and key not in (select key from passages)", (json.dumps(keys),)
    )
