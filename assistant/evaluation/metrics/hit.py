"""Hit at k: whether any of the first k passages shows any piece of the evidence.

    hit@k = 1 if some rank in 1..k shows a piece, else 0

Also called success@k (trec_eval's `success`).
"""

from __future__ import annotations

from assistant.evaluation.overlap import holds, ranked
from assistant.evaluation.types import Case, Result

GROUP = "finding"
DEFAULT_K = 5
NEEDS_ANSWER = False


def score(case: Case, result: Result, k: int | None) -> float | None:
    """0 or 1; None where the case has no evidence."""
    if not result.evidence:
        return None
    first = ranked(result.found, result.evidence)[:k]
    return float(any(holds(place, piece) for place in first for piece in result.evidence))
