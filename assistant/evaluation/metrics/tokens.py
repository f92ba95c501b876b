"""Tokens: how many tokens the chat model read and wrote for a question.

    tokens = mean over the questions for which a number is known;  lower is better

The quoting reader uses none, and gives no number.
"""

from __future__ import annotations

from assistant.evaluation.types import Case, Result

GROUP = "cost"
LOWER_IS_BETTER = True
FIGURE = "{:,.0f}"


def score(case: Case, result: Result, k: int | None) -> float | None:
    """The tokens of one question, or None where none were counted."""
    return None if result.tokens is None else float(result.tokens)
