"""What a system scores that refuses every question: the mark that a good refuser has to beat.

    always_refusing = unanswerable questions / questions

It is the value of `squad_f1`, `squad_exact` and `abstention_accuracy` for that system (and its `no_answer_accuracy`
is 1, its `has_answer_f1` 0).
"""

from __future__ import annotations

from assistant.evaluation.types import Case, Result

GROUP = "answers"


def score(case: Case, result: Result, k: int | None) -> float | None:
    """1 for an unanswerable case, else 0; whatever the assistant did."""
    return float(not case.answerable)
