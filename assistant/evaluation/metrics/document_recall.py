"""Recall of documents at k: the share of the documents with evidence that are among the first k documents.

    document_recall@k = documents with evidence among the first k distinct documents / documents with evidence

Source: Manning, Raghavan, Schütze, Introduction to Information Retrieval (2008), 8.4. Comparable across systems that
split documents differently.
"""

from __future__ import annotations

from assistant.evaluation.overlap import first_seen
from assistant.evaluation.types import Case, Result

GROUP = "finding"
DEFAULT_K = 5
NEEDS_ANSWER = False


def score(case: Case, result: Result, k: int | None) -> float | None:
    """The share, 0 to 1; None where the case has no evidence."""
    wanted = {piece.document for piece in result.evidence}
    if not wanted:
        return None
    return len(wanted & {place.source for place in first_seen(result.found)[:k]}) / len(wanted)
