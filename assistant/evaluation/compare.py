"""Compares two runs question by question: what differs, how surely, and which answers changed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.evaluation import bootstrap
from assistant.evaluation.bootstrap import Array
from assistant.evaluation.comparison import Comparison, Difference, Pair
from assistant.evaluation.errors import EvaluationError
from assistant.evaluation.run import RESULTS, read_results
from assistant.evaluation.score import Metric, chosen, values_of
from assistant.evaluation.worst import goodness

FLIPS = 10_000


def compare(a: str | Path, b: str | Path) -> Comparison:
    """The comparison of two runs, each a folder or its `results.jsonl`; questions are paired by id."""
    left, right = ({case.id: (case, result) for case, result in read_results(_file(path))} for path in (a, b))
    pairs = [(left[name], right[name]) for name in left if name in right]
    if not pairs:
        raise EvaluationError(f"{a} and {b} have no question in common, so there is nothing to compare")
    measured = {name for pair in pairs for _, result in pair for name in result.scores or {}}
    measures = chosen(sorted(measured)) if measured else []
    rows = [_difference(one, pairs) for one in measures]
    alone = len(left) - len(pairs), len(right) - len(pairs)
    changed = sorted((pair for pair in pairs if _changed(pair, measures)), key=_change)
    known = tuple(row for row in rows if row is not None)
    return Comparison((str(a), str(b)), tuple(measures), known, tuple(changed), len(pairs), alone)


def _difference(one: Metric, pairs: Sequence[Pair]) -> Difference | None:
    both = [pair for pair in pairs if all(one.name in (result.scores or {}) for _, result in pair)]
    if not both:
        return None
    a, b = (values_of(one.name, [pair[side][1].scores or {} for pair in both])[1] for side in (0, 1))
    whole = np.ones((1, len(both)))
    start, end = float(one.summed(a, whole)[0]), float(one.summed(b, whole)[0])
    if math.isnan(start) or math.isnan(end):
        return None
    samples = np.concatenate([one.summed(b, draw) - one.summed(a, draw) for draw in bootstrap.draws(len(both))])
    low, high = bootstrap.interval(samples)
    p = flipped(b - a) if one.is_mean else _crossing(samples)
    wins = ties = losses = None
    if a.ndim == 1:
        gains = (a - b) if one.lower_is_better else (b - a)
        wins, ties, losses = (int(np.sum(np.sign(gains) == sign)) for sign in (1, 0, -1))
    return Difference(one.name, start, end, end - start, low, high, p, wins, ties, losses, len(both))


def flipped(differences: Array) -> float:
    """The two-sided p of a mean difference by paired randomisation: the sign of each pair is drawn anew.

    p = (1 + flips with a mean at least as far from 0) / (1 + flips). Source: Fisher (1935); Smucker, Allan and
    Carterette, CIKM 2007. Pairs without a difference change nothing and are left out.
    """
    apart = differences[differences != 0]
    if not apart.size:
        return 1.0
    random = np.random.default_rng(bootstrap.SEED)
    seen, far = abs(float(apart.sum())) - 1e-12, 0
    block = max(1, bootstrap.CELLS // apart.size)
    for done in range(0, FLIPS, block):
        signs = random.integers(0, 2, (min(block, FLIPS - done), apart.size)) * 2 - 1
        far += int(np.sum(np.abs(signs @ apart) >= seen))
    return (1 + far) / (1 + FLIPS)


def _crossing(samples: Array) -> float:
    """The two-sided p by the paired bootstrap: twice the share of resamples on the far side of 0."""
    known = samples[~np.isnan(samples)]
    if not known.size:
        return 1.0
    less, more = float(np.mean(known <= 0)), float(np.mean(known >= 0))
    return min(1.0, max(2 * min(less, more), 1 / (1 + known.size)))


def _changed(pair: Pair, measures: Sequence[Metric]) -> bool:
    (_, a), (_, b) = pair
    quality = [one.name for one in measures if one.group != "cost" and one.is_mean]
    return any((a.scores or {}).get(name) != (b.scores or {}).get(name) for name in quality) or a.error != b.error


def _change(pair: Pair) -> tuple[float, str]:
    """What the changed questions are sorted by: those that got worse first."""
    return goodness(pair[1]) - goodness(pair[0]), pair[0][0].id


def _file(path: str | Path) -> Path:
    path = Path(path)
    file = path / RESULTS if path.is_dir() else path
    if not file.is_file():
        raise EvaluationError(f"there are no results at {path}; name a run's folder or its {RESULTS}")
    return file
