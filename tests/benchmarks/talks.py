"""Tells how often a follow-up question is answered, against the same question asked in full.

    python -m tests.benchmarks.talks [--work FOLDER]

The conversations are `tests/assistant/data/talks.txt`, a line each: the turns, " = ", the last of them asked in full,
" = ", what the answer must hold; their documents are the folder `talks` beside it, all in one library. The rules were
tuned on the lines whose sha256 is even; the others are reported.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from assistant import Answer, Assistant, Settings, Turn
from tests.benchmarks.ways import LABELLED, half


@dataclass(frozen=True)
class Talk:
    """A conversation: its questions, the last of them in full, what its answer must hold, and its half."""

    questions: tuple[str, ...]
    full: str
    expected: str
    half: int


def talks() -> list[Talk]:
    """The conversations."""
    lines = (LABELLED / "talks.txt").read_text(encoding="utf-8").splitlines()
    parts = [(line, line.split(" = ")) for line in lines]
    return [Talk(tuple(asked.split(" > ")), full, expected, half(line)) for line, (asked, full, expected) in parts]


def followed(assistant: Assistant, talk: Talk) -> Answer:
    """The answer to the last question, each asked with the turns before it."""
    history: list[Turn] = []
    for question in talk.questions:
        answer = assistant.ask(question, history)
        history.append(Turn(question, answer))
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("runs/talks"))
    given = parser.parse_args()
    counts = {(number, how): 0 for number in (0, 1) for how in ("followed", "in full")}
    with Assistant.open(given.work, Settings(model=None, store="memory")) as assistant:
        assistant.add(LABELLED / "talks")
        for talk in talks():
            answers = {"followed": followed(assistant, talk), "in full": assistant.ask(talk.full)}
            for how, answer in answers.items():
                right = talk.expected.casefold() in answer.text.casefold()
                counts[talk.half, how] += right
                if not right and talk.half == 0:
                    said = f"{how}: {' > '.join(talk.questions)} [{answer.asked}]: {answer.text[:160]!r}"
                    sys.stderr.write(said + "\n")
    for number, name in enumerate(("tuning", "reporting")):
        whole = sum(talk.half == number for talk in talks())
        said = [f"{how} {counts[number, how]} of {whole}" for how in ("followed", "in full")]
        sys.stdout.write(f"{name} half: {', '.join(said)}\n")


if __name__ == "__main__":
    main()
