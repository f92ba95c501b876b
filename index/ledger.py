"""The library's single source of truth: documents, passages, words and vectors in one SQLite file."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from math import log
from pathlib import Path
from typing import Any

import numpy as np

from index.embed import Vectors
from index.errors import LibraryDamaged, LibraryReadOnly
from index.schema import migrate
from index.types import Block, Document, Entry, Page, Passage, Receipt, Searched

CONTEXT_WEIGHT = 0.3
"""What a word counts in a passage's title and headings, against 1 in its text."""

_PASSAGE = "p.id, d.source, p.text, p.start, p.end, p.page, p.heading, p.context"
_SCOPE = "(select value from json_each(?))"


class Ledger:
    """One SQLite file in WAL mode with `synchronous=FULL`; safe to use from several threads.

    One writer at a time holds the lock; each thread reads through a connection of its own. With `writable=False`
    nothing is written; where not even the WAL's files can be made, the file is opened as immutable.
    """

    def __init__(self, path: Path, writable: bool = True) -> None:
        self.path = path
        self.writable = writable
        self._lock = threading.RLock()
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._immutable = False
        with self._translated():
            if writable:
                self._writer = self._connect(f"{path.absolute().as_uri()}?mode=rwc")
                for pragma in ("journal_mode=wal", "synchronous=full", "secure_delete=on", "foreign_keys=on"):
                    self._writer.execute(f"pragma {pragma}")
                migrate(self._writer)
            else:
                self._probe()

    def close(self) -> None:
        """Folds the WAL into the file and closes all connections."""
        with self._lock, contextlib.suppress(sqlite3.Error):
            if self.writable:
                self._writer.execute("pragma wal_checkpoint(truncate)")
            for connection in self._connections:
                connection.close()
            self._connections.clear()

    # -- facts

    def fact(self, name: str) -> str | None:
        """A fact about the library, such as its embedding model, or None."""
        row = self._read("select value from facts where name = ?", (name,)).fetchone()
        return row[0] if row else None

    def note(self, name: str, value: str | None) -> None:
        """Writes a fact down for good, or strikes it out (None)."""
        with self._writing() as writer:
            writer.execute("delete from facts where name = ?", (name,))
            if value is not None:
                writer.execute("insert into facts values (?, ?)", (name, value))

    def version(self) -> int:
        """A number that changes when another process has written."""
        return int(self._read("pragma data_version").fetchone()[0])

    # -- documents

    def put(self, items: Sequence[tuple[Document, Sequence[Passage], Sequence[str], Receipt]]) -> None:
        """Adds documents with their passages and the keys of their vectors, or replaces them, in one transaction."""
        with self._writing() as writer:
            for document, passages, keys, receipt in items:
                self._delete(writer, document.source)
                number = writer.execute(
                    "insert into documents values (null, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (*_document_row(document), datetime.now(UTC).isoformat(), json.dumps(asdict(receipt))),
                ).lastrowid
                writer.executemany(
                    "insert into passages values (null, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    [
                        (p.id, number, p.start, p.end, p.page, p.heading, p.context, p.text, key)
                        for p, key in zip(passages, keys, strict=True)
                    ],
                )

    def delete(self, source: str) -> bool:
        """Takes a document out at once; False where there is none. `erase` then removes what is left of it on disk."""
        with self._writing() as writer:
            return self._delete(writer, source)

    def erase(self) -> None:
        """Rebuilds the words index and empties the WAL, so that nothing of deleted documents is left in the file."""
        with self._writing() as writer:
            writer.execute("insert into words (words) values ('rebuild')")
        with self._lock, self._translated():
            self._writer.execute("pragma wal_checkpoint(truncate)")

    def document(self, source: str) -> Document | None:
        """A document as it was read, or None."""
        row = self._read(
            "select source, title, text, blocks, pages, sha256, media_type, dates, tags, dropped, warnings "
            "from documents where source = ?",
            (source,),
        ).fetchone()
        return _document(row) if row else None

    def fingerprint(self, source: str) -> tuple[str, Receipt] | None:
        """The hash and the receipt of a document, or None."""
        row = self._read("select sha256, receipt from documents where source = ?", (source,)).fetchone()
        return (row[0], Receipt(**json.loads(row[1]))) if row else None

    def sources(self) -> list[str]:
        """The names of all documents, oldest first."""
        return [row[0] for row in self._read("select source from documents order by id")]

    def entries(self) -> list[Entry]:
        """All documents, newest first, with how many of their passages have vectors."""
        rows = self._read(
            "select d.source, d.title, d.sha256, d.media_type, json_array_length(d.pages), length(d.text), count(p.row), "
            "count(v.key), d.added, d.receipt from documents d left join passages p on p.document = d.id "
            "left join vectors v on v.key = p.key group by d.id order by d.id desc"
        )
        return [Entry(*row[:9], receipt=Receipt(**json.loads(row[9]))) for row in rows]

    # -- passages

    def passages(self, source: str | None = None) -> list[Passage]:
        """All passages of a document, or of the library, in order."""
        where, values = ("where d.source = ?", (source,)) if source is not None else ("", ())
        return [
            Passage(*row)
            for row in self._read(
                f"select {_PASSAGE} from passages p join documents d on d.id = p.document {where} "
                "order by p.document, p.start",
                values,
            )
        ]

    def neighbours(self, passage: Passage, before: int = 1, after: int = 1) -> list[Passage]:
        """The passages around one of the same document, in order, itself included."""
        every = "from passages p join documents d on d.id = p.document where d.source = ?"
        rows = [
            *self._read(
                f"select {_PASSAGE} {every} and p.start < ? order by p.start desc limit ?",
                (passage.source, passage.start, before),
            ).fetchall()[::-1],
            *self._read(
                f"select {_PASSAGE} {every} and p.start >= ? order by p.start limit ?",
                (passage.source, passage.start, after + 1),
            ),
        ]
        return [Passage(*row) for row in rows]

    def rows(self, rows: Collection[int]) -> dict[int, tuple[Passage, str]]:
        """The passages of these row numbers, each with the key of its vector."""
        found = self._read(
            f"select p.row, p.key, {_PASSAGE} from passages p join documents d on d.id = p.document "
            f"where p.row in {_SCOPE}",
            (json.dumps(list(rows)),),
        )
        return {row[0]: (Passage(*row[2:]), row[1]) for row in found}

    def rows_of_keys(self, keys: Collection[str], within: Sequence[str] | None) -> dict[str, list[int]]:
        """The row numbers of the passages that have these vectors, of the documents `within` only."""
        scope, values = _scope(within)
        found: dict[str, list[int]] = {}
        for key, row in self._read(
            f"select p.key, p.row from passages p join documents d on d.id = p.document where p.key in {_SCOPE} {scope}",
            (json.dumps(list(keys)), *values),
        ):
            found.setdefault(key, []).append(row)
        return found

    def keys(self, within: Sequence[str] | None = None) -> list[str]:
        """The different keys of all passages, of the documents `within` only, that have a vector."""
        scope, values = _scope(within)
        return [
            row[0]
            for row in self._read(
                "select distinct p.key from passages p join documents d on d.id = p.document "
                f"join vectors v on v.key = p.key where 1 {scope}",
                values,
            )
        ]

    def counts(self, within: Sequence[str] | None = None) -> Searched:
        """How many passages there are in scope, and how many of them have vectors."""
        scope, values = _scope(within)
        total, ready = self._read(
            "select count(*), count(v.key) from passages p join documents d on d.id = p.document "
            f"left join vectors v on v.key = p.key where 1 {scope}",
            values,
        ).fetchone()
        return Searched(words=total, meaning=ready, total=total)

    # -- words

    def search_words(self, terms: Sequence[str], limit: int, within: Sequence[str] | None = None) -> dict[int, float]:
        """The passages that hold any of the terms, as row number to bm25 (0 and up), best first."""
        if not terms:
            return {}
        match = " OR ".join('"' + term.replace('"', '""') + '"' for term in terms)
        scope, values = _scope(within)
        if scope:
            scope = f"and rowid in (select p.row from passages p join documents d on d.id = p.document where 1 {scope})"
        found = self._read(
            f"select rowid, -bm25(words, 1.0, ?) as score from words where words match ? {scope} "
            "order by score desc, rowid limit ?",
            (CONTEXT_WEIGHT, match, *values, limit),
        )
        return {row: max(0.0, score) for row, score in found}

    def rarity(self, terms: Sequence[str]) -> dict[str, float]:
        """The inverse document frequency of folded words, ln(1 + (n - f + 0.5) / (f + 0.5)) over n passages.

        A word that no passage holds has the highest value. The formula is that of bm25 (Robertson and Spärck Jones).
        """
        total = self._read("select count(*) from passages").fetchone()[0]
        found = dict(
            self._read(f"select term, doc from temp.vocabulary where term in {_SCOPE}", (json.dumps(list(terms)),))
        )
        return {term: log(1 + (total - found.get(term, 0) + 0.5) / (found.get(term, 0) + 0.5)) for term in terms}

    # -- vectors

    def pending(self, limit: int) -> list[tuple[str, str]]:
        """Keys without a vector, with the text to embed: of the newest documents first."""
        return self._read(
            "select p.key, min(p.text) from passages p left join vectors v on v.key = p.key where v.key is null "
            "group by p.key order by max(p.document) desc, min(p.start) limit ?",
            (limit,),
        ).fetchall()

    def put_vectors(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Keeps vectors of shape (len(keys), dimensions)."""
        with self._writing() as writer:
            writer.executemany(
                "insert or ignore into vectors values (?, ?)",
                [(key, np.asarray(v, dtype=np.float32).tobytes()) for key, v in zip(keys, vectors, strict=True)],
            )

    def vectors(self, keys: Collection[str] | None = None) -> tuple[list[str], Vectors]:
        """The vectors of these keys, or all that a passage uses, as (keys, array of shape (len(keys), dimensions))."""
        if keys is None:
            rows = self._read("select key, vector from vectors where key in (select key from passages)").fetchall()
        else:
            rows = self._read(
                f"select key, vector from vectors where key in {_SCOPE}", (json.dumps(list(keys)),)
            ).fetchall()
        if not rows:
            return [], np.zeros((0, 0), dtype=np.float32)
        return [row[0] for row in rows], np.frombuffer(b"".join(row[1] for row in rows), np.float32).reshape(len(rows), -1)

    def forget_vectors(self) -> None:
        """Throws all vectors away, so that every passage waits to be embedded again."""
        with self._writing() as writer:
            writer.execute("delete from vectors")

    # -- how it is done

    @staticmethod
    def _delete(writer: sqlite3.Connection, source: str) -> bool:
        row = writer.execute("select id from documents where source = ?", (source,)).fetchone()
        if row is None:
            return False
        writer.execute("delete from passages where document = ?", row)
        writer.execute("delete from documents where id = ?", row)
        writer.execute("delete from vectors where key not in (select key from passages)")
        return True

    def _probe(self) -> None:
        """Finds out whether a reader can use the WAL; on a read-only mount it cannot, and nobody can be writing."""
        try:
            self._reader().execute("select 1 from documents limit 1").fetchone()
        except sqlite3.OperationalError:
            self._local = threading.local()
            self._immutable = True
            self._reader().execute("select 1 from documents limit 1").fetchone()

    def _connect(self, address: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            address, uri=True, timeout=10, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        with self._lock:
            self._connections.append(connection)
        return connection

    def _reader(self) -> sqlite3.Connection:
        if not hasattr(self._local, "reader"):
            mode = "immutable=1" if self._immutable else "mode=ro"
            reader = self._connect(f"{self.path.absolute().as_uri()}?{mode}")
            reader.execute("create virtual table temp.vocabulary using fts5vocab('main', 'words', 'row')")
            self._local.reader = reader
        reader = self._local.reader
        assert isinstance(reader, sqlite3.Connection)
        return reader

    def _read(self, statement: str, values: Iterable[Any] = ()) -> sqlite3.Cursor:
        with self._translated():
            return self._reader().execute(statement, tuple(values))

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: committed whole, or rolled back whole."""
        if not self.writable:
            raise LibraryReadOnly(f"the library {self.path.parent.name!r} can only be read here")
        with self._lock, self._translated():
            self._writer.execute("begin immediate")
            try:
                yield self._writer
                self._writer.execute("commit")
            except BaseException:
                self._writer.execute("rollback")
                raise

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        """SQLite's errors as sentences."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if "full" in str(error) or "readonly" in str(error) or "read-only" in str(error):
                raise LibraryReadOnly(
                    f"the library {self.path.parent.name!r} cannot be written ({error}); free some space or choose another "
                    "folder; nothing that was in it has changed"
                ) from error
            raise LibraryDamaged(f"the library {self.path.parent.name!r} cannot be used ({error})") from error
        except sqlite3.DatabaseError as error:
            raise LibraryDamaged(f"the file ledger.sqlite of this library is damaged ({error})") from error


def _scope(within: Sequence[str] | None) -> tuple[str, tuple[str, ...]]:
    return ("", ()) if within is None else (f"and d.source in {_SCOPE}", (json.dumps(list(within)),))


def _document_row(document: Document) -> tuple[str, ...]:
    return (
        document.source,
        document.title,
        document.sha256,
        document.media_type,
        document.text,
        json.dumps([[b.start, b.end, b.kind, b.level, b.page, b.box] for b in document.blocks]),
        json.dumps([[p.number, p.label, p.start, p.end] for p in document.pages]),
        json.dumps(dict(document.dates)),
        json.dumps(document.tags),
        json.dumps(dict(document.dropped)),
        json.dumps(document.warnings),
    )


def _document(row: Sequence[str]) -> Document:
    source, title, text, blocks, pages, sha256, media_type, dates, tags, dropped, warnings = row
    return Document(
        source=source,
        title=title,
        text=text,
        blocks=tuple(Block(*b[:5], box=tuple(b[5]) if b[5] else None) for b in json.loads(blocks)),
        pages=tuple(Page(*page) for page in json.loads(pages)),
        sha256=sha256,
        media_type=media_type,
        dates=_mapping(dates),
        tags=tuple(json.loads(tags)),
        dropped=_mapping(dropped),
        warnings=tuple(json.loads(warnings)),
    )


def _mapping(text: str) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = json.loads(text)
    return loaded
