"""For a question and passages: the best stretch of each passage, how sure it is, and whether the passage answers."""

from __future__ import annotations

import hashlib
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.readers.trained.pairs import Pair, Pairs
from index.embed import bundled_weights
from index.errors import EmbeddingUnusable
from index.minilm import give_back
from index.words import STOP_WORDS, words

LONGEST_ANSWER = 30
"""Tokens of an answer; 98% of those that people marked in the training articles are no longer."""

LATIN, FEW = 0.9, 4
"""The share of plain letters in an English question, and the words below which it need not have a small one."""

KEPT = 64
"""Passages whose reading is kept, so that what ordered them is not read again for their sentences."""

WEIGHTS = Path(__file__).with_name("weights.safetensors")
WEIGHTS_SHA256 = "1117cde72eb651d6d9a838796c4827a34fd8b9e5a937c4b9417a7ca26dbaccab"

Logits = NDArray[np.float32]


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


Network = Callable[[Sequence[Pair]], list[Window]]
"""Says something of each pair: `assistant.readers.trained.computed`, or the network while it is trained."""


class SpanReader:
    """The trained reader; loads at its first use, and may be used from several threads.

    `weights` is a file that `assistant.readers.training.train` wrote, `sha256` what it must hash to (None: unchecked).
    Raises `EmbeddingUnusable` where weights are missing or are not the ones that the hash promises.
    """

    def __init__(self, weights: Path, sha256: str | None = None) -> None:
        self._weights, self._sha256 = weights, sha256
        self._lock = threading.Lock()
        self._loaded: tuple[Network, Pairs] | None = None
        self._kept: OrderedDict[tuple[str, str], Reading] = OrderedDict()

    def read(self, question: str, passages: Sequence[str]) -> list[Reading]:
        """What the network says of each passage, all that it has not just read in one go."""
        asked = [(question, passage) for passage in passages]
        with self._lock:
            known = {each: self._kept[each] for each in asked if each in self._kept}
        new = [each for each in dict.fromkeys(asked) if each not in known]
        known |= zip(new, read(*self._load(), new), strict=True) if new else ()
        with self._lock:
            for each in asked:
                self._kept[each] = known[each]
                self._kept.move_to_end(each)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return [known[each] for each in asked]

    def warm(self) -> None:
        """Loads the network, so that the first question need not wait for it."""
        self.read("warm", ["warm"])

    def __call__(self, question: str, passages: Sequence[str]) -> list[float]:
        """How much speaks for an answer in each passage, 0 to 1: a `Scorer` of `index.rank`; 0 where no word is."""
        best = [reading.best() for reading in self.read(question, passages)]
        return [1 / (1 + exp(-found.likely / 2)) if found else 0.0 for found in best]

    def _load(self) -> tuple[Network, Pairs]:
        with self._lock:
            if self._loaded is None:
                from assistant.readers.trained.computed import Computed

                base = bundled_weights()
                self._loaded = Computed(base, checked(self._weights, self._sha256)), Pairs(base.parent)
                give_back()
            return self._loaded


def read(network: Network, pairs: Pairs, asked: Sequence[tuple[str, str]]) -> list[Reading]:
    """What the network says of each question and passage."""
    windows = [pairs.windows(question, [passage])[0] for question, passage in asked]
    flat = iter(network([pair for of_one in windows for pair in of_one]))
    return [Reading(tuple(next(flat) for _ in of_one)) for of_one in windows]


def english(question: str) -> bool:
    """Whether a question may be English, which is all that the reader was taught: its letters and its small words."""
    letters = [mark for mark in question if mark.isalpha()]
    asked = words(question)
    latin = sum(mark.isascii() for mark in letters) >= LATIN * len(letters)
    return latin and (len(asked) < FEW or any(word in STOP_WORDS for word in asked))


@lru_cache(maxsize=1)
def shipped() -> SpanReader:
    """The reader that comes with this package; one for the whole process."""
    return SpanReader(WEIGHTS, WEIGHTS_SHA256)


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
