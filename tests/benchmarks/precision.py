"""What 8-bit vectors cost in what is found, beside those of floats: `python -m tests.benchmarks.precision`.

For each set its questions on both halves (told apart by the parity of the question's sha256): the product as it is and
meaning alone, with either vectors; and how near these are to each other. Vectors are kept in `runs/ablation`, so that
an interrupted run goes on where it was. `--texts` and `--questions` take a slice of the chunking set.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.embed import BUNDLED, EIGHT_BITS, Vectors, open_embedder
from index.intake import _from_text
from index.split import CHARACTERS
from tests.benchmarks import sets
from tests.benchmarks.ablation import METRICS, Variant, _cells, measured
from tests.benchmarks.bed import Bed, Ground, by_stems, ground, passages
from tests.benchmarks.drive import ROOT
from tests.benchmarks.measure import half
from tests.benchmarks.sets import Slice

STEP = 16
WAYS = (Variant("the product"), Variant("meaning alone", words=0.0))


def main() -> None:
    """Prints a table for each set."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--kept", type=Path, default=ROOT / "runs" / "ablation")
    parser.add_argument("--set", action="append", choices=METRICS, default=[])
    parser.add_argument("--texts", type=int)
    parser.add_argument("--questions", type=int)
    given = parser.parse_args()
    for name in given.set or ("chunking", "northwind", "scifact slice"):
        place = _place(name, given.data, given.kept, Slice(given.texts, given.questions))
        sys.stdout.write("\n".join(table(place, given.kept / "precision")) + "\n")


def table(place: Ground, kept: Path) -> list[str]:
    """The lines of one set's table; a difference is that of floats less 8 bits, question by question."""
    cut = passages(place, CHARACTERS)
    asked = [case.question for case in place.cases]
    halves = np.array([half(question) for question in asked])
    of = np.unique([passage.source for passage in cut], return_inverse=True)[1]
    words, apart = by_stems(cut, asked, of)
    none = np.zeros((len(asked), len(cut)), np.float32)
    floats, eights = (
        (vectors(model, [passage.text for passage in cut], kept), vectors(model, asked, kept))
        for model in (BUNDLED, EIGHT_BITS)
    )
    near = (floats[0] * eights[0]).sum(axis=1)
    metrics = METRICS[place.name]
    lines = [
        f"## {place.name}: {len(asked)} questions, {int((halves == 0).sum())} of them to tune on, {len(cut)} passages; "
        f"cosine of 8 bits with floats {near.mean():.4f}, {near.min():.4f} at least",
        "",
        "| | " + " | ".join(f"{metric}, tuning | reporting | floats − this" for metric in metrics) + " |",
        "|---|" + "---|" * (3 * len(metrics)),
    ]
    for way in WAYS:
        beds = (Bed(place, cut, of, words, words, asks @ rows.T, none, apart) for rows, asks in (floats, eights))
        base, other = (measured(bed, way) for bed in beds)
        for label, found in (("floats", base), ("8 bits", other)):
            cells = " | ".join(_cells(found[metric], base[metric], halves) for metric in metrics)
            lines.append(f"| {way.label}, {label} | {cells} |")
    return [*lines, ""]


def vectors(model: str, texts: Sequence[str], kept: Path) -> Vectors:
    """The vectors of the texts by that model, kept in files of a few each."""
    kept.mkdir(parents=True, exist_ok=True)
    embedder, rows = open_embedder(model), []
    for start in range(0, len(texts), STEP):
        some = list(texts[start : start + STEP])
        file = kept / (hashlib.sha256("\0".join([embedder.identity, *some]).encode()).hexdigest()[:32] + ".npy")
        if not file.exists():
            np.save(file, embedder.embed(some))
        rows.append(np.load(file))
    return np.concatenate(rows)


def _place(name: str, data: Path, kept: Path, part: Slice) -> Ground:
    if name != "chunking" or part == Slice(None, None):
        return ground(name, data, kept)
    trial = sets.chunking(data, part)
    return Ground(name, tuple(_from_text(source, "", text) for source, text in trial.texts), trial.cases)


if __name__ == "__main__":
    main()
