"""Abstention accuracy: whether it answered where there is an answer, and refused where there is none.

    abstention_accuracy = 1 if answered = answerable, else 0

Hold it against `always_refusing`, and against always answering, which scores the rest. An error is wrong either way.
"""

from __future__ import annotations

from assistant.evaluation.types import Case, Result

GROUP = "confidence"


def score(case: Case, result: Result, k: int | None) -> float | None:
    """0 or 1, for every case."""
    return float(not result.error and result.answered == case.answerable)
