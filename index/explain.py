"""Why a passage was found, and at which stage one that was expected was lost."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from index.embed import Embedder
from index.find import POOL, find
from index.fuse import fuse
from index.ledger import Ledger
from index.nearest import Nearest
from index.rank import Ranker
from index.types import Explanation, Found, Hit, Passage, Scope
from index.words import stem, terms, words

FURTHER = {
    "document": "the words of its document",
    "neighbours": "its neighbours",
    "together": "words that stand together",
    "rank": "the re-ranker",
}
"""What is added to the two searches, as `Hit.by` names it, and in words."""

_WORD = re.compile(r"\w+")


def matched(question: str, passage: Passage) -> tuple[str, ...]:
    """The words of a passage, its title and its headings that the words search met with the question's, in order."""
    wanted = {stem(term) for term in terms(question)}
    found = _WORD.findall(f"{passage.text} {passage.context}")
    return tuple(dict.fromkeys(word.lower() for word in found if not wanted.isdisjoint(map(stem, words(word)))))


def explain(
    question: str,
    expected: str,
    limit: int,
    scope: Scope | None,
    parts: tuple[Ledger, Nearest, Embedder],
    ranker: Ranker | None = None,
) -> Explanation:
    """What became of a text that was expected among the first `limit` passages, in one sentence.

    It is looked for word for word, whatever its white space and case. Where several passages hold it, the one that
    came nearest is spoken of.
    """
    ledger, nearest, embedder = parts
    holders, split = _holders(expected, ledger)
    if not holders and split:
        return Explanation("split apart", f"no single passage of {split} holds all of it; ask with a part of it")
    if not holders:
        said = f"these words stand in none of the {len(ledger.sources())} documents"
        return Explanation("not in the library", f"{said}; their receipts say what was left out")
    wanted = {passage.id: passage for passage in holders}
    hits = find(question, 2 * POOL, scope, ledger, nearest, embedder, ranker)
    for place, hit in enumerate(hits, 1):
        if hit.passage.id in wanted:
            return _placed(question, hit, place, limit)
    return _missed(question, holders, scope, ledger, embedder)


def _holders(expected: str, ledger: Ledger) -> tuple[list[Passage], str]:
    """The passages that hold the text; where none does, the document that holds it over several."""
    sought = _folded(expected)
    split = ""
    found: list[Passage] = []
    for source in ledger.sources() if sought else ():
        document = ledger.document(source)
        if document is None or sought not in _folded(document.text):
            continue
        here = [passage for passage in ledger.passages(source) if sought in _folded(passage.text)]
        found += here
        split = split or ("" if here else source)
    return found, split


def _placed(question: str, hit: Hit, place: int, limit: int) -> Explanation:
    stage = "found" if place <= limit else f"cut at {limit}"
    ranks = _ranks(hit.by)
    said = f"it is in {hit.passage.source}, rank {place} of all ({ranks})"
    said += "" if place <= limit else f", and was cut at {limit}; ask for {place} passages to see it"
    return Explanation(stage, said, hit.passage, place, hit.by, matched(question, hit.passage))


def _missed(
    question: str, holders: Sequence[Passage], scope: Scope | None, ledger: Ledger, embedder: Embedder
) -> Explanation:
    """Of a passage that neither search has among its first ones: where it stands when all passages are looked at."""
    rows = ledger.rows_of_passages([passage.id for passage in holders], scope)
    if not rows:
        return Explanation("out of scope", f"it is in {holders[0].source}, outside of what was searched", holders[0])
    words = ledger.search_words(terms(question), ledger.counts().total, scope)
    keys, vectors = ledger.vectors(ledger.keys(scope))
    cosines = dict(zip(keys, (vectors @ embedder.embed_query(question)).tolist(), strict=True)) if keys else {}
    every = {row: cosines[key] for key, numbers in ledger.rows_of_keys(keys, scope).items() for row in numbers}
    meaning = dict(sorted(every.items(), key=lambda item: -item[1]))
    row = next((row for row, _ in fuse(words, meaning) if row in rows), next(iter(rows)))
    by = {name: _found(row, scores) for name, scores in (("words", words), ("meaning", meaning)) if row in scores}
    passage = rows[row]
    said = f"it is in {passage.source}, and neither search has it among its first {POOL} ({_ranks(by)})"
    return Explanation("not found", said, passage, None, by, matched(question, passage))


def _found(row: int, scores: Mapping[int, float]) -> Found:
    return Found(list(scores).index(row) + 1, scores[row])


def _ranks(by: Mapping[str, Found]) -> str:
    said = [f"{by[name].rank} by {name}" if name in by else f"not found by {name}" for name in ("words", "meaning")]
    said += [f"{by[name].rank} by {what}" for name, what in FURTHER.items() if name in by and by[name].score]
    return ", ".join(said)


def _folded(text: str) -> str:
    return " ".join(text.lower().split())
