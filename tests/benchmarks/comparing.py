"""Tells how often a comparison gets the side that its evidence favours, and how often a wrong one.

    python -m tests.benchmarks.comparing [--work FOLDER] [--half tuning reporting] [--show]

The questions are in `tests/assistant/data/comparing.txt`, a line each: its kind = the question = the side that the
short answer must name ("-" for none, "*" for any) = what the answer must hold, " ; " between them. "amount" and "date"
are computed from both sides, "decides" is told by one sentence, "differ" puts them side by side, and of "missing" one
side is in no document. Their documents are the folder `comparing` beside it. The rules were tuned on the questions
whose sha256 is even; the others are reported.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from assistant import Answer, Assistant, Settings
from tests.benchmarks.ways import LABELLED, half

HALVES = ("tuning", "reporting")
NONE, ANY = "-", "*"


@dataclass(frozen=True)
class Comparison:
    """A question, its kind, the side it is answered with, and what its answer must hold."""

    kind: str
    question: str
    side: str
    held: tuple[str, ...]

    def told(self, answer: Answer) -> bool:
        """Whether the short answer names the side, or is empty where neither is right."""
        return self.side == ANY or (not answer.short if self.side == NONE else self._names(answer.short))

    def shown(self, answer: Answer) -> bool:
        """Whether the answer holds its evidence."""
        return answer.answered and all(each.casefold() in answer.text.casefold() for each in self.held)

    def wrong(self, answer: Answer) -> bool:
        """Whether a short answer is given that is not the right one."""
        return bool(answer.short) and not self.told(answer)

    def _names(self, short: str) -> bool:
        return self.side.casefold() in short.casefold() and len(short) <= 2 * len(self.side) + 8


def comparisons() -> list[Comparison]:
    """The questions of the file."""
    rows = [line.split(" = ") for line in (LABELLED / "comparing.txt").read_text(encoding="utf-8").splitlines()]
    return [Comparison(kind, question, side, tuple(held.split(" ; "))) for kind, question, side, held in rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path("runs/comparing"))
    parser.add_argument("--half", nargs="+", choices=HALVES, default=list(HALVES))
    parser.add_argument("--show", action="store_true", help="tell what went wrong in the tuning half")
    given = parser.parse_args()
    with Assistant.open(given.work, Settings(model=None, store="memory")) as assistant:
        assistant.add(LABELLED / "comparing")
        for name in given.half:
            asked = [each for each in comparisons() if HALVES[half(each.question)] == name]
            right, count, wrong, told, took = Counter[str](), Counter[str](), 0, 0, 0.0
            for each in asked:
                began = time.monotonic()
                answer = assistant.ask(each.question)
                took += time.monotonic() - began
                good = each.told(answer) and each.shown(answer)
                right[each.kind] += good
                count[each.kind] += 1
                wrong += each.wrong(answer)
                told += each.told(answer)
                if given.show and not good and name == HALVES[0]:
                    sys.stderr.write(f"{each}\n    {answer.short!r} {answer.text!r} {answer.confidence:.2f}\n")
            said = ", ".join(f"{kind} {right[kind]} of {number}" for kind, number in count.items())
            sys.stdout.write(f"{name} half: {right.total()} of {len(asked)} right ({said}); short answer right ")
            sys.stdout.write(f"{told}, wrong {wrong}; {1000 * took / len(asked):.0f} ms a question\n")


if __name__ == "__main__":
    main()
