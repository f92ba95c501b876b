"""Answer rate: the share of questions that got an answer, right or wrong; also called coverage.

    answer_rate = answered / questions

Source: El-Yaniv and Wiener, On the Foundations of Noise-free Selective Classification (2010).
"""

from __future__ import annotations

from assistant.evaluation.types import Case, Result

GROUP = "confidence"


def score(case: Case, result: Result, k: int | None) -> float | None:
    """0 or 1, for every case."""
    return float(result.answered)
