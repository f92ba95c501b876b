"""Measures what each part of the search is worth, and writes ABLATION.md.

    python -m tests.benchmarks.ablation [--data FOLDER] [--kept FOLDER] [--set NAME …] [--size CHARACTERS …]

Every variant is one change to what the product does. What is costly (vectors) is kept in `runs/ablation`, so that a
second run takes minutes. Halves are told apart by the parity of the question's sha256; SQuAD is for reporting only.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from assistant.evaluation.bootstrap import draws, interval, mean
from assistant.evaluation.lines import write_whole
from assistant.evaluation.score import chosen, scored
from assistant.evaluation.types import Place, Result
from index.find import POOL, TOGETHER
from index.fuse import ELSEWHERE, FLOOR, LENT, WORDS_WEIGHT
from index.rank import DEPTH as FIRST
from index.split import CHARACTERS
from index.together import together
from tests.benchmarks.bed import Bed, bed, ground
from tests.benchmarks.drive import ROOT
from tests.benchmarks.measure import half
from tests.benchmarks.vectors import Pooled

PAGE = Path(__file__).with_name("ABLATION.md")
DEPTH = 50
METRICS = {
    "chunking": ("excerpt_recall@5", "excerpt_precision@5", "iou@5"),
    "northwind": ("hit@5", "hit@1"),
    "scifact slice": ("ndcg@10",),
    "scifact": ("ndcg@10",),
    "squad": ("document_recall@5", "document_recall@1"),
}


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to search: the defaults are the product's."""

    label: str
    characters: int = CHARACTERS
    forms: bool = True
    words: float = WORDS_WEIGHT
    meaning: float = 1.0
    lent: float = LENT[0]
    further: float = LENT[1]
    sentences: float = 0.0
    ends: float = 1.0
    together: float = TOGETHER
    elsewhere: tuple[float, ...] = ELSEWHERE


def variants(sizes: Sequence[int] = ()) -> Iterator[Variant]:
    """What is measured: the product, each of its parts left out or weighed otherwise, and what was not kept."""
    product = Variant("the product")
    yield product
    none = replace(product, forms=False, lent=0.0, further=0.0, together=0.0, elsewhere=())
    yield replace(none, label="none of it: no stems, no neighbours, no pairs, no words from elsewhere")
    for size in sizes:
        yield replace(product, label=f"passages of {size} characters", characters=size)
    yield replace(product, label="the search by words takes them as they stand, no stems", forms=False)
    yield replace(product, label="nothing from neighbours", lent=0.0, further=0.0)
    yield replace(product, label="nothing from the next but one", further=0.0)
    yield replace(product, label="nothing stands in beyond the ends of a document", ends=0.0)
    for lent in (0.1, 0.3):
        yield replace(
            product, label=f"neighbours lend {lent}, the next but one half of it", lent=lent, further=lent / 2
        )
    for share in (0.0, 0.1, 0.3):
        yield replace(product, label=f"words that stand together weigh {share}", together=share)
    for weight in (0.3, 0.7, 1.0):
        yield replace(product, label=f"words weigh {weight}", words=weight)
    yield replace(product, label="words elsewhere in a short document count nothing", elsewhere=())
    yield replace(product, label="they count in full", elsewhere=(0.0, 1.0, 1.0, 1.0))
    yield replace(product, label="words alone", meaning=0.0)
    yield replace(product, label="meaning alone", words=0.0)
    yield replace(product, label="the best sentence's cosine is added, weight 0.5", sentences=0.5)


def scores(one: Bed, way: Variant, question: int) -> np.ndarray:
    """What the passages score for a question; -inf for those that neither search has among its first."""
    words = (one.stemmed if way.forms else one.plain)[question]
    cosines = one.cosines[question]
    by_words, by_meaning = _first(words, words > 0), _first(cosines, np.ones(len(cosines), bool))
    found = (by_words if way.words else False) | (by_meaning if way.meaning else False)
    held = np.where(by_words, words, 0.0)
    if way.elsewhere:
        held = held + np.where(found, _elsewhere(one, way, question, by_words), 0.0)
    said = way.words * held / (held.max() or 1.0)
    alone = way.meaning * cosines + said + way.sentences * one.sentences[question]
    floor = np.sort(cosines)[-FLOOR:][0]
    lending = np.where(found, said + way.meaning * np.maximum(0.0, cosines - floor), 0.0)
    out = alone.copy()
    for step, weight in ((1, way.lent), (2, way.further)):
        inside = one.of[step:] == one.of[:-step]
        before, after = lending * way.ends, lending * way.ends
        after[:-step] = np.where(inside, lending[step:], after[:-step])
        before[step:] = np.where(inside, lending[:-step], before[step:])
        out += weight * (before + after)
    return np.where(found, out, -np.inf)


def _elsewhere(one: Bed, way: Variant, question: int, by_words: np.ndarray) -> np.ndarray:
    """What the words of their documents add to the bm25 of passages of short ones."""
    sizes = np.bincount(one.of)[one.of]
    shares = np.array([0.0, *way.elsewhere, 0.0])[np.minimum(sizes, len(way.elsewhere) + 1)]
    more = np.zeros(len(one.of))
    for rows, values in one.apart[question]:
        own, best = np.zeros(len(one.of)), np.zeros(int(one.of.max()) + 1)
        own[rows] = values
        np.maximum.at(best, one.of[rows], values)
        more += np.maximum(0.0, shares * best[one.of] - own) + np.where(by_words, 0.0, own)
    return more


def _first(values: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """Which passages are among the first `POOL` of those allowed."""
    out = np.zeros(len(values), bool)
    out[np.argsort(-np.where(allowed, values, -np.inf), kind="stable")[:POOL]] = True
    return out & allowed


def measured(one: Bed, way: Variant) -> dict[str, np.ndarray]:
    """Every metric of the set, question by question."""
    measures = chosen(METRICS[one.ground.name])
    rows = []
    for number, case in enumerate(one.ground.cases):
        values = scores(one, way, number)
        best = [row for row in np.argsort(-values, kind="stable")[:DEPTH] if np.isfinite(values[row])]
        if way.together:
            shares = together(case.question, [one.passages[row].text for row in best[:FIRST]])
            closer = {row: values[row] + way.together * share for row, share in zip(best, shares, strict=False)}
            best[:FIRST] = sorted(closer, key=lambda row: -closer[row])
        hits = [one.passages[row] for row in best]
        found = tuple(Place(hit.source, hit.start, hit.end, page=hit.page) for hit in hits)
        result = scored(case, Result(case.id, case.evidence, found=found), measures)
        rows.append([result.scores[measure.name][0] for measure in measures])
    return dict(zip(METRICS[one.ground.name], np.array(rows, float).T, strict=True))


def table(name: str, beds: dict[int, Bed]) -> Iterator[str]:
    """The lines of one set's table: for each variant its means on both halves, and how it differs from the product."""
    first = next(iter(beds.values()))
    halves = np.array([half(case.question) for case in first.ground.cases])
    yield f"## {name}: {len(halves)} questions, {int((halves == 0).sum())} of them to tune on"
    yield ""
    yield "| | " + " | ".join(f"{metric}, tuning | reporting | product − this" for metric in METRICS[name]) + " |"
    yield "|---|" + "---|" * (3 * len(METRICS[name]))
    product: dict[str, np.ndarray] = {}
    for way in variants([size for size in beds if size != CHARACTERS]):
        found = measured(beds[way.characters], way)
        product = product or found
        yield f"| {way.label} | " + " | ".join(_cells(found[m], product[m], halves) for m in found) + " |"
        sys.stderr.write(f"{name}: {way.label}\n")
    yield ""


def _cells(values: np.ndarray, product: np.ndarray, halves: np.ndarray) -> str:
    tuning, reporting = (100 * values[halves == part] for part in (0, 1))
    low, high = _interval(reporting)
    cell = f"{tuning.mean():.1f} | {reporting.mean():.1f} ({low:.1f} to {high:.1f})"
    if values is product:
        return f"{cell} | "
    low, high = _interval(100 * (product - values))
    return f"{cell} | {100 * (product - values).mean():+.1f} ({low:+.1f} to {high:+.1f})"


def _interval(values: np.ndarray) -> tuple[float, float]:
    return interval(np.concatenate([mean(values, weights) for weights in draws(len(values))]))


HEAD = """# What each part of the search is worth

Written by `python -m tests.benchmarks.ablation`; do not edit.

In percent, with 95% bootstrap intervals over questions; the last column of a metric is the product less the variant,
question by question, over both halves. Only the tuning half (even sha256) may choose anything; of SQuAD nothing.
That a passage stands in beyond the ends of its document was thought of when SQuAD's table had shown short documents to
lose; that it was kept rests on the tuning halves of northwind and SciFact.
"""


def main() -> int:
    """Measures the sets that are asked for and writes the page; a set measured before keeps its table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--kept", type=Path, default=ROOT / "runs" / "ablation")
    parser.add_argument("--set", action="append", choices=METRICS, default=[])
    parser.add_argument("--size", action="append", type=int, default=[], help="other passages to try, in characters")
    given = parser.parse_args()
    if not (given.data / "chunking").is_dir():
        sys.stderr.write(f"there are no question sets in {given.data}; the README says how to get them\n")
        return 2
    pooled = Pooled(given.kept / "pooled.sqlite")
    for name in given.set or ("chunking", "northwind", "scifact slice", "squad"):
        place = ground(name, given.data, given.kept)
        sizes = dict.fromkeys(
            way.characters for way in variants() if name == "chunking" or way.characters == CHARACTERS
        )
        lines = "\n".join(table(name, {size: bed(place, size, pooled) for size in sizes}))
        write_whole(given.kept / f"{name}.md", lines)
    written = [given.kept / f"{name}.md" for name in METRICS]
    write_whole(PAGE, "\n".join([HEAD, *(file.read_text(encoding="utf-8") for file in written if file.exists())]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
