"""Excerpt recall at k: the share of the evidence's characters that lie in the first k passages.

    excerpt_recall@k = |evidence ∩ passages| / |evidence|, in characters

Source: Smith and Troynikov, Evaluating Chunking Strategies for Retrieval (Chroma, 2024). As in their code, the
characters of the evidence are those of its pieces added up. A quote that is not in the text of its document is
missed in full.
"""

from __future__ import annotations

from assistant.evaluation.overlap import by_document, gold, length, quoted, shared, stretches, unplaced
from assistant.evaluation.types import Case, Result

GROUP = "finding"
DEFAULT_K = 5
NEEDS_ANSWER = False


def score(case: Case, result: Result, k: int | None) -> float | None:
    """The share, 0 to 1; None where no piece of the evidence has a quote or offsets."""
    if not quoted(result.evidence):
        return None
    total = length(stretches(result.evidence)) + unplaced(result.evidence)
    return shared(gold(result.evidence), by_document(result.found[:k])) / total
