"""Hard passages: what our own search by words finds first for a question, without the answer."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from random import Random

from assistant.evaluation.normal import contains
from assistant.readers.training.data import Article, Example
from assistant.readers.training.derive import lacking
from index.words import indexed, terms

DEPTH = 8
"""Hits of a question that are looked at."""

FEWEST = 3
"""Words to search for that a question must have: other people's reviews often do answer "what did the author like"."""


class Mined:
    """Finds for an example a passage of the same domain that looks right and lacks the answer."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._texts: list[str] = []
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        self._database.execute("CREATE VIRTUAL TABLE words USING fts5(text, domain UNINDEXED, tokenize='unicode61')")
        seen = dict.fromkeys((example.passage, example.domain) for example in examples)
        for text, domain in seen:
            self._texts.append(text)
            self._database.execute(
                "INSERT INTO words (rowid, text, domain) VALUES (?, ?, ?)", (len(self._texts), indexed(text), domain)
            )

    def __call__(self, rng: Random, example: Example, article: Article) -> Example | None:
        """The example with a passage that was found; None where none fits."""
        asked = terms(example.question)
        if len(asked) < FEWEST:
            return None
        query = " OR ".join(f'"{term}"' for term in asked)
        rows = self._database.execute(
            "SELECT rowid FROM words WHERE words MATCH ? AND domain = ? ORDER BY rank LIMIT ?",
            (query, example.domain, DEPTH),
        )
        found = [self._texts[row - 1] for (row,) in rows]
        fit = [text for text in found if text != example.passage and not contains(text, example.accepted)]
        # The first are the hardest: take one of the best three.
        return lacking(example, "mined", passage=rng.choice(fit[:3])) if fit else None
