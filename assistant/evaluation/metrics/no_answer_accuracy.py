"""Accuracy where there is no answer: the share of unanswerable questions that were refused.

    no_answer_accuracy = refused / unanswerable questions

Source: `NoAns_f1` of the official evaluation script of SQuAD 2.0 (Rajpurkar et al. 2018). A question that ended in an
error was not refused.
"""

from __future__ import annotations

from assistant.evaluation.types import Case, Result

GROUP = "answers"


def score(case: Case, result: Result, k: int | None) -> float | None:
    """0 or 1; None where the case has an answer."""
    return None if case.answerable else float(not result.answered and not result.error)
