"""Examples as batches of tokens: windows that hold the answer, pairs of about the same length together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from assistant.readers.trained.pairs import QUESTION, Pair, Pairs, pair
from assistant.readers.training.data import Example

AHEAD = 64
"""Batches that are sorted by length together; more would save little and mix less."""

Row = tuple[Pair, tuple[int, int]]
"""A pair, and the first and last token of its answer; (0, 0) where it has none."""


def batches(examples: Sequence[Example], pairs: Pairs, size: int, longest: int, seed: str) -> Iterator[list[Row]]:
    """The examples in batches of `size`, near their order, the same for the same seed."""
    for at in range(0, len(examples), size * AHEAD):
        rng = Random(f"{seed} {at}")
        rows = sorted(encoded(examples[at : at + size * AHEAD], pairs, longest, rng), key=lambda row: len(row[0].ids))
        cut = [rows[place : place + size] for place in range(0, len(rows), size)]
        rng.shuffle(cut)
        yield from cut


def encoded(examples: Sequence[Example], pairs: Pairs, longest: int, rng: Random) -> list[Row]:
    """Each example as a pair of at most `longest` tokens; where its passage is longer, a window around the answer."""
    questions = pairs.codes([example.question for example in examples])
    passages = pairs.codes([example.passage for example in examples])
    rows = []
    for example, asked, code in zip(examples, questions, passages, strict=True):
        ids = asked.ids[:QUESTION]
        room = longest - len(ids) - 3
        start = _start(example, code.offsets, room, rng)
        made = pair(ids, code, start, start + room)
        place = made.place(*example.target) if example.target else (0, 0)
        rows += [(made, place)] if place else []
    return rows


def _start(example: Example, offsets: Sequence[tuple[int, int]], room: int, rng: Random) -> int:
    """The first token of a window that holds the answer, or of any window where there is none."""
    spare = max(len(offsets) - room, 0)
    if not spare or not example.target:
        return rng.randint(0, spare)
    start, end = example.target
    inside = [at for at, (a, b) in enumerate(offsets) if a < end and start < b]
    if not inside:
        return 0
    low, high = max(inside[-1] - room + 1, 0), min(inside[0], spare)
    return rng.randint(min(low, high), high)
