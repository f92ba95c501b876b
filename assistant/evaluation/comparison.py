"""What came of comparing two runs: it prints itself, and says whether a condition on it holds."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from assistant.evaluation.errors import BadMetric
from assistant.evaluation.grid import aligned, counted
from assistant.evaluation.record import Record
from assistant.evaluation.score import Metric, metric
from assistant.evaluation.types import Result
from assistant.evaluation.worst import goodness

SHOWN = 20
LONG = 200
CONDITION = re.compile(r"\s*([\w@]+)\s*(<=|>=|<|>)\s*([-+]?(?:\d+\.?\d*|\.\d+))\s*")
Pair = tuple[Record, Record]


@dataclass(frozen=True, slots=True)
class Difference:
    """A metric over the `n` questions that both runs have it for: `a`, `b`, and b - a with its 95% interval.

    `p` is the chance, 0 to 1, of a difference so large if the runs were alike. `wins` counts the questions that b does
    better on; the three counts are None where single questions have no score of their own.
    """

    metric: str
    a: float
    b: float
    difference: float
    low: float
    high: float
    p: float
    wins: int | None
    ties: int | None
    losses: int | None
    n: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs over the questions they share; `changed` are the pairs of records that score differently."""

    names: tuple[str, str]
    measures: tuple[Metric, ...]
    differences: tuple[Difference, ...]
    changed: tuple[Pair, ...]
    shared: int
    alone: tuple[int, int]

    def failures(self, conditions: Iterable[str]) -> list[str]:
        """Of conditions such as "token_f1<-0.01", on the difference b - a, those that hold, in words.

        Raises `BadMetric` for one that cannot be read or names a metric that was not compared.
        """
        return [told for told in (self._failure(condition) for condition in conditions) if told]

    def summary(self) -> dict[str, object]:
        """The differences as one object that can be written as JSON."""
        rows = [{name: _plain(value) for name, value in asdict(row).items()} for row in self.differences]
        changed = [
            {"id": case.id, "question": case.question, "a": a.text, "b": b.text} for (case, a), (_, b) in self.changed
        ]
        counts = {"questions": self.shared, "only_a": self.alone[0], "only_b": self.alone[1]}
        return {"metrics": {str(row.pop("metric")): row for row in rows}, **counts, "changed": changed}

    def __str__(self) -> str:
        """A table of the differences, then the answers that changed, side by side."""
        head = ("metric", "A", "B", "B - A", "95% interval", "p", "won/tied/lost", "questions")
        lines = aligned([head, *(self._row(row) for row in self.differences)])
        lines.append(f"A is {self.names[0]}, B is {self.names[1]}; {counted(self.shared, 'question')} in both")
        if any(self.alone):
            lines.append(f"left out: {self.alone[0]:,} only in A, {self.alone[1]:,} only in B")
        lines += [f"\n{counted(len(self.changed), 'question')} changed:" if self.changed else "no question changed"]
        lines += [_side_by_side(pair) for pair in self.changed[:SHOWN]]
        rest = len(self.changed) - SHOWN
        return "\n".join([*lines, *([f"… and {rest:,} more"] if rest > 0 else [])])

    def _row(self, row: Difference) -> tuple[str, ...]:
        one = next(one for one in self.measures if one.name == row.metric)
        counts = "-" if row.wins is None else f"{row.wins}/{row.ties}/{row.losses}"
        interval = f"{one.shown(row.low)} to {one.shown(row.high)}"
        sure = f"{row.p:.3f}" if row.p >= 0.001 else "<0.001"
        return (
            row.metric,
            one.shown(row.a),
            one.shown(row.b),
            one.shown(row.difference),
            interval,
            sure,
            counts,
            f"{row.n:,}",
        )

    def _failure(self, condition: str) -> str:
        match = CONDITION.fullmatch(condition)
        if not match:
            raise BadMetric(f'{condition!r} is no condition; one such as "token_f1<-0.01" would work')
        name, sign, bound = metric(match[1]).name, match[2], float(match[3])
        row = next((row for row in self.differences if row.metric == name), None)
        if row is None:
            known = ", ".join(row.metric for row in self.differences)
            raise BadMetric(f"{name} is not among what both runs measured: {known}")
        value = row.difference
        holds = {"<": value < bound, "<=": value <= bound, ">": value > bound, ">=": value >= bound}[sign]
        return f"{name} changed by {value:+.4f}, which is {sign} {bound:g}" if holds else ""


def _side_by_side(pair: Pair) -> str:
    (case, a), (_, b) = pair
    right = " | ".join(case.answers[:3]) or ("(no answer)" if not case.answerable else case.reference)
    change = goodness(pair[1]) - goodness(pair[0])
    rows = [("A", _said(a)), ("B", _said(b)), *([("right", right)] if right else [])]
    return "\n".join(
        [f"[{change:+.2f}] {case.question}", *(f"    {name:>5}: {' '.join(text.split())[:200]}" for name, text in rows)]
    )


def _said(result: Result) -> str:
    if result.error:
        return f"error: {result.error}"
    if result.outcome == "searched":
        return "(only searched)"
    return (f"{result.short} · {result.text}" if result.short else result.text) if result.answered else "(no answer)"


def _plain(value: object) -> object:
    return None if isinstance(value, float) and math.isnan(value) else value
