"""Sorts the questions that our own search fails by the stage that lost them, and writes LOST.md.

    python -m tests.benchmarks.lost [--data FOLDER] [--kept FOLDER] [--set NAME …]

The reporting halves alone are asked (odd sha256 of the question). Libraries are kept in `runs/lost`, so that a second
run takes a minute; the vectors of SciFact take a quarter of an hour. A set that is not named keeps what was measured.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from textwrap import shorten

import numpy as np

from assistant.evaluation.lines import write_whole
from assistant.evaluation.overlap import by_document, gold, holds, ranked, shared
from assistant.evaluation.score import chosen, scored
from assistant.evaluation.types import Case, Place, Result
from index.find import POOL
from index.index import Index
from tests.benchmarks.ablation import METRICS, _interval
from tests.benchmarks.bed import filled, ground
from tests.benchmarks.drive import ROOT, Broken
from tests.benchmarks.machine import versions
from tests.benchmarks.measure import half
from tests.benchmarks.stages import STAGES, Search, at, lost

PAGE = Path(__file__).with_name("LOST.md")
SETS = {"chunking": (5, "excerpt_recall"), "northwind": (5, "hit")}
SETS |= {"scifact": (10, "document_recall"), "squad": (5, "document_recall")}
"""Among how many passages or documents a set's evidence has to be, and the metric that says so."""

DEPTHS = (5, 10, 20, 50, 2 * POOL)
EXAMPLES = 2


def measured(name: str, data: Path, kept: Path) -> dict:
    """What became of every question of a set's reporting half."""
    place = ground(name, data, kept)
    cases = [case for case in place.cases if half(case.question) and not case.id.startswith("train ")]
    with Index.open(kept / name) as index:
        filled(index, place, data)
        rows = [_asked(name, case, index) for case in cases]
    return {"commit": versions("ours")["commit"], "documents": len(place.documents), "rows": rows}


def _asked(name: str, case: Case, index: Index) -> dict:
    limit, metric = SETS[name]
    hits = index.search(case.question, 2 * POOL)
    places = [at(hit.passage) for hit in hits]
    search = Search(index, case.question, hits, limit, metric == "hit", cache(index.passages))
    found = lost(case, search)
    return {
        "question": case.question,
        "stage": found and found.stage,
        "said": found and found.said,
        "scores": {one: _score(case, places, one) for one in metrics(name)},
        "within": [_score(case, places, f"{metric}@{depth}") for depth in DEPTHS],
        "ordered": [_score(case, best(case, places, depth), METRICS[name][0]) for depth in DEPTHS],
    }


def metrics(name: str) -> list[str]:
    """The metric by which a question fails, and the one that the set's goal names where that is another."""
    return list(dict.fromkeys((f"{SETS[name][1]}@{SETS[name][0]}", METRICS[name][0])))


def best(case: Case, places: Sequence[Place], depth: int) -> list[Place]:
    """The first of what was found in the order of how much of the evidence each shows."""

    def shows(place: Place) -> float:
        stretch = shared(gold(case.evidence), by_document([place]))
        return stretch or sum(holds(place, piece) for piece in case.evidence)

    return sorted(ranked(places, case.evidence)[:depth], key=lambda place: -shows(place))


def _score(case: Case, places: Sequence[Place], name: str) -> float:
    [measure] = chosen([name])
    values = scored(case, Result(case.id, case.evidence, found=tuple(places)), [measure]).scores
    return values[measure.name][0] if values else 0.0


def rendered(found: dict[str, dict]) -> str:
    """The page of the sets that were measured; raises `Broken` where one was sorted into stages of another version."""
    if other := {row["stage"] for part in found.values() for row in part["rows"]} - {None, *STAGES}:
        raise Broken(f"what was kept knows the stages {sorted(other)}, which are no more; measure its set again")
    sections = (_failed(found), _stages(found), _worth(found), _reach(found), _examples(found))
    return "\n".join([HEAD, *("\n".join([*section, ""]) for section in sections)])


def _failed(found: dict[str, dict]) -> Iterator[str]:
    yield _row("set", "documents", "questions", "the first", "metric", "as it is", "failed", "nothing found", "commit")
    yield "|---|---|---|---|---|---|---|---|---|"
    for name, part in found.items():
        rows = [row for row in part["rows"] if row["stage"]]
        count = len(part["rows"])
        none = sum(row["scores"][metrics(name)[0]] == 0 for row in rows)
        for metric in metrics(name):
            values = 100 * np.array([row["scores"][metric] for row in part["rows"]])
            low, high = _interval(values)
            told = (f"{values.mean():.1f} ({low:.1f} to {high:.1f})", f"{len(rows)} ({100 * len(rows) / count:.1f}%)")
            yield _row(name, part["documents"], count, SETS[name][0], metric, *told, none, part["commit"])
    if missing := [name for name in SETS if name not in found]:
        yield f"\nNot measured: {', '.join(missing)}."


def _stages(found: dict[str, dict]) -> Iterator[str]:
    counts = {name: [row["stage"] for row in part["rows"] if row["stage"]] for name, part in found.items()}
    yield "## Failed questions by the stage that lost them\n"
    yield _row("stage", *found, "what it means")
    yield "|---|" + "---|" * (len(found) + 1)
    for stage, meaning in STAGES.items():
        each = [(every.count(stage), len(every)) for every in counts.values()]
        yield _row(stage, *(f"{count} ({100 * count / total:.0f}%)" if count else 0 for count, total in each), meaning)
    yield _row("all", *map(len, counts.values()), "every failed question is in one stage")


def _worth(found: dict[str, dict]) -> Iterator[str]:
    """A question that is put right scores 1 in every metric."""
    columns = [(name, metric) for name in found for metric in metrics(name)]
    choices: dict[str, set[str | None]] = {"as it is": set(), **{stage: {stage} for stage in STAGES}}
    choices |= {"all that failed": set(STAGES), "the others, which did not fail": {None}}
    yield "## What each stage is worth: the metric if all its questions were put right\n"
    yield _row("stage", *(f"{name}, {metric}" for name, metric in columns))
    yield "|---|" + "---|" * len(columns)
    for label, right in choices.items():
        cells = []
        for name, metric in columns:
            scores = np.array([row["scores"][metric] for row in found[name]["rows"]])
            then = np.where([row["stage"] in right for row in found[name]["rows"]], 1.0, scores).mean()
            gain = f" (+{100 * (then - scores.mean()):.1f})" if right else ""
            cells.append(f"{100 * then:.1f}{gain}" if then > scores.mean() or not right else "")
        yield _row(label, *cells)


def _reach(found: dict[str, dict]) -> Iterator[str]:
    yield "## What lies within reach\n"
    yield "The most that a re-ranker of the first so many could bring; scifact and squad rank documents.\n"
    yield _row("set", "", *DEPTHS[:-1], "all that was found")
    yield "|---|---|" + "---|" * len(DEPTHS)
    for name, part in found.items():
        for key, label in (("within", SETS[name][1]), ("ordered", f"{METRICS[name][0]}, these in the best order")):
            means = 100 * np.mean([row[key] for row in part["rows"]], axis=0)
            yield _row(name, label, *(f"{mean:.1f}" for mean in means))


def _examples(found: dict[str, dict]) -> Iterator[str]:
    yield "## Examples"
    for name, part in found.items():
        yield f"\n### {name}\n"
        for stage in STAGES:
            for row in [row for row in part["rows"] if row["stage"] == stage][:EXAMPLES]:
                question, said = (shorten(row[key], 180, placeholder=" …") for key in ("question", "said"))
                yield f"- {stage}: “{question}” {said}".rstrip()


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


HEAD = """# Where questions are lost

Written by `python -m tests.benchmarks.lost`; do not edit. Measured on the reporting halves (odd sha256 of the question)
with the product's own search, nothing re-ranked: of SQuAD 1.1 the 500 questions drawn, of SciFact the test claims.
A question fails where its evidence is not among the first so many: an excerpt of chunking wholly, one right page of
northwind (give or take one), every abstract of SciFact, SQuAD's paragraph. In percent, with 95% bootstrap intervals.
"""


def main() -> int:
    """Measures the sets that are asked for and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--kept", type=Path, default=ROOT / "runs" / "lost")
    parser.add_argument("--set", action="append", choices=SETS, default=[])
    given = parser.parse_args()
    if not (given.data / "chunking").is_dir():
        sys.stderr.write(f"there are no question sets in {given.data}; the README says how to get them\n")
        return 2
    given.kept.mkdir(parents=True, exist_ok=True)
    for name in given.set or SETS:
        write_whole(given.kept / f"{name}.json", json.dumps(measured(name, given.data, given.kept)))
    files = {name: given.kept / f"{name}.json" for name in SETS}
    found = {name: json.loads(file.read_text(encoding="utf-8")) for name, file in files.items() if file.exists()}
    write_whole(PAGE, rendered(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
