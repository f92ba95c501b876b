"""Exact quotes: the share of an answer's quotes that are slices of the document they name, at their offsets.

    quote_exact = citations with document.text[start:end] == quote / citations;  must be 1

A promise of this project, and checked from outside: the text is read back from the library, not from the answer.
"""

from __future__ import annotations

from assistant.evaluation.types import Case, Result

GROUP = "citations"


def score(case: Case, result: Result, k: int | None) -> float | None:
    """The share, 0 to 1; None where nothing was cited or nothing could be checked."""
    checked = [citation.exact for citation in result.citations if citation.exact is not None]
    return sum(checked) / len(checked) if checked else None
