"""What a reader may look at: a library within the scope of one question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.readers.trained.spans import Reading, SpanReader, english
from assistant.types import Answer, Library
from index.index import Index
from index.scope import Within, scope_of
from index.types import Document, Entry, Hit, Passage

MOST = 1_000_000
"""Passages that the words index may return: as good as all."""


def read_for(answer: Answer, library: Library) -> tuple[Hit, ...]:
    """The passages that an answer's citations stand in, in order: what a chat model is given to write it anew."""
    found: dict[str, Hit] = {}
    for citation in answer.citations:
        for passage in library.passages(citation.source):
            if passage.start <= citation.start < passage.end:
                found.setdefault(passage.id, Hit(passage, 0.0, {}))
    return tuple(found.values())


class View:
    """The passages of `index` that lie `within` a scope; nothing that a reader asks it for leads out of that.

    `spans` is the trained reader, or None to go by words and meaning alone.
    """

    def __init__(self, index: Index, within: Within = None, spans: SpanReader | None = None) -> None:
        self._index = index
        self._spans = spans
        self._scope = scope_of(within)

    def similar(self, query: str, texts: Sequence[str]) -> list[float]:
        """The cosine of the query with each text, -1 to 1."""
        return self._index.similar(query, texts)

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        """What the trained reader says of each text; empty where there is none, or the question is not English."""
        if self._spans is None or not texts or not english(question):
            return []
        return self._spans.read(question, texts)

    def rarity(self, terms: Sequence[str]) -> Mapping[str, float]:
        """How rare each folded word is in the whole library."""
        return self._index.rarity(terms)

    def neighbours(self, passage: Passage, before: int = 1, after: int = 1) -> list[Passage]:
        """The passages around one of the same document, in order, itself included."""
        return self._index.neighbours(passage, before, after)

    def document(self, source: str) -> Document:
        """A document as it was read; raises `UnknownDocument`."""
        return self._index.document(source)

    def dated(self, source: str) -> str:
        """The date that a document itself says it was written or made, or empty where it says none."""
        return self._index.ledger.dated(source)

    def search(self, question: str, limit: int = 5) -> list[Hit]:
        """The best passages for a question."""
        return self._index.search(question, limit, self._scope)

    def total(self) -> int:
        """How many passages there are."""
        return self._index.searched(self._scope).total

    def holding(self, words: Sequence[str]) -> list[Passage]:
        """All passages that hold any of these folded words, in their text or above it, oldest document first."""
        found = self._index.ledger.rows(list(self._index.ledger.search_words(words, MOST, self._scope)))
        return self._named([found[row][0] for row in sorted(found)])

    def titles(self) -> list[tuple[str, str]]:
        """The source and the title of every document, newest first; the same content counts once."""
        names: dict[str, tuple[str, str]] = {}
        for entry in self._index.documents():
            if self._holds(entry):
                names.setdefault(entry.sha256, (entry.source, entry.title))
        return list(names.values())

    def passages(self, source: str | None = None) -> list[Passage]:
        """All passages of one document, or of all, in document order."""
        ledger = self._index.ledger
        found = ledger.passages(source)
        if self._scope is not None:
            inside = {passage.id for passage in ledger.rows_of_passages([p.id for p in found], self._scope).values()}
            found = [passage for passage in found if passage.id in inside]
        return [replace(p, source=source) for p in found] if source is not None else self._named(found)

    def _holds(self, entry: Entry) -> bool:
        scope = self._scope
        if scope is None:
            return True
        if scope.documents is not None and entry.source not in scope.documents:
            return False
        return self._index.searched(replace(scope, documents=(entry.source,))).total > 0

    def _named(self, passages: Sequence[Passage]) -> list[Passage]:
        """The passages under the names that the scope asks for, where a document has several."""
        asked = self._scope.documents if self._scope is not None else None
        if asked is None:
            return list(passages)
        names: dict[str, str] = {}
        for source in {passage.source for passage in passages} - set(asked):
            known = self._index.ledger.known(source)
            names[source] = next((name for name in asked if known and name in known.also), source)
        return [replace(p, source=names[p.source]) if p.source in names else p for p in passages]
