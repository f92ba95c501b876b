"""First word, 50th percentile: the seconds within which half of the written answers began.

    first_word_p50 = the smallest time with at least 50 % of them at or under it (nearest rank)

From the request to the chat model until its first word; what was quoted stands on the screen before that.
"""

from __future__ import annotations

from assistant.evaluation.bootstrap import Array, percentile
from assistant.evaluation.types import Case, Result

GROUP = "cost"
LOWER_IS_BETTER = True
FIGURE = "{:.3f} s"


def score(case: Case, result: Result, k: int | None) -> float | None:
    """The seconds, or None where no chat model wrote."""
    return None if result.cost is None else result.cost.first


def aggregate(values: Array, weights: Array, k: int | None) -> Array:
    """The percentile for each row of weights, in seconds."""
    return percentile(values, weights, 50)
