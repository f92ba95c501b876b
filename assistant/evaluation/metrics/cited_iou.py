"""Cited intersection over union: how well the cited characters and those of the evidence agree.

    cited_iou = |cited ∩ evidence| / |cited ∪ evidence|, in characters, each counted once

Source: the Jaccard index (1912) over character offsets. A refusal scores 0.
"""

from __future__ import annotations

from assistant.evaluation.overlap import by_document, gold, quoted, shared, size, unplaced
from assistant.evaluation.types import Case, Result

GROUP = "citations"


def score(case: Case, result: Result, k: int | None) -> float | None:
    """The agreement, 0 to 1; None where no piece of the evidence has a quote or offsets."""
    if not quoted(result.evidence):
        return None
    wanted, cited = gold(result.evidence), by_document(result.citations)
    both = shared(wanted, cited)
    total = size(wanted) + size(cited) + unplaced(result.evidence) - both
    return both / total if total else 0.0
