"""The ledger's passages, by the document they are of, their row numbers, their ids or the keys of their vectors."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from index.database import Database
from index.scope import clause
from index.types import Passage, Scope

_PASSAGE = "p.id, d.source, p.text, p.start, p.end, p.page, p.heading, p.context"
AMONG = "(select value from json_each(?))"
"""The texts or numbers of one JSON list, as a subquery."""

_OF = "p.document = (select document from names where source = ?)"


class Places:
    """The passages of a ledger."""

    _database: Database

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
            f"select row, ({of} limit 1), ({of} desc limit 1) from passages p where row in {AMONG}",
            (json.dumps(list(rows)),),
        )
        return {row: (first, last) for row, first, last in found}

    def rows(self, rows: Collection[int]) -> dict[int, tuple[Passage, str]]:
        """The passages of these row numbers, each with the key of its vector."""
        found = self._database.read(
            f"select p.row, p.key, {_PASSAGE} from passages p join documents d on d.id = p.document "
            f"where p.row in {AMONG}",
            (json.dumps(list(rows)),),
        )
        return {row[0]: (Passage(*row[2:]), row[1]) for row in found}

    def rows_of_keys(self, keys: Collection[str], within: Scope | None) -> dict[str, list[int]]:
        """The row numbers of the passages that have these vectors, those of the scope `within` only."""
        scope, values = clause(within)
        found: dict[str, list[int]] = {}
        for key, row in self._database.read(
            f"select p.key, p.row from passages p join documents d on d.id = p.document where p.key in {AMONG} {scope}",
            (json.dumps(list(keys)), *values),
        ):
            found.setdefault(key, []).append(row)
        return found

    def rows_of_passages(self, ids: Sequence[str], within: Scope | None) -> dict[int, Passage]:
        """The passages of these ids with their row numbers, those of the scope `within` only."""
        scope, values = clause(within)
        found = self._database.read(
            f"select p.row, {_PASSAGE} from passages p join documents d on d.id = p.document "
            f"where p.id in {AMONG} {scope}",
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
