"""Normalised discounted cumulative gain at k: how much evidence stands how early.

    dcg@k = sum over ranks r = 1..k of gain(r) / log2(r + 1);  ndcg@k = dcg@k / the dcg@k of the best order

Source: Järvelin and Kekäläinen, ACM TOIS 20(4), 2002, with the grade itself as the gain, as in trec_eval's `ndcg_cut`.
A piece gains once, at the first rank that shows it, so two passages of one piece cannot exceed 1. A passage that shows
two pieces gains both at once; the best order is then still taken to need a rank each, and the score is cut off at 1.
"""

from __future__ import annotations

import math

from assistant.evaluation.overlap import gains
from assistant.evaluation.types import Case, Result

GROUP = "finding"
DEFAULT_K = 10
NEEDS_ANSWER = False


def score(case: Case, result: Result, k: int | None) -> float | None:
    """The score, 0 to 1; None where the case has no evidence."""
    if not result.evidence or k is None:
        return None
    best = _discounted(sorted((piece.grade for piece in result.evidence), reverse=True)[:k])
    return min(1.0, _discounted(gains(result.found, result.evidence, k)) / best)


def _discounted(gained: list[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gained, 1))
