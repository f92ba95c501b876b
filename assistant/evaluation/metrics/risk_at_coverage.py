"""Risk at coverage k: the share of wrong answers if only the k percent it is surest of were given.

    risk_at_coverage@k = wrong among the k % of questions with the highest confidence;  lower is better

Source: El-Yaniv and Wiener (2010); for questions and answers Kamath et al., Selective Question Answering under Domain
Shift (2020). What is right is said in `judge.right`: a refused question counts as wrong, so does any answer to an
unanswerable one. Questions of equal confidence share their risk.
"""

from __future__ import annotations

import numpy as np

from assistant.evaluation.bootstrap import Array
from assistant.evaluation.judge import right
from assistant.evaluation.types import Case, Result

GROUP = "confidence"
DEFAULT_K = 80
LOWER_IS_BETTER = True


def score(case: Case, result: Result, k: int | None) -> tuple[float, float] | None:
    """The confidence, 0 to 1, and 1 for a wrong answer, else 0; None where nobody can tell."""
    known = right(case, result)
    return None if known is None else (result.confidence, float(not known))


def aggregate(values: Array, weights: Array, k: int | None) -> Array:
    """The risk for each row of weights, 0 to 1."""
    order = np.argsort(-values[:, 0], kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(values[order, 0]) < 0])
    weights = weights[:, order]
    wrong = np.add.reduceat(weights * values[order, 1], starts, axis=1)
    held = np.add.reduceat(weights, starts, axis=1)
    room = weights.sum(axis=1, keepdims=True) * (k or DEFAULT_K) / 100
    taken = np.clip(room - (np.cumsum(held, axis=1) - held), 0, held)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(held > 0, wrong / held, 0)
        return np.asarray((taken * shares).sum(axis=1) / taken.sum(axis=1))
