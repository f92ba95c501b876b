"""Fits the weights of the quoting reader on one half of a public question set, and reports them on the other.

    python tests/benchmarks/calibrate_extract.py --data FOLDER [--questions 700] [--work FOLDER]

Data: the Wikipedia part of squadshifts (CC BY 4.0), each article one document of a library of its own. Each question is
asked twice: as it is, and with the passages that hold its answer taken away, as if the documents did not hold it.
The halves are told apart by the parity of the question's sha256. SQuAD itself is never read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.readers.extract import PASSAGES, candidates
from assistant.types import Request
from assistant.view import View
from index.index import Index

NAMES = ("cosine", "coverage", "missing", "kind", "passage", "rank")


def half(question: str) -> int:
    return int(hashlib.sha256(question.encode()).hexdigest(), 16) % 2


def load(path: Path) -> tuple[list[tuple[str, str, str]], list[dict]]:
    """The articles as (source, title, text), and the questions with the spans of their answers."""
    texts, questions = [], []
    for number, article in enumerate(json.loads(path.read_text(encoding="utf-8"))["data"]):
        source, text = f"{number:03} {article['title']}.txt", ""
        for paragraph in article["paragraphs"]:
            for qa in paragraph["qas"]:
                spans = [(len(text) + a["answer_start"], a["text"]) for a in qa["answers"]]
                questions.append(
                    {
                        "question": qa["question"],
                        "source": source,
                        "spans": [(s, s + len(t)) for s, t in spans],
                        "texts": [t for _, t in spans],
                    }
                )
            text += paragraph["context"] + "\n\n"
        texts.append((source, article["title"], text))
    return texts, questions


def rows(index: Index, case: dict, without: bool) -> list[list[float]]:
    """The features of every candidate sentence, and whether it answers."""
    hits = index.search(case["question"], limit=2 * PASSAGES)

    def gold(source: str, start: int, end: int) -> bool:
        return source == case["source"] and any(start < b and a < end for a, b in case["spans"])

    if without:
        hits = [
            h
            for h in hits
            if not gold(h.passage.source, h.passage.start, h.passage.end)
            and not any(t.lower() in h.passage.text.lower() for t in case["texts"])
        ]
    request = Request(case["question"], tuple(hits[:PASSAGES]))
    return [
        [*(c.features[n] for n in NAMES), float(gold(c.hit.passage.source, c.start, c.end))]
        for c in candidates(request, View(index), compared=1_000)
    ]


def collect(index: Index, cases: list[dict], work: Path) -> list[dict]:
    """The features of all cases, kept in a file as they come."""
    kept = work / "features.jsonl"
    done = [json.loads(line) for line in kept.read_text().splitlines()] if kept.exists() else []
    with kept.open("a") as file:
        for number, case in enumerate(cases[len(done) :], start=len(done) + 1):
            row = {"half": half(case["question"]), "with": rows(index, case, False), "without": rows(index, case, True)}
            file.write(json.dumps(row) + "\n")
            done.append(row)
            if number % 100 == 0:
                file.flush()
                sys.stderr.write(f"{number} of {len(cases)}\n")
    return done


def fit(cases: list[dict]) -> LogisticRegression:
    every = np.array([row for case in cases for row in case["with"] + case["without"]])
    return LogisticRegression(C=10.0, max_iter=2000).fit(every[:, :-1], every[:, -1])


def measure(cases: list[dict], weights: np.ndarray, bias: float) -> dict[str, object]:
    """How often the best sentence answers, how well its likelihood tells, and what each threshold would do."""
    best, answerable, right = [], [], []
    for case in cases:
        for key in ("with", "without"):
            if not case[key]:
                continue
            table = np.array(case[key])
            scores = table[:, :-1] @ weights + bias
            top = int(scores.argmax())
            best.append(1 / (1 + np.exp(-scores[top])))
            answerable.append(key == "with")
            right.append(bool(table[top, -1]))
    likely, can, ok = np.array(best), np.array(answerable), np.array(right)
    found = {"top sentence right": ok[can].mean(), "auroc": roc_auc_score(can, likely), "thresholds": {}}
    for threshold in (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5):
        told = likely >= threshold
        found["thresholds"][threshold] = {
            "answered and right": round(float((told & ok)[can].mean()), 3),
            "silent where it should be": round(float((~told)[~can].mean()), 3),
            "right among answered": round(float(ok[told].mean()), 3) if told.any() else None,
        }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds new_wiki_v1.0.json")
    parser.add_argument("--questions", type=int, default=1400)
    parser.add_argument("--work", type=Path, default=Path("runs/calibrate"))
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    texts, questions = load(given.data / "new_wiki_v1.0.json")
    with Index.open(given.work / "library") as index:
        index.add_texts([text for text in texts if text[0] not in index.ledger.sources()])
        cases = collect(index, random.Random(7).sample(questions, given.questions), given.work)
    tune, report = ([case for case in cases if case["half"] == number] for number in (0, 1))
    model = fit(tune)
    weights = dict(zip(NAMES, (round(float(value), 3) for value in model.coef_[0]), strict=True))
    sys.stdout.write(json.dumps({"bias": round(float(model.intercept_[0]), 3), **weights}, indent=1) + "\n")
    for name, part in (("tuning half", tune), ("reporting half", report)):
        found = measure(part, model.coef_[0], model.intercept_[0])
        sys.stdout.write(f"{name}, {len(part)} questions: {json.dumps(found, indent=1)}\n")


if __name__ == "__main__":
    main()
