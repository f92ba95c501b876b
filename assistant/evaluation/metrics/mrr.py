"""Reciprocal rank at k: how early the first passage that shows a piece of evidence stands.

    mrr@k = 1 / rank of the first passage that shows a piece, and 0 if none of the first k does

Source: Voorhees, The TREC-8 Question Answering Track Report (1999); trec_eval's `recip_rank`.
"""

from __future__ import annotations

from assistant.evaluation.overlap import holds, ranked
from assistant.evaluation.types import Case, Result

GROUP = "finding"
DEFAULT_K = 10
NEEDS_ANSWER = False


def score(case: Case, result: Result, k: int | None) -> float | None:
    """The reciprocal rank, 0 to 1; None where the case has no evidence."""
    if not result.evidence:
        return None
    for rank, place in enumerate(ranked(result.found, result.evidence)[:k], 1):
        if any(holds(place, piece) for piece in result.evidence):
            return 1 / rank
    return 0.0
