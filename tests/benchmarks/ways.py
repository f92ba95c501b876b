"""Tells how many labelled questions the router sends where they belong, and how many real look-ups it leaves alone.

    python -m tests.benchmarks.ways [--data FOLDER]

The labelled questions are `tests/assistant/data/routes.txt` (written before the rules) and `routes_after.txt` (written
after them, in other words). The rules were tuned on the halves whose sha256 is even; the others are reported. With
FOLDER, also the questions of squadshifts' Wikipedia part and northwind, all of which ask for something that is looked
up: the share that is sent to a way that never looks anything up.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from pathlib import Path

from assistant.route import COMPARE, LOOK_UP, YES_NO, route

LABELLED = Path(__file__).parents[1] / "assistant" / "data"


def labelled(name: str) -> list[tuple[str, str, int]]:
    """The label, the question and the half of each line of a file."""
    lines = (LABELLED / name).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    return [(label, question, half(question)) for label, question in rows]


def half(question: str) -> int:
    """0 for the half that may be tuned on, 1 for the half that is reported."""
    return int(hashlib.sha256(question.encode()).hexdigest(), 16) % 2


def real(data: Path) -> dict[str, list[str]]:
    """Questions that people wrote to be looked up, of the reporting half."""
    articles = json.loads((data / "reader/squadshifts/new_wiki_v1.0.json").read_text(encoding="utf-8"))["data"]
    asked = [qa["question"] for article in articles for part in article["paragraphs"] for qa in part["qas"]]
    manuals = (data / "northwind/questions.jsonl").read_text(encoding="utf-8").splitlines()
    sets = {"squadshifts, Wikipedia": asked, "northwind": [json.loads(line)["question"] for line in manuals]}
    return {name: [question for question in every if half(question)] for name, every in sets.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    for name in ("routes.txt", "routes_after.txt"):
        for number, part in enumerate(("tuning", "reporting")):
            rows = [(label, question) for label, question, half in labelled(name) if half == number]
            right = sum(route(question) == label for label, question in rows)
            sys.stdout.write(f"{name}, {part} half: {right} of {len(rows)}, {100 * right / len(rows):.1f}%\n")
    for name, questions in real(given.data).items() if given.data else ():
        ways = Counter(map(route, questions))
        kept = ways[LOOK_UP] + ways[YES_NO] + ways[COMPARE]
        sys.stdout.write(f"{name}: {len(questions) - kept} of {len(questions)} look-ups sent elsewhere, {dict(ways)}\n")


if __name__ == "__main__":
    main()
