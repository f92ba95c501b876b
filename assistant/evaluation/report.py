"""What came of an evaluation: the numbers, and every question with its answer; it prints and saves itself."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from assistant.evaluation.bootstrap import Score
from assistant.evaluation.grid import aligned, counted
from assistant.evaluation.lines import write_whole
from assistant.evaluation.record import Record
from assistant.evaluation.run import PAGE, SUMMARY
from assistant.evaluation.score import Metric, totals
from assistant.spoken import spoken

MOST_KINDS = 30


@dataclass(frozen=True, slots=True)
class Report:
    """The metrics of a run over all its questions and over each kind of them.

    `metrics` and each of `slices` hold only what applies to some question. `seconds` is wall-clock time, the
    library's included; where a run was interrupted, that of its last part. `notes` are sentences on what was amiss.
    """

    name: str
    measures: tuple[Metric, ...]
    metrics: Mapping[str, Score]
    slices: Mapping[str, Mapping[str, Score]]
    records: tuple[Record, ...]
    config: Mapping[str, object]
    seconds: float
    notes: tuple[str, ...] = ()

    @property
    def errors(self) -> int:
        """How many questions ended in an error."""
        return sum(bool(result.error) for _, result in self.records)

    def summary(self) -> dict[str, object]:
        """The numbers as one object that can be written as JSON."""
        return {
            "metrics": {name: asdict(score) for name, score in self.metrics.items()},
            "config": dict(self.config),
            "seconds": round(self.seconds, 3),
            "questions": len(self.records),
            "errors": self.errors,
            "cost": cost_of(self.records),
            "slices": {
                kind: {name: asdict(score) for name, score in scores.items()} for kind, scores in self.slices.items()
            },
            "notes": list(self.notes),
        }

    def save(self, folder: Path) -> None:
        """Writes `summary.json` and `report.html` into the folder; the results are there already."""
        from assistant.evaluation.page import page

        write_whole(folder / SUMMARY, json.dumps(self.summary(), indent=2, ensure_ascii=False) + "\n")
        write_whole(folder / PAGE, page(self))

    def __str__(self) -> str:
        """A table for a terminal: a metric a line, with its 95% interval and how many questions it is over."""
        rows = [("metric", "value", "95% interval", "questions"), *(self._row(one) for one in self.shown())]
        lines = aligned(rows)
        errors = f", {self.errors:,} of them ended in an error" if self.errors else ""
        closing = f"{counted(len(self.records), 'question')} of {self.name} in {spoken(self.seconds)}{errors}"
        took = [took_of(self.records)] if took_of(self.records) else []
        return "\n".join([*lines, closing, *took, *(f"note: {note}" for note in self.notes)])

    def shown(self) -> list[Metric]:
        """The metrics that have a number, in their order."""
        return [one for one in self.measures if one.name in self.metrics]

    def _row(self, one: Metric) -> tuple[str, str, str, str]:
        score = self.metrics[one.name]
        return one.name, one.shown(score.mean), f"{one.shown(score.low)} to {one.shown(score.high)}", f"{score.n:,}"


def cost_of(records: Sequence[Record]) -> dict[str, Any] | None:
    """What a chat model took for all questions together; None where none was asked.

    `read` and `wrote` are tokens, `counted` whether all of them were told by its server, `first_word` the median of the
    seconds until its first word, `seconds` what all its requests took.
    """
    costs = [result.cost for _, result in records if result.cost is not None]
    if not costs:
        return None
    first = sorted(cost.first for cost in costs if cost.first is not None)
    return {
        "models": sorted({cost.model for cost in costs}),
        "answers": len(costs),
        "read": sum(cost.read for cost in costs),
        "wrote": sum(cost.wrote for cost in costs),
        "counted": all(cost.counted for cost in costs),
        "first_word": round(median(first), 3) if first else None,
        "seconds": round(sum(cost.seconds for cost in costs), 3),
    }


def took_of(records: Sequence[Record]) -> str:
    """The same in a sentence; empty where no chat model was asked."""
    cost = cost_of(records)
    if cost is None:
        return ""
    about = "" if cost["counted"] else "about "
    first = f"; its first word came after {cost['first_word']:.1f} s (median)" if cost["first_word"] is not None else ""
    tokens = f"{about}{cost['read']:,} tokens and wrote {about}{cost['wrote']:,}"
    return f"the chat model read {tokens} in {cost['seconds']:.1f} s{first}"


def report_of(name: str, measures: Sequence[Metric], records: Sequence[Record], config: Mapping[str, object]) -> Report:
    """The report on records that were scored with these metrics; it has taken no time yet, and has no notes."""
    kinds: dict[str, list[Record]] = {}
    for record in records:
        kinds.setdefault(record[0].kind, []).append(record)
    largest = sorted(sorted(kinds), key=lambda kind: -len(kinds[kind]))[:MOST_KINDS]
    sliced = {kind or "(none)": _totals(measures, kinds[kind]) for kind in largest} if len(kinds) > 1 else {}
    whole = _totals(measures, records)
    return Report(name, tuple(measures), whole, sliced, tuple(records), config, 0.0)


def _totals(measures: Sequence[Metric], records: Sequence[Record]) -> dict[str, Score]:
    return totals(measures, [result.scores or {} for _, result in records])
