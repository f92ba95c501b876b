"""Chooses metrics by name, scores one question with them, and sums them up with 95% intervals."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import cast

import numpy as np

from assistant.evaluation import bootstrap, metrics
from assistant.evaluation.bootstrap import Aggregate, Array, Score
from assistant.evaluation.errors import BadMetric
from assistant.evaluation.types import Case, Result
from index.named import named, names

GROUPS = ("finding", "answers", "citations", "confidence", "cost")

Scores = Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric as it was named, "recall@5", with its file and its k."""

    name: str
    module: ModuleType
    k: int | None

    @property
    def group(self) -> str:
        """Where it stands in a report: "finding", "answers", "citations", "confidence" or "cost"."""
        return str(self.module.GROUP)

    @property
    def needs_answer(self) -> bool:
        """Whether the assistant has to be asked for it; a search is enough for the others."""
        return bool(getattr(self.module, "NEEDS_ANSWER", True))

    @property
    def lower_is_better(self) -> bool:
        """Whether it is a cost or a risk."""
        return bool(getattr(self.module, "LOWER_IS_BETTER", False))

    @property
    def is_mean(self) -> bool:
        """Whether it is the mean of what its questions score."""
        return not hasattr(self.module, "aggregate")

    def shown(self, value: float) -> str:
        """The number as a person reads it: "82.8 %", "0.120 s"."""
        if math.isnan(value):
            return "-"
        figure = getattr(self.module, "FIGURE", None)
        return str(figure.format(value)) if figure else f"{round(100 * value, 1) + 0.0:.1f} %"

    def score(self, case: Case, result: Result) -> tuple[float, ...] | None:
        """What one question scores, or None where the metric does not apply."""
        found = self.module.score(case, result, self.k)
        return found if found is None or isinstance(found, tuple) else (float(found),)

    def summed(self, values: Array, weights: Array) -> Array:
        """The metric over questions (n, or n × numbers) for each row of weights (rows × n)."""
        aggregate = cast(Aggregate, getattr(self.module, "aggregate", bootstrap.mean))
        return aggregate(values, weights, self.k)


def metric(name: str) -> Metric:
    """The metric that "name" or "name@k" stands for; raises `UnknownName`, which lists them, or `BadMetric`."""
    stem, at, number = name.strip().partition("@")
    module = named(metrics, stem)
    default = getattr(module, "DEFAULT_K", None)
    if not at:
        return Metric(stem if default is None else f"{stem}@{default}", module, default)
    if default is None and not hasattr(module, "TAKES_K"):
        raise BadMetric(f"{stem} takes no @k; write {stem!r}")
    if not number.isdecimal() or (int(number) == 0 and default is not None):
        raise BadMetric(f"{name!r} should end in a whole number from 1, such as {stem}@{default or 1}")
    return Metric(f"{stem}@{int(number)}", module, int(number))


def chosen(wanted: Sequence[str] = ()) -> list[Metric]:
    """The metrics of those names, each once; all that there are where none is named; by group."""
    unique = {one.name: one for one in (metric(name) for name in wanted or names(metrics))}
    return sorted(unique.values(), key=lambda one: GROUPS.index(one.group))


def scored(case: Case, result: Result, measures: Iterable[Metric]) -> Result:
    """The result with what it scores in each metric that applies."""
    found = {one.name: one.score(case, result) for one in measures}
    return replace(result, scores={name: value for name, value in found.items() if value is not None})


def values_of(name: str, scores: Sequence[Scores]) -> tuple[Array, Array]:
    """The questions (as indices) that a metric applies to, and what they score (n, or n × numbers)."""
    rows = [at for at, one in enumerate(scores) if name in one]
    values = np.array([scores[at][name] for at in rows], dtype=np.float64)
    return np.array(rows, dtype=np.intp), values[:, 0] if values.ndim == 2 and values.shape[1] == 1 else values


def totals(measures: Sequence[Metric], scores: Sequence[Scores]) -> dict[str, Score]:
    """Each metric over the questions it applies to, with its interval; those without a number are left out."""
    if not scores:
        return {}
    known = {one.name: values_of(one.name, scores) for one in measures}
    used = [one for one in measures if known[one.name][0].size]
    samples: dict[str, list[Array]] = {one.name: [] for one in used}
    for weights in bootstrap.draws(len(scores)):
        for one in used:
            rows, values = known[one.name]
            own = weights if rows.size == len(scores) else weights[:, rows]
            samples[one.name].append(one.summed(values, own))
    out: dict[str, Score] = {}
    for one in used:
        rows, values = known[one.name]
        value = float(one.summed(values, np.ones((1, rows.size)))[0])
        if not math.isnan(value):
            low, high = bootstrap.interval(np.concatenate(samples[one.name]))
            out[one.name] = Score(value, low, high, int(rows.size))
    return out
