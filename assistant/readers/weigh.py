"""How likely a sentence answers a question: what is known of it, and the weights of what is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, log

from assistant.readers.trained.spans import Found
from assistant.short import holds, kind
from assistant.types import Library
from index.types import Hit
from index.words import STOP_WORDS, stem, stems, terms

BY_RULE = {"bias": -6.63, "cosine": 4.6, "coverage": 4.7, "missing": -0.35, "kind": 1.06, "passage": 0.25, "rank": -0.6}
"""A logistic regression: whether a sentence answers, by words and meaning alone. Fitted by
`tests/benchmarks/calibrate_extract.py` on 719 questions of the Wikipedia part of squadshifts, each asked with and
without its answer; on the 681 of the other half the best sentence holds the answer in 75%, and its likelihood tells the
answerable from the rest with an AUROC of .858. The bias is 1.07 higher than fitted, so that one threshold serves this
and the trained reader: the .15 that balanced right answers and silence is .34 now."""

READ = {
    "bias": -2.881,
    "cosine": 2.353,
    "coverage": 2.611,
    "missing": 0.318,
    "kind": 0.053,
    "passage": -0.739,
    "rank": -0.545,
    "margin": 0.175,
    "null": -0.109,
    "behind": -0.096,
}
"""The same where the trained reader has read, stretched so that a likelihood is how often it is right.

Fitted by `tests/benchmarks/calibrate_read.py` on 450 questions of Wikipedia articles that the reader never saw, each
asked as it is, without its answer, and changed. On 450 of other unseen articles, with these and with the same features
without the reader's: the best sentence is the right one in 78.0 and 71.8%; AUROC where the answer is taken away .875
and .837, where the question is changed .804 and .618; expected calibration error .029 and .036. Without the cosine
76.7%, .874 and .809. Numbers of all passages (the best margin, the least "not here"), and products of these, add
nothing: .875 to .878."""

AT_LENGTH = {"bias": -3.6, "reading": 0.72, "score": 3.17}
"""The chance of the best sentence where more than a short stretch may answer (`assistant.short.open_ended`): there the
reader, which learned short ones, says less, and that the search found something near says more.

Fitted by `tests/benchmarks/calibrate_open.py` on such questions of Wikipedia and of northwind's manuals. On the
reporting half at a threshold of .34, with it and without: of manuals 81.4 and 67.0% are answered, 73.2 and 60.8% by the
right page; silent where the right page and its like are gone in 75.3 and 76.3%; AUROC .870 and .794. Of Wikipedia 59.2
and 66.2% are answered, silent in 83.1 and 81.7%; AUROC .817 and .828 (on the tuning half .904 and .879)."""

FARTHEST = 20.0
"""Logits of the trained reader beyond this say no more."""


def likelihood(features: Mapping[str, float]) -> float:
    """The chance, 0 to 1, that a sentence with these features answers."""
    weights = READ if "margin" in features else BY_RULE
    return 1 / (1 + exp(-weights["bias"] - sum(weights[name] * value for name, value in features.items())))


def at_length(likely: float, score: float) -> float:
    """The chance of a sentence, `likely` by its features, where the answer may be long and the best hit has a score."""
    logit = log(max(likely, 1e-9) / max(1 - likely, 1e-9))
    return 1 / (1 + exp(-AT_LENGTH["bias"] - AT_LENGTH["reading"] * logit - AT_LENGTH["score"] * score))


class Features:
    """What is known of a sentence before its meaning is compared; its cosine is 0 until then."""

    def __init__(self, question: str, hits: Sequence[Hit], library: Library) -> None:
        words = [word for word in terms(question) if word not in STOP_WORDS]
        rarity = library.rarity(words)
        self.question = question
        self.kind = kind(question)
        self.order = {hit.passage.id: place for place, hit in enumerate(hits)}
        self.weights = {stem(word): rarity[word] for word in words}
        self.total = sum(self.weights.values()) or 1.0
        self.rarest = max(self.weights.values(), default=0.0)

    def of(self, hit: Hit, text: str) -> dict[str, float]:
        """The features of one sentence of a hit."""
        passage = hit.passage
        return {
            "cosine": 0.0,
            "coverage": self.share(text),
            "missing": self.missing(f"{passage.context} {passage.text}"),
            "kind": float(holds(self.kind, self.question, text)) if self.kind != "thing" else 0.5,
            "passage": hit.score,
            "rank": float(self.order[passage.id]),
        }

    def share(self, text: str) -> float:
        """The weight of the question's words that the text holds, each counted by how rare it is, 0 to 1."""
        held = set(stems(text))
        return sum(weight for word, weight in self.weights.items() if word in held) / self.total

    def missing(self, text: str) -> float:
        """Whether the question's rarest word is not in the text: 1.0 or 0.0."""
        held = set(stems(text))
        return float(any(weight == self.rarest and word not in held for word, weight in self.weights.items()))


def of_reading(found: Sequence[Found | None]) -> list[dict[str, float]]:
    """What the trained reader adds to the features of each sentence.

    `margin` is how far its best stretch stands above "not here", `null` how much the passage seems to lack an answer,
    `behind` how far the stretch stands behind the best of all sentences; all in logits, within `FARTHEST`.
    """
    best = max((one.likely for one in found if one), default=0.0)
    return [
        {"margin": _cut(one.margin), "null": _cut(one.null), "behind": _cut(best - one.likely)}
        if one
        else {"margin": -FARTHEST, "null": FARTHEST, "behind": FARTHEST}
        for one in found
    ]


def _cut(value: float) -> float:
    return min(max(value, -FARTHEST), FARTHEST)
