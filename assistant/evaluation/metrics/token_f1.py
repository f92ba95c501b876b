"""Token F1: how many words the short answer and the accepted string that fits best have in common.

    f1 = 2 · common words / (words of the short answer + words of the accepted string);  over answerable questions

Source: Rajpurkar et al., SQuAD (2016); words are of the normalised strings. The short answer is taken as it is, also
where the assistant held it back; `has_answer_f1` takes what it showed.
"""

from __future__ import annotations

from assistant.evaluation.normal import best_f1
from assistant.evaluation.types import Case, Result

GROUP = "answers"


def score(case: Case, result: Result, k: int | None) -> float | None:
    """The best F1, 0 to 1; None where the case has no accepted strings."""
    return best_f1(result.short, case.answers) if case.answers else None
