"""A question to hits: both searches, what the rest of a short document adds, their fusion, what neighbours lend, and a
re-ranker where there is one."""

from __future__ import annotations

from collections.abc import Mapping

from index.embed import Embedder, Vectors
from index.fuse import best_first, fuse, gathered, lent, short
from index.ledger import Ledger
from index.nearest import Nearest
from index.rank import Ranker
from index.together import together
from index.types import Found, Hit, Scope
from index.words import terms

POOL = 100
"""How deep each search looks before the two are fused."""

TOGETHER = 0.2
"""What it counts that all neighbouring words of a question stand together: on the tuning halves the right page of
northwind comes first in 79.8% of the questions and within 5 passages in 93.6, without it in 72.3 and 91.5; chunking
recall is 85.8 and 85.2%, nDCG@10 on 1,200 abstracts of SciFact 86.4 and 86.2."""

SCALE = 0.78
"""What keeps scores as high as they were when only words and meaning made them, which is what the quoting reader was
fitted to: on average the best eight had .85 and 1.06 on Chroma's chunking benchmark and northwind, and have .87 and
1.04."""

CLOSER = Ranker(together, SCALE * TOGETHER, name="together")

ON_THE_SPOT = 10
"""The best passages by words that have no vector yet are embedded when they are asked for."""


def find(
    question: str,
    limit: int,
    within: Scope | None,
    ledger: Ledger,
    nearest: Nearest,
    embedder: Embedder,
    ranker: Ranker | None = None,
) -> list[Hit]:
    """The passages that hold the question's words or are near its meaning, best first, at most `limit`."""
    asked = terms(question)
    by_words = ledger.search_words(asked, POOL, within)
    vector = embedder.embed_query(question)
    by_meaning = _cosines(vector, by_words, within, ledger, nearest, embedder)
    documents = ledger.extents(by_words.keys() | by_meaning.keys())
    brief = {row for first, last in short(documents).values() for row in range(first, last + 1)}
    apart = ledger.words_apart(asked, brief, within) if brief else []
    elsewhere = gathered(by_words, apart, documents)
    said = {row: by_words.get(row, 0.0) + elsewhere.get(row, 0.0) for row in by_words.keys() | elsewhere.keys()}
    alone = dict(fuse(said, by_meaning))
    around, itself = lent(said, by_meaning, documents)
    around = {row: SCALE * added for row, added in around.items()}
    best = best_first({row: SCALE * (alone[row] + itself.get(row, 0.0)) + around.get(row, 0.0) for row in alone})
    best = best[: max(limit, CLOSER.depth, 0 if ranker is None else ranker.depth)]
    passages = ledger.rows([row for row, _ in best])
    ranks = {"words": _ranks(by_words), "meaning": _ranks(by_meaning)}
    ranks |= {"document": _ranks(elsewhere), "neighbours": _ranks(around)}
    hits = [
        Hit(passages[row][0], score, {name: found[row] for name, found in ranks.items() if row in found})
        for row, score in best
        if row in passages
    ]
    hits = CLOSER(question, hits)
    return (hits if ranker is None else ranker(question, hits))[:limit]


def _cosines(
    vector: Vectors,
    words: Mapping[int, float],
    within: Scope | None,
    ledger: Ledger,
    nearest: Nearest,
    embedder: Embedder,
) -> dict[int, float]:
    """The cosine of the nearest passages, and of those that the words found, best first."""
    near = dict(nearest.search(vector, POOL, None if within is None else ledger.keys(within)))
    rows = ledger.rows_of_keys(list(near), within)
    cosines = {row: near[key] for key, numbers in rows.items() for row in numbers}
    rest = ledger.rows([row for row in words if row not in cosines])
    keys, vectors = ledger.vectors([key for _, key in rest.values()])
    known = dict(zip(keys, vectors @ vector, strict=True)) if keys else {}
    cosines |= {row: float(known[key]) for row, (_, key) in rest.items() if key in known}
    bare = [row for row in words if row in rest and rest[row][1] not in known][:ON_THE_SPOT]
    if bare:
        fresh = embedder.embed([rest[row][0].text for row in bare]) @ vector
        cosines |= {row: float(value) for row, value in zip(bare, fresh, strict=True)}
    return dict(best_first(cosines))


def _ranks(scores: Mapping[int, float]) -> dict[int, Found]:
    return {row: Found(rank, score) for rank, (row, score) in enumerate(scores.items(), start=1)}
