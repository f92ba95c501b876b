"""SQuAD 2.0's F1: over all questions, where refusing an unanswerable one scores 1.

    f1 as in `has_answer_f1` where there is an answer; 1 if refused, else 0, where there is none

Source: `f1` of the official evaluation script of SQuAD 2.0 (Rajpurkar et al. 2018). Hold it against `always_refusing`.
"""

from __future__ import annotations

from assistant.evaluation.metrics import has_answer_f1, no_answer_accuracy
from assistant.evaluation.types import Case, Result

GROUP = "answers"


def score(case: Case, result: Result, k: int | None) -> float | None:
    """The score, 0 to 1; None where an answerable case has no accepted strings."""
    without = no_answer_accuracy.score(case, result, k)
    return has_answer_f1.score(case, result, k) if without is None else without
