"""Excerpt precision at k: the share of the first k passages' characters that are evidence.

    excerpt_precision@k = |evidence ∩ passages| / |passages|, in characters

Source: Smith and Troynikov, Evaluating Chunking Strategies for Retrieval (Chroma, 2024). As in their code, the length
of the passages is added up, so that what overlapping passages repeat counts against them.
"""

from __future__ import annotations

from assistant.evaluation.overlap import by_document, gold, length, quoted, shared
from assistant.evaluation.types import Case, Result

GROUP = "finding"
DEFAULT_K = 5
NEEDS_ANSWER = False


def score(case: Case, result: Result, k: int | None) -> float | None:
    """The share, 0 to 1; None where no piece of the evidence has a quote or offsets."""
    if not quoted(result.evidence):
        return None
    total = length((place.start, place.end) for place in result.found[:k])
    return shared(gold(result.evidence), by_document(result.found[:k])) / total if total else 0.0
