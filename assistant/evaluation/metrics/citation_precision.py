"""Citation precision: the share of an answer's citations that show a piece of the evidence.

    citation_precision = citations that show a piece / citations

The idea is ALCE's (Gao et al. 2023), with evidence that people marked in place of a model's judgement. It says nothing
of an answer without citations; a question that ended in an error scores 0.
"""

from __future__ import annotations

from assistant.evaluation.overlap import holds
from assistant.evaluation.types import Case, Result

GROUP = "citations"


def score(case: Case, result: Result, k: int | None) -> float | None:
    """The share, 0 to 1; None where the case has no evidence or nothing was cited."""
    if not result.evidence:
        return None
    if not result.citations:
        return 0.0 if result.error else None
    right = [any(holds(citation, piece) for piece in result.evidence) for citation in result.citations]
    return sum(right) / len(right)
