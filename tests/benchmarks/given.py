"""SQuAD 2.0 with its paragraph given: what the quoting reader makes of it, with the trained reader and by rules.

    python -m tests.benchmarks.given [--data FOLDER] [--questions 2000]

Every paragraph is a document of one library and every question is asked within its own: F1 of the short answer where
there is one, whatever its confidence, and how well the confidence tells those questions from the others. For reporting
only: nothing is chosen by it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from random import Random

import numpy as np
from sklearn.metrics import roc_auc_score

from assistant.evaluation.bootstrap import draws, interval, mean
from assistant.evaluation.normal import best_f1
from assistant.readers.extract import answer
from assistant.readers.trained.spans import SpanReader, shipped
from assistant.types import Request
from assistant.view import View
from index.index import Index
from tests.benchmarks.drive import ROOT


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--questions", type=int, default=2000)
    given = parser.parse_args()
    texts, cases = [], []
    for article in json.loads((given.data / "squad" / "dev-v2.0.json").read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            texts.append((f"{len(texts)}.txt", article["title"].replace("_", " "), paragraph["context"]))
            cases += [(texts[-1][0], qa["question"], [a["text"] for a in qa["answers"]]) for qa in paragraph["qas"]]
    drawn = Random(7).sample(cases, min(given.questions, len(cases)))
    with tempfile.TemporaryDirectory() as folder, Index.open(folder) as index:
        index.add_texts(texts)
        readers: dict[str, SpanReader | None] = {"trained": shipped(), "rules": None}
        for name, spans in readers.items():
            scores, sure = [], []
            for source, question, _ in drawn:
                hits = tuple(index.search(question, 8, [source]))
                draft = answer(Request(question, hits), View(index, [source], spans), 0.0)
                scores.append(draft.short)
                sure.append(draft.confidence)
            held = np.array([bool(accepted) for *_, accepted in drawn])
            f1 = np.array([best_f1(s, a) for s, (*_, a) in zip(scores, drawn, strict=True) if a])
            low, high = interval(np.concatenate([mean(f1, weights) for weights in draws(len(f1))]))
            told = roc_auc_score(held, sure)
            sys.stdout.write(
                f"{name}: F1 {f1.mean():.3f} ({low:.3f} to {high:.3f}) of {held.sum()}, AUROC {told:.3f}\n"
            )


if __name__ == "__main__":
    main()
