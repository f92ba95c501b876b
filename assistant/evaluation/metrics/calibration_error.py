"""Expected calibration error: how far confidence is from the share of answers that are right.

    ece = sum over 10 bins of |bin| / n · |mean confidence - share right|;  lower is better

Source: Naeini, Cooper and Hauskrecht (2015), with bins of equal width, over the questions that
were answered. What is right is said in `judge.right`; an error is a wrong answer of confidence 0.
"""

from __future__ import annotations

import numpy as np

from assistant.evaluation.bootstrap import Array
from assistant.evaluation.judge import right
from assistant.evaluation.types import Case, Result

GROUP = "confidence"
LOWER_IS_BETTER = True
BINS = 10


def score(case: Case, result: Result, k: int | None) -> tuple[float, float] | None:
    """The confidence, 0 to 1, and 1 for a right answer, else 0; None where nobody can tell."""
    if not result.answered and not result.error:
        return None
    known = right(case, result)
    return None if known is None else (result.confidence, float(known))


def aggregate(values: Array, weights: Array, k: int | None) -> Array:
    """The error for each row of weights, 0 to 1."""
    bins = np.clip((values[:, 0] * BINS).astype(int), 0, BINS - 1)
    apart = weights * (values[:, 0] - values[:, 1])
    gaps = [np.abs(apart[:, bins == one].sum(axis=1)) for one in range(BINS)]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(sum(gaps) / weights.sum(axis=1))
