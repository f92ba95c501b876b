"""Answer contains: whether the whole answer, as it was shown, contains an accepted string.

    answer_contains = 1 if normal(text) has normal(a) in it as whole words, for some accepted a, else 0

Over answerable questions; a refusal scores 0. Source: the "accuracy" of Mallen et al., When Not to Trust Language
Models (2023), here on whole words.
"""

from __future__ import annotations

from assistant.evaluation.normal import contains
from assistant.evaluation.types import Case, Result

GROUP = "answers"


def score(case: Case, result: Result, k: int | None) -> float | None:
    """0 or 1; None where the case has no accepted strings."""
    return float(result.answered and contains(result.text, case.answers)) if case.answers else None
