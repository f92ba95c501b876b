"""F1 where there is an answer: token F1 of what was shown, a refusal being an empty answer.

    f1 as in `token_f1`, and 0 for a refusal;  over answerable questions

Source: `HasAns_f1` of the official evaluation script of SQuAD 2.0 (Rajpurkar et al. 2018).
"""

from __future__ import annotations

from assistant.evaluation.normal import best_f1
from assistant.evaluation.types import Case, Result

GROUP = "answers"


def score(case: Case, result: Result, k: int | None) -> float | None:
    """The best F1, 0 to 1; None where the case has no accepted strings."""
    if not case.answers:
        return None
    return best_f1(result.short, case.answers) if result.answered else 0.0
