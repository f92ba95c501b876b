"""What a child does to a library, drawn from a seed, and what the library may hold when it was killed on the way."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

WORDS = [f"w{number:04d}" for number in range(4_000)]

Documents = dict[str, str | None]


@dataclass(frozen=True)
class Step:
    """`kind` is "texts", "file", "remove", "wait" or "reopen"; `versions` are (source, version) of what is added."""

    kind: str
    versions: tuple[tuple[str, int], ...] = ()


def document(source: str, version: int, passages: int = 0) -> str:
    """A text of so many passages, or of 1 to 200, whose first sentence has a word that no other text has."""
    draw = random.Random(f"{source} {version}")
    count = passages or draw.choice((1, 5, 20, 60, 200))
    lines = [" ".join(draw.choices(WORDS, k=7)) + "." for _ in range(2 * count)]
    return f"{mark(source, version)} " + "\n\n".join(lines)


def mark(source: str, version: int) -> str:
    """The word that stands in this version of this document only."""
    return f"mark{source.split('.')[0]}v{version}"


def plan(seed: int, length: int) -> list[Step]:
    """Steps of every kind: of five documents three are new, one replaces another, one goes away."""
    draw = random.Random(seed)
    there: dict[str, int] = {}
    steps = []
    for number in range(length):
        kind = draw.choices(("texts", "file", "replace", "remove", "wait", "reopen"), (30, 25, 15, 8, 12, 4))[0]
        if kind == "texts":
            new = tuple((f"t{number}n{place}", 0) for place in range(draw.choice((1, 1, 5))))
            there |= dict(new)
            steps.append(Step("texts", new))
        elif kind == "file" or not there:
            there[f"f{number}.txt"] = 0
            steps.append(Step("file", ((f"f{number}.txt", 0),)))
        elif kind == "replace":
            source = draw.choice(sorted(there))
            there[source] += 1
            steps.append(Step("file" if source.endswith(".txt") else "texts", ((source, there[source]),)))
        elif kind == "remove":
            source = draw.choice(sorted(there))
            steps.append(Step("remove", ((source, there.pop(source)),)))
        else:
            steps.append(Step(kind))
    return steps


def texts(step: Step) -> Iterator[tuple[str, str, str]]:
    """What a step adds, as `Index.add_texts` takes it."""
    return ((source, "", document(source, version)) for source, version in step.versions)


def after(steps: Sequence[Step]) -> Documents:
    """The text of each document once these steps are done; None where it was taken out again."""
    found: Documents = {}
    for step in steps:
        for source, version in step.versions:
            found[source] = None if step.kind == "remove" else document(source, version)
    return found


def allowed(steps: Sequence[Step], log: Path) -> Mapping[str, set[str | None]]:
    """The texts that each document may have after a kill, by the log of what was begun and acknowledged.

    What was acknowledged has one; what was under way when the kill came may be as before or as after it. Steps follow
    each other, so at most one is under way.
    """
    begun, done = acknowledged(log)
    before, later = after(steps[:done]), after(steps[:begun])
    return {source: {before.get(source), later[source]} for source in later}


def acknowledged(log: Path) -> tuple[int, int]:
    """How many steps were begun, and how many acknowledged."""
    lines = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    begun = sum(1 for word, _ in lines if word == "begun")
    return begun, sum(1 for word, _ in lines if word == "done")
