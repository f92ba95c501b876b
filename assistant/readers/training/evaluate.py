"""How well a trained reader reads: on held-out articles of each domain, and on SQuAD 2.0 with the paragraph given.

    python -m assistant.readers.training.evaluate --data FOLDER --weights FILE [--part report] [--questions 600]
        [--squad dev-v2.0.json --questions 600]

FILE is `weights.safetensors` of a run, or its `checkpoint.pt`. SQuAD 2.0 is read here to report, and for nothing else:
the calibration is fitted on the tuning articles alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import torch
from numpy.typing import NDArray

from assistant.evaluation.normal import best_f1, normal
from assistant.readers.trained.computed import Computed
from assistant.readers.trained.pairs import Pairs
from assistant.readers.trained.spans import Found, Network, read
from assistant.readers.training import data, derive, model
from assistant.readers.training.data import Example
from assistant.readers.training.mine import Mined
from assistant.readers.training.network import Network as Trained
from assistant.readers.training.siblings import Siblings
from index.embed import bundled_weights

Array = NDArray[np.float64]

HELD_OUT = {data.ANSWERED: 1.0, "name": 0.4, "number": 1.0, "antonym": 0.3, "negation": 0.05, "roles": 0.5} | {
    "sibling": 0.05,
    "renamed": 0.3,
    "neighbour": 0.1,
    "cut": 0.2,
    "mined": 0.3,
}
"""The mix of the held-out questions: as many that lack an answer as have one, about."""


def sampled(examples: Sequence[Example], questions: int, seed: int, base: Path) -> list[Example]:
    """A sample of held-out questions of all kinds, the same for the same seed."""
    from safetensors.torch import load_file

    words = load_file(base)["embeddings.word_embeddings.weight"]
    ways = derive.derivations(Siblings(words, base.parent / "vocab.txt")) | {"mined": Mined(examples)}
    return data.epoch(examples, ways, data.Mix(HELD_OUT), f"held out {seed}")[:questions]


def read_squad(path: Path, questions: int, seed: int) -> list[Example]:
    """A sample of SQuAD 2.0 dev, each question with its paragraph."""
    found = []
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            text = paragraph["context"]
            for qa in paragraph["qas"]:
                spans = tuple((a["answer_start"], a["answer_start"] + len(a["text"])) for a in qa["answers"])
                accepted = tuple(text[start:end] for start, end in spans)
                kind = data.ANSWERED if spans else "squad"
                found.append(Example(qa["question"], text, spans, accepted, "squad", article["title"], kind))
    return Random(seed).sample(found, min(questions, len(found)))


def answers(network: Network, pairs: Pairs, examples: Sequence[Example]) -> list[Found]:
    """What the network finds for each example, whether it would say so or not."""
    readings = read(network, pairs, [(example.question, example.passage) for example in examples])
    return [reading.best() or Found(0, 0, 0.0, 0.0) for reading in readings]


def summary(network: Network, pairs: Pairs, examples: Sequence[Example]) -> dict[str, float]:
    """Figures of the examples: F1 and exact match of the best span, and how well an answer's absence is told."""
    return figures(examples, answers(network, pairs, examples))


def figures(examples: Sequence[Example], found: Sequence[Found]) -> dict[str, float]:
    """The same of answers that were found already; AUROC by kind where the kind lacks an answer."""
    texts = [example.passage[one.start : one.end] for example, one in zip(examples, found, strict=True)]
    held = [(text, example) for text, example in zip(texts, examples, strict=True) if example.answers]
    values: dict[str, float] = {"questions": len(examples)}
    values["f1"] = mean([best_f1(text, example.accepted) for text, example in held])
    exact = [any(normal(text) == normal(right) for right in example.accepted) for text, example in held]
    values["exact"] = mean([float(one) for one in exact])
    answerable = [bool(example.answers) for example in examples]
    values["auroc"] = auroc([one.likely for one in found], answerable)
    values["auroc span"] = auroc([one.margin for one in found], answerable)
    values["auroc null"] = auroc([-one.null for one in found], answerable)
    for kind in sorted({example.kind for example in examples if not example.answers}):
        chosen = [at for at, example in enumerate(examples) if example.answers or example.kind == kind]
        told = auroc([found[at].likely for at in chosen], [answerable[at] for at in chosen])
        values[f"auroc {kind}"] = told
    return {name: round(value, 4) for name, value in values.items()}


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """The chance that a positive scores above a negative, ties counting half; NaN where one sort is missing."""
    above, below = (np.array([s for s, p in zip(scores, positive, strict=True) if p is w]) for w in (True, False))
    if not len(above) or not len(below):
        return float("nan")
    order = np.sort(below)
    wins = np.searchsorted(order, above, "left") + np.searchsorted(order, above, "right")
    return float(wins.sum() / 2 / len(above) / len(below))


def mean(values: Sequence[float]) -> float:
    """The mean, NaN of nothing."""
    return float(np.mean(values)) if values else float("nan")


def features(found: Sequence[Found]) -> Array:
    """What the calibration weighs, of shape (answers, 3): span margin, "not here" logit, one."""
    return np.array([[one.margin, one.null, 1.0] for one in found])


def calibrated(table: Array, right: Array) -> Array:
    """Weights of a logistic regression of what is right on the features, by Newton's method with a little ridge."""
    weights = np.zeros(table.shape[1])
    for _ in range(50):
        likely = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (right - likely) - 1e-3 * weights
        bend = (table * (likely * (1 - likely))[:, None]).T @ table + 1e-3 * np.eye(len(weights))
        weights = weights + np.linalg.solve(bend, slope)
    return weights


def calibration(likely: Array, right: Array) -> dict[str, float]:
    """Brier score and expected calibration error over ten bins of equal width."""
    bins = np.clip((likely * 10).astype(int), 0, 9)
    gaps = [abs((likely - right)[bins == one].sum()) for one in range(10)]
    return {"brier": round(float(((likely - right) ** 2).mean()), 4), "ece": round(float(sum(gaps) / len(right)), 4)}


def network_of(path: Path, base: Path) -> Network:
    """The network of a run's weights, computed as it ships, or of its checkpoint."""
    if path.suffix == ".pt":
        network = Trained()
        network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True)["network"])
        return model.reading(network.eval())
    return Computed(base, path)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--part", default=data.REPORT, choices=(data.TUNE, data.REPORT))
    parser.add_argument("--squad", type=Path)
    parser.add_argument("--questions", type=int, default=600)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args(arguments)
    base = bundled_weights()
    network, pairs = network_of(given.weights, base), Pairs(base.parent)
    examples = data.read(given.data)
    tuned = sampled(data.of_part(examples, data.TUNE), given.questions, given.seed, base)
    found = answers(network, pairs, tuned)
    weights = calibrated(features(found), np.array([float(bool(example.answers)) for example in tuned]))
    report: dict[str, object] = {"calibration": [round(float(value), 4) for value in weights]}
    sets = {} if given.squad else _domains(data.of_part(examples, given.part), given, base)
    if given.squad:
        sets["squad"] = read_squad(given.squad, given.questions, given.seed)
    for name, chosen in sets.items():
        found = answers(network, pairs, chosen)
        likely = 1 / (1 + np.exp(-features(found) @ weights))
        right = np.array([float(bool(example.answers)) for example in chosen])
        report[name] = figures(chosen, found) | calibration(likely, right)
    sys.stdout.write(json.dumps(report, indent=1) + "\n")


def _domains(examples: Sequence[Example], given: argparse.Namespace, base: Path) -> dict[str, list[Example]]:
    return {
        domain: sampled([e for e in examples if e.domain == domain], given.questions, given.seed, base)
        for domain in data.FILES
    }


if __name__ == "__main__":
    main()
