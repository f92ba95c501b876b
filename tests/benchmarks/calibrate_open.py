"""Fits how sure the reader is of questions whose answer may be long, on manuals and on Wikipedia, and reports it.

    python -m tests.benchmarks.calibrate_open [--data FOLDER] [--work FOLDER]

Wikipedia's questions are those that `calibrate_read` kept in the work folder. Northwind's manuals are asked twice: as
they are, where a sentence of the right page (give or take one) answers; and without those pages and all that is like
them, for the six manuals say much twice. Fitted on the tuning articles and on northwind's questions of even sha256, the
latter counted double; reported on the others.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from math import exp
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.readers.extract import PASSAGES, candidates
from assistant.readers.trained.spans import shipped
from assistant.readers.weigh import AT_LENGTH, READ, at_length
from assistant.risk import CURVE
from assistant.short import open_ended
from assistant.types import Request
from assistant.view import View
from index.index import Index
from index.types import Hit
from tests.benchmarks.bed import filled, ground
from tests.benchmarks.calibrate_read import NAMES
from tests.benchmarks.drive import ROOT
from tests.benchmarks.measure import half

FOUND = 60
"""Hits that are looked at, so that enough are left where the right ones are taken away."""

LIKE, NEAR = 0.85, 0.12
"""What says the same as a right page: a cosine to one of its passages above the first, or one to the true answer that
is less than the second below that of the right page's."""

THRESHOLD = 0.34
SHARES = (1.0, 2.0)
"""What a question of Wikipedia counts in the fit, and one of the manuals."""

ASKED = {"with": 0.5, "without": 0.25, "changed": 0.25}
"""The shares of Wikipedia's questions in the curve of risk: with their answer, without it, and changed."""


def manuals(data: Path, work: Path) -> list[dict]:
    """Northwind's questions with the candidates for each, as `calibrate_read` keeps them, and their `half`."""
    kept = work / "northwind.jsonl"
    done = [json.loads(line) for line in kept.read_text().splitlines()] if kept.exists() else []
    place = ground("northwind", data, work)
    with Index.open(work / "northwind") as index, kept.open("a") as file:
        filled(index, place, data)
        view = View(index, None, shipped())
        for case in place.cases[len(done) // 2 :]:
            pages = {(piece.document, piece.page + off) for piece in case.evidence for off in (-1, 0, 1) if piece.page}
            hits = index.search(case.question, FOUND)
            for way, left in (("with", hits), ("without", _without(hits, pages, case.reference, index))):
                rows = [
                    {
                        "features": [each.features[name] for name in NAMES],
                        "right": way == "with" and (each.hit.passage.source, each.hit.passage.page) in pages,
                    }
                    for each in candidates(Request(case.question, tuple(left[:PASSAGES])), view, compared=24)
                ]
                done.append({"way": way, "question": case.question, "half": half(case.question), "rows": rows})
                file.write(json.dumps(done[-1]) + "\n")
    return done


def _without(hits: Sequence[Hit], pages: set, truth: str, index: Index) -> list[Hit]:
    gold = [number for number, hit in enumerate(hits) if (hit.passage.source, hit.passage.page) in pages]
    each = np.array([_vector(hit.passage.text, index) for hit in hits])
    near = each @ _vector(truth, index)
    top = max((near[number] for number in gold), default=1.0)
    like = (each @ each[gold].T).max(axis=1) if gold else np.zeros(len(hits))
    return [
        hit
        for number, hit in enumerate(hits)
        if number not in gold and near[number] < top - NEAR and like[number] < LIKE
    ]


_known: dict[str, np.ndarray] = {}


def _vector(text: str, index: Index) -> np.ndarray:
    if text not in _known:
        _known[text] = index.embedder.embed([text])[0]
    return _known[text]


def _best(case: dict) -> tuple[float, float, bool]:
    """Of the best sentence of a case its logit, the best hit's score, and whether it is right."""
    features = np.array([row["features"] for row in case["rows"]])
    logits = features @ np.array([READ[name] for name in NAMES]) + READ["bias"]
    best, first = int(logits.argmax()), features[:, NAMES.index("rank")].argmin()
    return float(logits[best]), float(features[first, NAMES.index("passage")]), case["rows"][best]["right"]


def table(cases: Sequence[dict]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each open question's best sentence: its logit and the best hit's score; whether it is right; the way asked."""
    rows = [(*_best(case), case["way"]) for case in cases if case["rows"] and open_ended(case["question"])]
    logits, scores, right, way = zip(*rows, strict=True)
    return np.stack([logits, scores], 1), np.array(right, bool), np.array(way)


def told(name: str, cases: Sequence[dict], weights: np.ndarray) -> Iterator[str]:
    """A line for the reader's own chance, and one for the fitted one."""
    values, right, way = table(cases)
    for label, logits in (("as read", values[:, 0]), ("at length", values @ weights[:2] + weights[2])):
        likely = 1 / (1 + np.exp(-logits))
        can, lacks = way == "with", way == "without"
        auroc = roc_auc_score(can[can | lacks], likely[can | lacks])
        above = likely >= THRESHOLD
        changed = f", silent changed {100 * (~above)[way == 'changed'].mean():.1f}" if "changed" in way else ""
        yield (
            f"{name}, {can.sum()} questions, {label}: AUROC {auroc:.3f}; answered {100 * above[can].mean():.1f}, "
            f"and right {100 * (above & right)[can].mean():.1f}; "
            f"silent without {100 * (~above)[lacks].mean():.1f}{changed}"
        )


def curve(sets: Sequence[Sequence[dict]]) -> Iterator[str]:
    """The lines of `assistant.risk.CURVE`: of each threshold the worse of the sets; and their calibration errors."""
    told = [_chances(cases) for cases in sets]
    for likely, right, _ in told:
        bins = np.clip((likely * 10).astype(int), 0, 9)
        error = sum(abs((likely - right)[bins == number].sum()) for number in range(10)) / len(right)
        yield f"{len(right)} asked, expected calibration error {error:.3f}"
    for point in CURVE:
        wrong, covered = [], []
        for likely, right, way in told:
            above = likely >= point.threshold
            given = sum(share * above[way == name].mean() for name, share in ASKED.items())
            wrong.append(1 - ASKED["with"] * (above & right)[way == "with"].mean() / given)
            covered.append(above[way == "with"].mean())
        yield f"Risk({point.threshold}, {max(wrong):.3g}, {min(covered):.3g}),"


def _chances(cases: Sequence[dict]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each question's best sentence how likely it is, as the product says; whether it is right; the way asked."""
    rows = []
    for case in cases:
        if case["rows"]:
            logit, score, right = _best(case)
            likely = 1 / (1 + exp(-logit))
            rows.append((at_length(likely, score) if open_ended(case["question"]) else likely, right, case["way"]))
    likely, right, way = zip(*rows, strict=True)
    return np.array(likely), np.array(right, bool), np.array(way)


def main() -> None:
    """Fits and reports."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--work", type=Path, default=Path("runs/calibrate-read"))
    given = parser.parse_args()
    tune, report = (
        [case for line in (given.work / f"{part}.jsonl").open() if (case := json.loads(line))["domain"] == "wiki"]
        for part in ("tune", "report")
    )
    asked = manuals(given.data, given.work)
    sets = {
        "Wikipedia, tuning": tune,
        "manuals, tuning": [case for case in asked if not case["half"]],
        "Wikipedia, reporting": report,
        "manuals, reporting": [case for case in asked if case["half"]],
    }
    (one, first, _), (two, second, _) = table(sets["Wikipedia, tuning"]), table(sets["manuals, tuning"])
    fitted = LogisticRegression(max_iter=2000).fit(
        np.concatenate([one, two]),
        np.concatenate([first, second]),
        np.concatenate([np.full(len(first), SHARES[0]), np.full(len(second), SHARES[1])]),
    )
    weights = np.append(fitted.coef_[0], fitted.intercept_[0])
    sys.stdout.write(f"fitted: {dict(zip(('reading', 'score', 'bias'), weights.round(2).tolist(), strict=True))}\n")
    used = np.array([AT_LENGTH["reading"], AT_LENGTH["score"], AT_LENGTH["bias"]])
    for name, cases in sets.items():
        sys.stdout.write("\n".join(told(name, cases, used)) + "\n")
    sys.stdout.write("\n".join(curve([tune, report])) + "\n")


if __name__ == "__main__":
    main()
