"""Fits what the trained reader's scores are worth on the tuning articles, and reports it on the reporting articles.

    python -m tests.benchmarks.calibrate_read --data FOLDER [--work FOLDER] [--weights FILE]

FOLDER is the reader's data (squadshifts and PolicyQA). Which articles the reader never saw stands in
`assistant.readers.training.data`: a twelfth is for tuning and calibrating, a twelfth for reporting. Wikipedia's are
asked over all of them at once, policies each within its own document, as people would ask. Each question is asked three
times: as it is; with the passages that hold its answer taken away; and, where it can be done, changed so that the
documents seem to answer and do not (another name, number, opposite). SQuAD itself is never read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.evaluation.normal import best_f1, contains
from assistant.readers.extract import PASSAGES, candidates
from assistant.readers.trained.spans import SpanReader
from assistant.readers.training import data, derive
from assistant.readers.training.data import Article, Example
from assistant.readers.training.siblings import Siblings
from assistant.types import Request
from assistant.view import View
from index.embed import bundled_weights
from index.index import Index

RULED = ("cosine", "coverage", "missing", "kind", "passage", "rank")
NAMES = (*RULED, "margin", "null", "behind")
CHANGES = ("name", "number", "antonym", "roles", "negation", "sibling")
"""Ways of changing a question, tried in a drawn order until one can be done."""

DOMAINS = ("wiki", "policy")
FITTED = "wiki"
"""Of what people marked in policies much is one of many right places, so chances fitted to it would be too low."""


def gathered(examples: Sequence[Example]) -> dict[str, list[tuple[int, str]]]:
    """The passages of each article with their places in its document, which is they with blank lines between."""
    found: dict[str, list[tuple[int, str]]] = {}
    for name, article in data.articles(examples).items():
        at, places = 0, []
        for passage in article.passages:
            places.append((at, passage))
            at += len(passage) + 2
        found[name] = places
    return found


def asked(example: Example, articles: dict[str, Article], ways: dict, seed: int) -> Iterator[tuple[str, str]]:
    """The ways in which a question is asked, with what it then says: "with", "without", "changed"."""
    yield "with", example.question
    yield "without", example.question
    rng = Random(f"{seed} {example.question}")
    if example.domain == "wiki":
        for way in rng.sample(CHANGES, len(CHANGES)):
            made = ways[way](rng, example, articles[example.article])
            if made is not None and made.question != example.question:
                yield "changed", made.question
                return


def rows(view: View, index: Index, example: Example, way: str, question: str, start: int) -> list[dict]:
    """Every candidate sentence: its features, whether it answers, what it tells and how near that is to the answer."""
    within = [example.article] if example.domain == "policy" else None
    hits = index.search(question, 2 * PASSAGES, within)

    def gold(source: str, first: int, last: int) -> bool:
        return source == example.article and any(first < start + b and start + a < last for a, b in example.answers)

    if way == "without":
        hits = [
            h
            for h in hits
            if not gold(h.passage.source, h.passage.start, h.passage.end)
            and not contains(h.passage.text, example.accepted)
        ]
    found = candidates(Request(question, tuple(hits[:PASSAGES])), view, compared=24)
    return [
        {
            "features": [c.features[name] for name in NAMES],
            "right": way == "with" and gold(c.hit.passage.source, c.start, c.end),
            "f1": best_f1(c.told, example.accepted),
        }
        for c in found
    ]


def collect(given: argparse.Namespace, examples: Sequence[Example], part: str) -> list[dict]:
    """The candidates of all questions of a part, kept in a file as they come."""
    own = [e for e in data.of_part(examples, part) if e.domain in DOMAINS]
    kept = given.work / f"{part}.jsonl"
    done = [json.loads(line) for line in kept.read_text().splitlines()] if kept.exists() else []
    articles, places = data.articles(own), gathered(own)
    base = bundled_weights()
    from safetensors.numpy import load_file
    from torch import from_numpy

    words = from_numpy(load_file(base)["embeddings.word_embeddings.weight"])
    ways = derive.derivations(Siblings(words, base.parent / "vocab.txt"))
    with Index.open(given.work / part) as index, kept.open("a") as file:
        known = index.ledger.sources()
        index.add_texts(
            [(n, n.split("/")[-1], "\n\n".join(t for _, t in p)) for n, p in places.items() if n not in known]
        )
        view = View(index, None, SpanReader(given.weights))
        drawn = Random(7).sample(own, min(given.questions, len(own)))
        tried = [(e, *each) for e in drawn for each in asked(e, articles, ways, 7)]
        for number, (example, way, question) in enumerate(tried[len(done) :], start=len(done) + 1):
            start = next(at for at, text in places[example.article] if text == example.passage)
            made = rows(view, index, example, way, question, start)
            done.append({"way": way, "domain": example.domain, "question": question, "rows": made})
            file.write(json.dumps(done[-1]) + "\n")
            if number % 100 == 0:
                file.flush()
                sys.stderr.write(f"{part}: {number} of {len(tried)}\n")
    return [case for case in done if case["rows"]]


def fit(cases: Sequence[dict], names: Sequence[str]) -> np.ndarray:
    """Weights and, last, a bias: which sentence answers, then stretched so that the best one's chance is a true one."""
    columns = [NAMES.index(name) for name in names]
    table = np.array([row["features"] for case in cases for row in case["rows"]])[:, columns]
    right = np.array([row["right"] for case in cases for row in case["rows"]])
    first = LogisticRegression(C=10.0, max_iter=5000).fit(table, right)
    weights = np.append(first.coef_[0], first.intercept_[0])
    tops = [top(case, weights, names) for case in cases]
    scores, hit = np.array([score for score, _ in tops]), np.array([row["right"] for _, row in tops])
    second = LogisticRegression(C=100.0).fit(scores[:, None], hit)
    stretched = weights * second.coef_[0, 0]
    stretched[-1] += second.intercept_[0]
    return stretched


def top(case: dict, weights: np.ndarray, names: Sequence[str]) -> tuple[float, dict]:
    """The best sentence of a case and its score, in logits."""
    columns = [NAMES.index(name) for name in names]
    scores = np.array([row["features"] for row in case["rows"]])[:, columns] @ weights[:-1] + weights[-1]
    best = int(scores.argmax())
    return float(scores[best]), case["rows"][best]


def measure(cases: Sequence[dict], weights: np.ndarray, names: Sequence[str]) -> dict[str, object]:
    """How often the best sentence answers, how well it is told, and what each threshold risks and covers."""
    tops = [top(case, weights, names) for case in cases]
    likely = 1 / (1 + np.exp(-np.array([score for score, _ in tops])))
    right = np.array([row["right"] for _, row in tops])
    way = np.array([case["way"] for case in cases])
    can = way == "with"
    bins = np.clip((likely * 10).astype(int), 0, 9)
    told = np.array([row["f1"] for _, row in tops])
    found: dict[str, object] = {
        "questions": len(cases),
        "best sentence right": round(float(right[can].mean()), 3),
        "f1 of the short answer": round(float(told[can].mean()), 3),
        "auroc without": round(float(roc_auc_score(can[way != "changed"], likely[way != "changed"])), 3),
        "auroc changed": round(float(roc_auc_score(can[way != "without"], likely[way != "without"])), 3)
        if "changed" in way
        else None,
        "ece": round(sum(abs((likely - right)[bins == b].sum()) for b in range(10)) / len(right), 4),
        "reliability": [
            (
                b,
                int((bins == b).sum()),
                round(float(likely[bins == b].mean()), 3),
                round(float(right[bins == b].mean()), 3),
            )
            for b in range(10)
            if (bins == b).any()
        ],
    }
    found["thresholds"] = {
        threshold: {
            "answered": round(float((likely >= threshold).mean()), 3),
            "wrong among answered": round(float(1 - right[likely >= threshold].mean()), 3),
            "answered and right": round(float((likely >= threshold)[can & right].sum() / can.sum()), 3),
            "silent without": round(float((likely < threshold)[way == "without"].mean()), 3),
            "silent changed": round(float((likely < threshold)[way == "changed"].mean()), 3),
        }
        for threshold in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8)
        if (likely >= threshold).any()
    }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("runs/calibrate-read"))
    parser.add_argument("--weights", type=Path, default=None)
    parser.add_argument("--questions", type=int, default=1_000)
    given = parser.parse_args()
    from assistant.readers.trained.spans import WEIGHTS

    given.weights = given.weights or WEIGHTS
    given.work.mkdir(parents=True, exist_ok=True)
    examples = data.read(given.data)
    tune, report = (collect(given, examples, part) for part in (data.TUNE, data.REPORT))
    for names in (RULED, NAMES):
        weights = fit([case for case in tune if case["domain"] == FITTED], names)
        shown = {name: round(float(value), 3) for name, value in zip((*names, "bias"), weights, strict=True)}
        sys.stdout.write(json.dumps(shown) + "\n")
        for label, cases in (("tuning articles", tune), ("reporting articles", report)):
            for domain in DOMAINS:
                own = [case for case in cases if case["domain"] == domain]
                sys.stdout.write(f"{label}, {domain}: {json.dumps(measure(own, weights, names), default=str)}\n")


if __name__ == "__main__":
    main()
