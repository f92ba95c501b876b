"""The ledger's words: which passages hold them, how much that counts, and how rare they are."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from math import log

from index.database import Database
from index.places import AMONG
from index.scope import clause
from index.types import Scope
from index.words import lone, stem

CONTEXT_WEIGHT = 0.3
"""What a word counts in a passage's title and headings, against 1 in its text. Tuning halves at 0 / .3 / .6:
right page of northwind within 5 passages 88.3 / 89.4 / 89.4%, recall on Chroma's chunking benchmark 84.6 / 84.8 /
84.8%."""

ENOUGH = 5_000
"""Passages whose bm25 is worked out for a question: those that hold the rarest of its terms, which are taken one by one
until they stand in so many. Beside all that hold any term: the best 100 are the same for 300 of 300 questions over
10,000 passages and for 99 of 100 over 100,000 (the best 20 for all), where the processor time is 11.3 ms at the median
and 20.7 at the 95th percentile instead of 14.8 and 43.1. (2,000: 7.4 ms, and .94 of the best 100.)"""

APART = 24
"""The most terms of a question that are looked up one by one."""

MOST = 4 * ENOUGH
"""A term that stands in more passages than that is left to the others where they stand in ten times the limit."""


class Wording:
    """The words index of a ledger."""

    _database: Database

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

    def words_apart(
        self, terms: Sequence[str], rows: Collection[int], within: Scope | None = None
    ) -> list[dict[int, float]]:
        """For each of the terms the bm25 that it alone gives to those of the passages that hold it.

        Terms that stand in more than `ENOUGH` passages are left out, and of the others all but the `APART` rarest.
        """
        stemmed = list(dict.fromkeys(map(stem, terms)))
        held = self._held(stemmed)
        rare = sorted((term for term in stemmed if held.get(term, 0) <= ENOUGH), key=lambda term: held.get(term, 0))
        only, values = clause(within)
        among = f"select p.row from passages p join documents d on d.id = p.document where p.row in {AMONG} {only}"
        there = self._database.read(among, (json.dumps(list(rows)), *values))
        chosen = json.dumps([row for (row,) in there])
        query = f"select rowid, -bm25(words, 1.0, ?) from words where words match ? and +rowid in {AMONG}"
        found = (self._database.read(query, (CONTEXT_WEIGHT, _any([term]), chosen)) for term in rare[:APART])
        return [{row: max(0.0, score) for row, score in each} for each in found]

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
                f"select term, doc from temp.vocabulary where term in {AMONG}", (json.dumps(list(terms)),)
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


def _any(terms: Sequence[str]) -> str:
    """What finds the passages that hold any of the terms, in the language of FTS5."""
    return " OR ".join(f'"{term}"*' if lone(term) else f'"{term}"' for term in terms)
