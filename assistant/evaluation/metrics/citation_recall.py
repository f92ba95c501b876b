"""Citation recall: the share of the pieces of evidence that some citation of the answer shows.

    citation_recall = pieces shown by a citation / pieces

The idea is ALCE's (Gao et al. 2023), which asks a model whether citations support a statement; here evidence that
people marked decides, and `overlap.holds` says what "shows" means. A refusal scores 0.
"""

from __future__ import annotations

from assistant.evaluation.overlap import holds
from assistant.evaluation.types import Case, Result

GROUP = "citations"


def score(case: Case, result: Result, k: int | None) -> float | None:
    """The share, 0 to 1; None where the case has no evidence."""
    if not result.evidence:
        return None
    found = [any(holds(citation, piece) for citation in result.citations) for piece in result.evidence]
    return sum(found) / len(found)
