"""Tokens written: how many tokens the chat model wrote for a question; what it thinks unseen counts where it is told.

    tokens_written = mean over the questions that a chat model was asked for;  lower is better

Estimated from characters where its server does not count; the report then says "about".
"""

from __future__ import annotations

from assistant.evaluation.types import Case, Result

GROUP = "cost"
LOWER_IS_BETTER = True
FIGURE = "{:,.0f}"


def score(case: Case, result: Result, k: int | None) -> float | None:
    """The tokens of one question, or None where no chat model was asked."""
    return None if result.cost is None else float(result.cost.wrote)
