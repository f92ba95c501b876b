"""What the ledger knows of each document beside its passages: its text, its names, its receipt, its tags."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from index.damage import DAMAGED, HARMED
from index.database import Database
from index.records import Harmed, Known, receipt_row, to_document, to_entry, to_receipt
from index.scope import DATED
from index.types import Document, Entry, Receipt

ASKS = "questions of "
"""What stands before a document's hash in the name of the fact that holds the questions it answers."""


class Catalogue:
    """The documents of a ledger, by their names or hashes."""

    _database: Database

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

    def dated(self, source: str) -> str:
        """The date that a document itself says it was written or made, or empty where it says none, or is not there.

        "modified" is left aside: where a document says nothing, that is when its file was last copied.
        """
        rows = self._database.read(
            "select coalesce(d.dates ->> '$.written', d.dates ->> '$.created') from names n "
            "join documents d on d.id = n.document where n.source = ?",
            (source,),
        )
        return str(rows[0][0] or "") if rows else ""

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
        if not self._database.read("select 1 from facts where name = ?", (DAMAGED,)):
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
