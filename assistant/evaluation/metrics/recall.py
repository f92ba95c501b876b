"""Recall at k: the share of a question's pieces of evidence that the first k passages show.

    recall@k = pieces shown by ranks 1..k / pieces

Source: Manning, Raghavan, Schütze, Introduction to Information Retrieval (2008), 8.4. What "shows" means is said in
`overlap.holds`. Where the evidence is whole documents, the ranking is of documents: the first passage of each counts.
"""

from __future__ import annotations

from assistant.evaluation.overlap import holds, ranked
from assistant.evaluation.types import Case, Result

GROUP = "finding"
DEFAULT_K = 5
NEEDS_ANSWER = False


def score(case: Case, result: Result, k: int | None) -> float | None:
    """The share, 0 to 1; None where the case has no evidence."""
    if not result.evidence:
        return None
    first = ranked(result.found, result.evidence)[:k]
    return sum(any(holds(place, piece) for place in first) for piece in result.evidence) / len(result.evidence)
