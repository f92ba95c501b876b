"""For a question and passages: the best stretch of each passage, how sure it is, and whether the passage answers."""

from __future__ import annotations

import hashlib
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from assistant.readers.trained.network import Network, from_bert
from assistant.readers.trained.pairs import Pair, Pairs, batch
from index.embed import bundled_weights
from index.errors import EmbeddingUnusable

LONGEST_ANSWER = 30
"""Tokens of an answer; 98% of those that people marked in the training articles are no longer."""

Logits = NDArray[np.float32]

BATCH = 8
"""Pairs a forward pass."""


@dataclass(frozen=True, slots=True)
class Found:
    """The best stretch of a passage: `passage[start:end]`.

    `margin` is its logit less that of "not here" in the same softmax; `null` is the logit of the head that only tells
    whether the passage answers, higher where it does not. Both are unbounded; `likely` weighs them.
    """

    start: int
    end: int
    margin: float
    null: float

    @property
    def likely(self) -> float:
        """How much speaks for an answer in this passage, unbounded, comparable between passages of one question."""
        return self.margin / 2 - self.null


@dataclass(frozen=True, slots=True)
class Window:
    """What the network says of a pair: logits of its passage's tokens as `start` and `end`, of shape (tokens,).

    `nothing` is the logit of "not here" in the same softmax, `null` that of the head of its own.
    """

    pair: Pair
    start: Logits
    end: Logits
    nothing: float
    null: float

    def best(self, low: int, high: int) -> Found | None:
        """The best stretch within `passage[low:high]`, at most `LONGEST_ANSWER` tokens; None where no token is."""
        inside = [at for at, (start, end) in enumerate(self.pair.offsets) if low <= start and end <= high]
        if not inside:
            return None
        first, last = inside[0], inside[-1] + 1
        sums = self.start[first:last, None] + self.end[None, first:last]
        able = np.tril(np.triu(np.ones_like(sums, dtype=bool)), LONGEST_ANSWER - 1)
        row, column = divmod(int(np.where(able, sums, -np.inf).argmax()), last - first)
        offsets = self.pair.offsets
        margin = float(sums[row, column]) - self.nothing
        return Found(offsets[first + row][0], offsets[first + column][1], margin, self.null)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one passage, in one window or in several that overlap."""

    windows: tuple[Window, ...]

    def best(self, low: int = 0, high: int = sys.maxsize) -> Found | None:
        """The best stretch of the passage, or of the sentence `passage[low:high]`; None where no token is."""
        found = [one for window in self.windows if (one := window.best(low, high))]
        return max(found, key=lambda one: one.likely, default=None)


class SpanReader:
    """The trained reader; loads at its first use, and may be used from several threads.

    `weights` is a file that `assistant.readers.training.train` wrote, `sha256` what it must hash to (None: unchecked).
    Raises `EmbeddingUnusable` where weights are missing or are not the ones that the hash promises.
    """

    def __init__(self, weights: Path, sha256: str | None = None) -> None:
        self._weights, self._sha256 = weights, sha256
        self._lock = threading.Lock()
        self._loaded: tuple[Network, Pairs] | None = None

    def read(self, question: str, passages: Sequence[str]) -> list[Reading]:
        """What the network says of each passage."""
        return read(*self._load(), [(question, passage) for passage in passages])

    def __call__(self, question: str, passages: Sequence[str]) -> list[float]:
        """How much speaks for an answer in each passage: a `Scorer` of `index.rank`; -inf for one without words."""
        best = [reading.best() for reading in self.read(question, passages)]
        return [found.likely if found else float("-inf") for found in best]

    def _load(self) -> tuple[Network, Pairs]:
        with self._lock:
            if self._loaded is None:
                base = bundled_weights()
                self._loaded = load(base, checked(self._weights, self._sha256)), Pairs(base.parent)
            return self._loaded


def read(network: Network, pairs: Pairs, asked: Sequence[tuple[str, str]]) -> list[Reading]:
    """What the network says of each question and passage."""
    windows = [pairs.windows(question, [passage])[0] for question, passage in asked]
    flat = iter(predict(network, [pair for of_one in windows for pair in of_one]))
    return [Reading(tuple(next(flat) for _ in of_one)) for of_one in windows]


def predict(network: Network, pairs: Sequence[Pair]) -> list[Window]:
    """What the network says of each pair, read in batches of about the same length."""
    order = sorted(range(len(pairs)), key=lambda at: len(pairs[at].ids))
    found: dict[int, Window] = {}
    device = next(network.parameters()).device
    with torch.inference_mode():
        for at in range(0, len(order), BATCH):
            chosen = order[at : at + BATCH]
            scores = network(*(each.to(device) for each in batch([pairs[place] for place in chosen])))
            start, end, null = (each.cpu().numpy() for each in scores)
            for row, place in enumerate(chosen):
                held = slice(pairs[place].first, len(pairs[place].ids) - 1)
                nothing = float(start[row, 0] + end[row, 0])
                found[place] = Window(pairs[place], start[row, held], end[row, held], nothing, float(null[row]))
    return [found[at] for at in range(len(pairs))]


def load(base: Path, weights: Path) -> Network:
    """The network with the bundled weights, and over them those that training changed."""
    from safetensors.torch import load_file

    network = Network()
    state = network.state_dict() | from_bert(load_file(base))
    state |= {name: value.float() for name, value in load_file(weights).items()}
    network.load_state_dict(state)
    return network.eval()


def checked(path: Path, sha256: str | None) -> Path:
    """The path, if its file is there and hashes to what it must."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EmbeddingUnusable(f"the weights {path.name} of the trained reader cannot be read: {error}") from error
    if sha256 is not None and found != sha256:
        raise EmbeddingUnusable(
            f"the weights {path.name} of the trained reader are not the ones we tested (their sha256 starts with "
            f"{found[:12]}, {sha256[:12]} is right); reinstall this package"
        )
    return path
