"""Two ranked lists to one, in which passages lend to those beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

WORDS_WEIGHT = 0.7
"""How much the words count beside the meaning."""

LENT = 0.2
"""The share of what speaks for a passage that it lends to each of the two beside it."""

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
    words: Mapping[int, float], meaning: Mapping[int, float], neighbours: Iterable[tuple[int, int]]
) -> dict[int, float]:
    """What passages are lent by the ones before and after them, the most first; who is lent nothing is left out.

    `neighbours` are pairs of passages of which the second goes on where the first ends.
    """
    said = _share(words, WORDS_WEIGHT)
    floor = min(sorted(meaning.values(), reverse=True)[:FLOOR], default=0.0)
    out: dict[int, float] = defaultdict(float)
    for pair in neighbours:
        for row, other in (pair, pair[::-1]):
            out[row] += LENT * (said.get(other, 0.0) + max(0.0, meaning.get(other, floor) - floor))
    return dict(best_first({row: value for row, value in out.items() if value > 0}))


def best_first(scores: Mapping[int, float]) -> Ranked:
    """The scores from high to low; ties keep the order of their numbers."""
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _share(words: Mapping[int, float], weight: float) -> dict[int, float]:
    top = max(words.values(), default=0.0) or 1.0
    return {row: weight * score / top for row, score in words.items()}
