"""Page accuracy: whether some citation opens a page that the evidence names.

    page_accuracy = 1 if a citation starts within k pages of the page of a piece in its document, else 0

Without a k the slack of the set's own evidence counts (0 unless it says otherwise; 1 for Northwind), so
`page_accuracy@0` is strict. A refusal scores 0.
"""

from __future__ import annotations

from assistant.evaluation.overlap import on_page
from assistant.evaluation.types import Case, Result

GROUP = "citations"
TAKES_K = True


def score(case: Case, result: Result, k: int | None) -> float | None:
    """0 or 1; None where the evidence names no pages."""
    paged = [piece for piece in result.evidence if piece.page is not None]
    if not paged:
        return None
    near = (
        on_page(citation, piece, piece.slack if k is None else k) for citation in result.citations for piece in paged
    )
    return float(any(near))
