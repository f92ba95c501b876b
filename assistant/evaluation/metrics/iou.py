"""Intersection over union at k: how well the first k passages and the evidence agree, in characters.

    iou@k = |evidence ∩ passages| / (|passages| + |evidence that no passage holds|)

Source: Smith and Troynikov, Evaluating Chunking Strategies for Retrieval (Chroma, 2024). As in their code, the length
of the passages is added up, so that what overlapping passages repeat counts against them.
"""

from __future__ import annotations

from assistant.evaluation.overlap import by_document, gold, length, quoted, shared, size, unplaced
from assistant.evaluation.types import Case, Result

GROUP = "finding"
DEFAULT_K = 5
NEEDS_ANSWER = False


def score(case: Case, result: Result, k: int | None) -> float | None:
    """The agreement, 0 to 1; None where no piece of the evidence has a quote or offsets."""
    if not quoted(result.evidence):
        return None
    wanted = gold(result.evidence)
    both = shared(wanted, by_document(result.found[:k]))
    total = (
        length((place.start, place.end) for place in result.found[:k]) + size(wanted) + unplaced(result.evidence) - both
    )
    return both / total if total else 0.0
