"""SQuAD 2.0's exact match: over all questions, where refusing an unanswerable one scores 1.

    exact match of what was shown where there is an answer; 1 if refused, else 0, where there is none

Source: `exact` of the official evaluation script of SQuAD 2.0 (Rajpurkar et al. 2018). Hold it against
`always_refusing`.
"""

from __future__ import annotations

from assistant.evaluation.metrics import exact_match, no_answer_accuracy
from assistant.evaluation.types import Case, Result

GROUP = "answers"


def score(case: Case, result: Result, k: int | None) -> float | None:
    """0 or 1; None where an answerable case has no accepted strings."""
    without = no_answer_accuracy.score(case, result, k)
    if without is not None:
        return without
    same = exact_match.score(case, result, k)
    return same if same is None or result.answered else 0.0
