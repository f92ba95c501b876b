"""Tells how often questions of several parts are answered whole, and how often single ones are left alone.

    python -m tests.benchmarks.parts [--work FOLDER] [--set parts.txt] [--rounds 0 1 2] [--show]

The questions are in `tests/assistant/data`, a line each: "two", "three" or "hop", "missing" (a part is not in the
documents) or "single" = the question = what the answer must hold, " ; " between parts, "-" for one that must be said to
be missing. Their documents are the folders `talks` and `parts` beside it, all in one library. The rules and thresholds
were tuned on the questions whose sha256 is even; the others are reported. With 0 rounds no question is divided.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from assistant import Answer, Assistant, Settings
from assistant.account import UNFOUND
from tests.benchmarks.ways import LABELLED, half

HALVES = ("tuning", "reporting")


@dataclass(frozen=True)
class Asked:
    """A question, its kind, what its answer must hold (nothing for a part that is missing), and its half."""

    kind: str
    question: str
    expected: tuple[str, ...]

    def right(self, answer: Answer) -> bool:
        """Whether all parts are answered, those that are missing said to be so, and a single one is not divided."""
        text = answer.text.casefold()
        found = answer.answered and all(each.casefold() in text for each in self.expected if each != "-")
        missing = sum(each == "-" for each in self.expected)
        return found and answer.text.count(UNFOUND) == missing and not (self.kind == "single" and answer.parts)


def asked(name: str) -> list[Asked]:
    """The questions of a file."""
    lines = (LABELLED / name).read_text(encoding="utf-8").splitlines()
    rows = [line.split(" = ") for line in lines]
    return [Asked(kind, question, tuple(expected.split(" ; "))) for kind, question, expected in rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("runs/parts"))
    parser.add_argument("--set", default="parts.txt")
    parser.add_argument("--rounds", type=int, nargs="+", default=[0, 1])
    parser.add_argument("--show", action="store_true", help="tell what went wrong in the tuning half")
    given = parser.parse_args()
    for rounds in given.rounds:
        with Assistant.open(given.work, Settings(model=None, store="memory", rounds=rounds)) as assistant:
            for folder in ("talks", "parts"):
                assistant.add(LABELLED / folder)
            right, divided, took = Counter[tuple[int, str]](), Counter[int](), 0.0
            every = asked(given.set)
            for each in every:
                began = time.monotonic()
                answer = assistant.ask(each.question)
                took += time.monotonic() - began
                number = half(each.question)
                right[number, each.kind] += each.right(answer)
                divided[number] += each.kind == "single" and bool(answer.parts)
                if given.show and not each.right(answer) and number == 0:
                    sys.stderr.write(f"{rounds} {each}\n    {answer.text!r} {answer.confidence:.2f}\n")
        for number, name in enumerate(HALVES):
            counts = Counter(each.kind for each in every if half(each.question) == number)
            said = [f"{kind} {right[number, kind]} of {count}" for kind, count in sorted(counts.items())]
            said.append(f"single ones divided {divided[number]}")
            sys.stdout.write(f"{given.set}, {rounds} rounds, {name} half: {', '.join(said)}\n")
        sys.stdout.write(f"{1000 * took / len(every):.0f} ms a question\n")


if __name__ == "__main__":
    main()
