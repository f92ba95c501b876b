"""Two ranked lists to one, in which passages lend to those beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

WORDS_WEIGHT = 0.5
"""How much the words count beside the meaning; their weight at .3 / .5 / .7 / 1 gives, on the tuning halves, recall of
83.0 / 85.2 / 86.0 / 86.3% on Chroma's chunking benchmark and nDCG@10 of 86.4 / 86.0 / 85.8 / 84.5 on 1,200 abstracts of
SciFact. Measured, as all of this, by `tests/benchmarks/ablation.py`; see ABLATION.md there."""

LENT = (0.2, 0.1)
"""The share of what speaks for a passage that it lends to each of the two beside it, and of the two next but one.
Chunking recall on the tuning half 85.2%, with (.2, 0) 84.6, (.1, .05) 83.8, (.3, .15) 83.9, with nothing lent 81.3."""

FLOOR = 100
"""The cosine at this rank speaks for nothing: only what a passage has above it is lent."""

Ranked = list[tuple[int, float]]


def fuse(words: Mapping[int, float], meaning: Mapping[int, float], weight: float = WORDS_WEIGHT) -> Ranked:
    """Passages with cosine + weight * bm25 / max(bm25), best first; ties keep the order of their numbers.

    `words` maps passages to bm25 (0 and up, higher is better), `meaning` to cosine (-1 to 1). A passage that one of
    the two does not hold counts as 0 there.
    """
    said = _share(words, weight)
    return best_first({row: meaning.get(row, 0.0) + said.get(row, 0.0) for row in words.keys() | meaning.keys()})


def lent(
    words: Mapping[int, float], meaning: Mapping[int, float], documents: Mapping[int, tuple[int, int]]
) -> tuple[dict[int, float], dict[int, float]]:
    """What passages are lent by those around them, the most first, and what by themselves.

    `documents` gives the first and the last passage of each one's document, whose numbers follow one another. Beyond
    an end of its document a passage stands in for those that are missing, so that short documents lose nothing. Who is
    lent nothing is left out.
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
