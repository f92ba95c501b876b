"""Exact match: whether the short answer is one of the accepted strings, both normalised.

    exact_match = 1 if normal(short) = normal(a) for some accepted a, else 0;  over answerable questions

Source: Rajpurkar et al., SQuAD (2016); the official script's normalisation is in `normal.py`.
"""

from __future__ import annotations

from assistant.evaluation.normal import normal
from assistant.evaluation.types import Case, Result

GROUP = "answers"


def score(case: Case, result: Result, k: int | None) -> float | None:
    """0 or 1; None where the case has no accepted strings."""
    if not case.answers:
        return None
    return float(any(normal(result.short) == normal(right) for right in case.answers))
