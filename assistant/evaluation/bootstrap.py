"""Means with intervals: the bootstrap over questions, seeded, all resamples of a block at once.

Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993): the percentile interval. Questions are drawn
with replacement; a resample is kept as how often it drew each question, so a metric is a weighted sum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Aggregate = Callable[[Array, Array, int | None], Array]

RESAMPLES = 1000
SEED = 20231
LEVEL = 95
CELLS = 4_000_000


@dataclass(frozen=True, slots=True)
class Score:
    """A metric over `n` questions: its value, and the ends of its 95% interval."""

    mean: float
    low: float
    high: float
    n: int


def mean(values: Array, weights: Array, k: int | None = None) -> Array:
    """The mean of `values` (n) for each row of `weights` (rows × n); NaN where a row weighs nothing."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(weights @ values / weights.sum(axis=1))


def percentile(values: Array, weights: Array, percent: float) -> Array:
    """The nearest-rank percentile of `values` (n) for each row of `weights` (rows × n)."""
    order = np.argsort(values, kind="stable")
    totals = np.cumsum(weights[:, order], axis=1)
    place = (totals >= totals[:, -1:] * percent / 100 - 1e-9).argmax(axis=1)
    return np.asarray(values[order][place])


def draws(questions: int, resamples: int = RESAMPLES, seed: int = SEED) -> Iterator[Array]:
    """Blocks of resamples (rows × questions): how often each question was drawn. The same for the same numbers."""
    random = np.random.default_rng(seed)
    block = max(1, min(resamples, CELLS // max(1, questions)))
    for done in range(0, resamples, block):
        rows = min(block, resamples - done)
        drawn = random.integers(0, questions, (rows, questions)) + np.arange(rows)[:, None] * questions
        yield np.bincount(drawn.ravel(), minlength=rows * questions).reshape(rows, questions).astype(np.float64)


def interval(samples: Array) -> tuple[float, float]:
    """The ends of the 95% interval of the resampled values; those that came to nothing are left out."""
    known = samples[~np.isnan(samples)]
    if not known.size:
        return float("nan"), float("nan")
    tail = (100 - LEVEL) / 2
    low, high = np.percentile(known, [tail, 100 - tail])
    return float(low), float(high)
