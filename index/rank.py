"""Re-orders the best hits with any scorer that is passed in."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from index.errors import RankerUnusable
from index.types import Found, Hit

Scorer = Callable[[str, Sequence[str]], Sequence[float]]
"""A question and texts to one score a text, higher is better."""

DEPTH = 30
"""How many hits are re-ordered; of the right passages of Chroma's chunking benchmark 95% were among the first 20."""


@dataclass(frozen=True, slots=True)
class Ranker:
    """Re-orders the first `depth` hits by score + `weight` * what the scorer gives their texts; `by[name]` says it."""

    scorer: Scorer
    weight: float = 1.0
    depth: int = DEPTH
    name: str = "rank"

    def __call__(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """All hits, the first `depth` of them in their new order and before the others."""
        first = rank(question, hits[: self.depth], self.scorer, self.weight, self.name)
        return [*first, *hits[self.depth :]]


def rank(question: str, hits: Sequence[Hit], scorer: Scorer, weight: float = 1.0, name: str = "rank") -> list[Hit]:
    """The hits by score + weight * what the scorer gives their texts, best first; `by[name]` holds the latter."""
    given = [float(value) for value in scorer(question, [hit.passage.text for hit in hits])]
    falling = sorted(given, reverse=True)
    order = {value: falling.index(value) + 1 for value in set(given)}
    scored = [
        replace(hit, score=hit.score + weight * value, by={**hit.by, name: Found(order[value], value)})
        for hit, value in zip(hits, given, strict=True)
    ]
    return sorted(scored, key=lambda hit: -hit.score)


class CrossEncoderScorer:
    """A sentence-transformers CrossEncoder, by the name or folder of one, as a scorer: 0 to 1 a text.

    The model is loaded at its first use, and may be used from several threads. Raises `RankerUnusable`.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._lock = threading.Lock()
        self._model: Any = None

    def __call__(self, question: str, texts: Sequence[str]) -> list[float]:
        """How well each text answers the question, 0 to 1."""
        if not texts:
            return []
        with self._lock:
            self._model = self._model or _load(self.name)
            pairs = [(question, text) for text in texts]
            given = self._model.predict(pairs, activation_fn=lambda raw: raw.sigmoid(), show_progress_bar=False)
        return [float(value) for value in given]


def _load(name: str) -> Any:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        from sentence_transformers import CrossEncoder

        model = CrossEncoder(name, device="cpu")
    except (OSError, ValueError, ImportError) as error:
        raise RankerUnusable(
            f"the re-ranker {name!r} cannot be loaded ({str(error).splitlines()[0][:200]}); "
            "a folder or the name of a sentence-transformers CrossEncoder would work"
        ) from error
    if model.num_labels != 1:
        raise RankerUnusable(
            f"the re-ranker {name!r} gives {model.num_labels} scores a text; one that gives 1 would work"
        )
    return model
