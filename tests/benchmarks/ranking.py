"""What the trained reader is worth as a re-ranker: on each set, for depths and weights, on both halves.

    python -m tests.benchmarks.ranking [--data FOLDER] [--kept FOLDER] [--set NAME …] [--weights FILE]

The product's own search finds the passages; what the reader says of them is kept in `runs/ranking`. Halves are told
apart by the parity of the question's sha256: depth and weight may be chosen on the tuning half alone, of SQuAD nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from assistant.evaluation.score import chosen, scored
from assistant.evaluation.types import Place, Result
from assistant.readers.trained.spans import WEIGHTS, SpanReader
from index.index import Index
from tests.benchmarks.ablation import METRICS
from tests.benchmarks.bed import Ground, filled, ground
from tests.benchmarks.drive import ROOT
from tests.benchmarks.measure import half

DEPTH = 20
DEPTHS = (5, 8, 12, 16, 20)
FORMS = {
    "logits": lambda margin, null: np.clip(margin / 2 - null, -10, 10) / 10,
    "chance": lambda margin, null: 1 / (1 + np.exp(-(margin / 2 - null) / 2)),
    "span": lambda margin, null: np.clip(margin, -10, 10) / 10,
    "null": lambda margin, null: 1 / (1 + np.exp(null)),
}
SHARES = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6)


def found(place: Ground, data: Path, kept: Path, reader: SpanReader) -> list[list[dict]]:
    """For each question the first passages, with their scores and what the reader says of them."""
    file = kept / f"{place.name}.jsonl"
    done = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    with Index.open(kept / place.name) as index, file.open("a") as out:
        filled(index, place, data)
        for case in place.cases[len(done) :]:
            hits = index.search(case.question, DEPTH)
            readings = reader.read(case.question, [hit.passage.text for hit in hits])
            row = []
            for hit, reading in zip(hits, readings, strict=True):
                best, passage = reading.best(), hit.passage
                row.append(
                    {
                        "place": (passage.source, passage.start, passage.end, passage.page),
                        "score": hit.score,
                        "read": (best.margin, best.null) if best else (-20.0, 20.0),
                    }
                )
            out.write(json.dumps(row) + "\n")
            done.append(row)
            if len(done) % 50 == 0:
                out.flush()
                sys.stderr.write(f"{place.name}: {len(done)} of {len(place.cases)}\n")
    return done


def table(place: Ground, rows: list[list[dict]]) -> Iterator[str]:
    """A line for each way: its metrics in percent on the tuning and on the reporting half."""
    metrics = METRICS[place.name]
    measures = chosen(metrics)
    halves = np.array([half(case.question) for case in place.cases])
    yield f"{place.name}: {' '.join(metrics)}, tuning then reporting half"
    for form in FORMS:
        for depth in DEPTHS:
            for share in SHARES if (form, depth) == ("logits", DEPTHS[0]) else SHARES[1:]:
                values = []
                for case, row in zip(place.cases, rows, strict=True):
                    read = np.array([each["read"] for each in row]).reshape(-1, 2)
                    score = np.array([each["score"] for each in row])
                    score[:depth] += share * FORMS[form](read[:depth, 0], read[:depth, 1])
                    order = [*np.argsort(-score[:depth], kind="stable"), *range(depth, len(row))]
                    places = tuple(
                        Place(source, start, end, page=page)
                        for source, start, end, page in (row[at]["place"] for at in order)
                    )
                    result = scored(case, Result(case.id, case.evidence, found=places), measures)
                    values.append([result.scores[measure.name][0] for measure in measures])
                told = np.array(values, float)
                cells = [" ".join(f"{100 * v:5.1f}" for v in told[halves == part].mean(0)) for part in (0, 1)]
                yield f"  {form:7} first {depth:2} weight {share:4}: {cells[0]} | {cells[1]}"


def main() -> None:
    """Measures the sets that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--kept", type=Path, default=ROOT / "runs" / "ranking")
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--set", action="append", choices=METRICS, default=[])
    given = parser.parse_args()
    given.kept.mkdir(parents=True, exist_ok=True)
    for name in given.set or ("chunking", "northwind", "scifact slice", "squad"):
        place = ground(name, given.data, given.kept)
        rows = found(place, given.data, given.kept, SpanReader(given.weights))
        sys.stdout.write("\n".join(table(place, rows)) + "\n")


if __name__ == "__main__":
    main()
