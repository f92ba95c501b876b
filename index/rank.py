"""Re-orders the best hits with any scorer that is passed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from index.types import Found, Hit

Scorer = Callable[[str, Sequence[str]], Sequence[float]]
"""A question and texts to one score a text, higher is better; a CrossEncoder's `rank` wrapped in a line is one."""


def rank(question: str, hits: Sequence[Hit], scorer: Scorer, weight: float = 1.0) -> list[Hit]:
    """The hits by score + weight * what the scorer gives their texts, best first; `by["rank"]` holds the latter."""
    given = [float(value) for value in scorer(question, [hit.passage.text for hit in hits])]
    order = {value: place for place, value in enumerate(sorted(given, reverse=True), start=1)}
    scored = [
        replace(hit, score=hit.score + weight * value, by={**hit.by, "rank": Found(order[value], value)})
        for hit, value in zip(hits, given, strict=True)
    ]
    return sorted(scored, key=lambda hit: -hit.score)
