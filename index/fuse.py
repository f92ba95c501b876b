"""Two ranked lists to one, in which passages lend to those beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

WORDS_WEIGHT = 0.5
"""How much the words count beside the meaning; their weight at .3 / .5 / .7 / 1 gives, on the tuning halves, recall of
83.0 / 85.2 / 86.0 / 86.3% on Chroma's chunking benchmark and nDCG@10 of 86.4 / 86.0 / 85.8 / 84.5 on 1,200 abstracts of
SciFact. Measured, as all of this, by `tests/benchmarks/ablation.py`; see ABLATION.md there."""

LENT = (0.2, 0.1)
"""The share of what speaks for a passage that it lends to each of the two beside it, and of the two next but one.
Chunking recall on the tuning half 85.2%, with (.2, 0) 84.6, (.1, .05) 83.8, (.3, .15) 83.9, with nothing lent 81.3."""

ELSEWHERE = (0.0, 0.7, 0.55, 0.4)
"""The share at which a word counts for a passage that stands in another of its document, by the number of passages that
the document has; in longer ones it counts nothing. Whoever writes an abstract or a note names its subject once.

What it brings on the tuning questions, with 95% intervals: nDCG@10 +.9 (.2 to 1.5) on SciFact's 5,183 abstracts (953
claims), and recall +2.5 (-.1 to 5.1) and +2.4 (.9 to 4.3) on Chroma's chunking benchmark with its corpora cut in
documents of 2 and of 3 passages; of 5, at a share of .25, +.1 (-1.1 to 1.2). Long documents lose nothing beside short
ones: in one library of all three sets chunking has -.3 (-.8 to 0), northwind 0 and SciFact +.8 (-.1 to 1.8)."""

FLOOR = 100
"""The cosine at this rank speaks for nothing: only what a passage has above it is lent."""

Ranked = list[tuple[int, float]]
Documents = Mapping[int, tuple[int, int]]
"""For each passage the first and the last one of its document; their numbers follow one another."""


def fuse(words: Mapping[int, float], meaning: Mapping[int, float], weight: float = WORDS_WEIGHT) -> Ranked:
    """Passages with cosine + weight * bm25 / max(bm25), best first; ties keep the order of their numbers.

    `words` maps passages to bm25 (0 and up, higher is better), `meaning` to cosine (-1 to 1). A passage that one of
    the two does not hold counts as 0 there.
    """
    said = _share(words, weight)
    return best_first({row: meaning.get(row, 0.0) + said.get(row, 0.0) for row in words.keys() | meaning.keys()})


def short(documents: Documents) -> dict[int, tuple[int, int]]:
    """Of passages those whose document is short enough for the words of one passage to count for the others."""
    return {row: span for row, span in documents.items() if span[1] - span[0] < len(ELSEWHERE)}


def gathered(
    words: Mapping[int, float], apart: Sequence[Mapping[int, float]], documents: Documents
) -> dict[int, float]:
    """What the words of their documents add to the bm25 of passages of short ones, the most first.

    `words` is the bm25 of those that the search gave, `apart` that of each term alone, over all passages of the short
    documents. A passage that the search did not give has its own words added too. Who has nothing added is left out.
    """
    brief = short(documents)
    firsts = {row: first for first, last in set(brief.values()) for row in range(first, last + 1)}
    more: dict[int, float] = defaultdict(float)
    for term in apart:
        best: dict[int, float] = defaultdict(float)
        for row, score in term.items():
            best[firsts[row]] = max(best[firsts[row]], score)
        for row, (first, last) in brief.items():
            if first in best:
                own = term.get(row, 0.0)
                more[row] += max(0.0, ELSEWHERE[last - first] * best[first] - own) + (0.0 if row in words else own)
    return _lent(more)


def lent(
    words: Mapping[int, float], meaning: Mapping[int, float], documents: Documents
) -> tuple[dict[int, float], dict[int, float]]:
    """What passages are lent by those around them, the most first, and what by themselves.

    Beyond an end of its document a passage stands in for those that are missing, so that short documents lose nothing.
    Who is lent nothing is left out.
    """
    said = _share(words, WORDS_WEIGHT)
    floor = min(sorted(meaning.values(), reverse=True)[:FLOOR], default=0.0)
    own = {row: said.get(row, 0.0) + max(0.0, meaning.get(row, floor) - floor) for row in documents}
    around: dict[int, float] = defaultdict(float)
    alone: dict[int, float] = defaultdict(float)
    for row, (first, last) in documents.items():
        for off, share in enumerate(LENT, start=1):
            for other in (row - off, row + off):
                if first <= other <= last:
                    around[row] += share * own.get(other, 0.0)
                else:
                    alone[row] += share * own[row]
    return _lent(around), _lent(alone)


def _lent(values: Mapping[int, float]) -> dict[int, float]:
    return dict(best_first({row: value for row, value in values.items() if value > 0}))


def best_first(scores: Mapping[int, float]) -> Ranked:
    """The scores from high to low; ties keep the order of their numbers."""
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _share(words: Mapping[int, float], weight: float) -> dict[int, float]:
    top = max(words.values(), default=0.0) or 1.0
    return {row: weight * score / top for row, score in words.items()}
