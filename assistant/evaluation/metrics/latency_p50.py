"""Latency, 50th percentile: the seconds within which half of the questions were answered.

    latency_p50 = the smallest time with at least 50 % of the questions at or under it (nearest rank)

Wall-clock time of asking, measured outside the assistant, one question at a time; errors count with the time they took.
"""

from __future__ import annotations

from assistant.evaluation.bootstrap import Array, percentile
from assistant.evaluation.types import Case, Result

GROUP = "cost"
LOWER_IS_BETTER = True
FIGURE = "{:.3f} s"


def score(case: Case, result: Result, k: int | None) -> float | None:
    """The seconds, or None where they were not measured."""
    return result.seconds


def aggregate(values: Array, weights: Array, k: int | None) -> Array:
    """The percentile for each row of weights, in seconds."""
    return percentile(values, weights, 50)
