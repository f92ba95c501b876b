"""Area under the ROC curve: how well confidence tells answerable questions from unanswerable ones.

    auroc = P(confidence of an answerable question > that of an unanswerable one), ties counting half

Source: Hanley and McNeil, Radiology 143 (1982), by the equivalence with the Mann-Whitney U. Chance is .5. It needs
questions of both sorts; with one sort alone there is no number.
"""

from __future__ import annotations

import numpy as np

from assistant.evaluation.bootstrap import Array
from assistant.evaluation.types import Case, Result

GROUP = "confidence"


def score(case: Case, result: Result, k: int | None) -> tuple[float, float]:
    """The confidence, 0 to 1, and 1 for an answerable case, else 0."""
    return result.confidence, float(case.answerable)


def aggregate(values: Array, weights: Array, k: int | None) -> Array:
    """The area for each row of weights, 0 to 1, NaN where one of the two sorts is missing."""
    order = np.argsort(values[:, 0], kind="stable")
    confidence, answerable = values[order, 0], values[order, 1]
    starts = np.flatnonzero(np.r_[True, np.diff(confidence) > 0])
    weights = weights[:, order]
    right = np.add.reduceat(weights * answerable, starts, axis=1)
    wrong = np.add.reduceat(weights * (1 - answerable), starts, axis=1)
    below = np.cumsum(wrong, axis=1) - wrong
    pairs = right.sum(axis=1) * wrong.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((right * (below + wrong / 2)).sum(axis=1) / pairs)
