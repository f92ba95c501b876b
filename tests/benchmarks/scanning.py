"""Tells how long lists, counts and summaries take in a library of many passages.

    python -m tests.benchmarks.scanning [--passages 100000] [--work FOLDER]

The texts are made of a fixed list of words with a seed, without vectors: what is timed reads words only.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

from assistant import Assistant, Settings
from assistant.readers import scan
from assistant.route import COUNT, LIST, route
from assistant.types import Request
from assistant.view import View
from tests.stub import WordEmbedder

SENTENCES = 6
QUESTIONS = (
    "How many times is the lighthouse mentioned?",
    "List all warnings about the boiler",
    "How many documents mention copper?",
    "List all dates",
    "Give me all e-mail addresses",
)


def made(passages: int) -> list[tuple[str, str, str]]:
    """Texts of 100 passages each: one word in two hundred is rare, some sentences hold dates and addresses."""
    draw = random.Random(20261)
    common = [f"{a}{b}" for a in "bdfgklmnprst" for b in ("ari", "eno", "ilo", "omu", "una", "aste", "ering", "oss")]
    rare = ["lighthouse", "boiler", "warning", "copper", "on 5 May 1932", "write to ann@example.org"]
    texts = []
    for number in range(passages // 100):
        paragraphs = []
        for _ in range(100):
            words = [draw.choice(rare) if draw.random() < 0.005 else draw.choice(common) for _ in range(SENTENCES * 18)]
            lines = [" ".join(words[at : at + 18]).capitalize() + "." for at in range(0, len(words), 18)]
            paragraphs.append(" ".join(lines))
        texts.append((f"text {number}.txt", f"Text {number}", "\n\n".join(paragraphs)))
    return texts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--work", type=Path, default=Path("runs/scanning"))
    given = parser.parse_args()
    with Assistant.open(given.work, Settings(model=None, store="memory"), embedder=WordEmbedder()) as assistant:
        assistant.pause()
        if not assistant.documents():
            texts = made(given.passages)
            for at in range(0, len(texts), 50):
                assistant.add_texts(texts[at : at + 50], wait=False)
        library = View(assistant.index)
        sys.stdout.write(f"{library.total():,} passages\n")
        for question in QUESTIONS:
            assert route(question) in (COUNT, LIST)
            began = time.perf_counter()
            draft = scan.answer(Request(question, ()), library)
            said = draft.statements[0].text
            sys.stdout.write(f"{time.perf_counter() - began:.1f} s: {question} {said}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
