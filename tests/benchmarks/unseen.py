"""Whether the reader's training data shares text with SQuAD's dev sets, on which it is reported.

    python -m tests.benchmarks.unseen --data FOLDER

FOLDER holds `reader/` and `squad/`. Every stretch of 60 letters, digits and blanks of every passage is looked up.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from pathlib import Path

from assistant.readers.training import data

STRETCH = 60


def plain(text: str) -> str:
    """The text's letters and digits in lower case, with single blanks between."""
    return re.sub(r"\W+", " ", text.lower())


def stretches(text: str) -> set[int]:
    """The hash of every stretch of a text."""
    told = plain(text)
    return {hash(told[at : at + STRETCH]) for at in range(len(told) - STRETCH + 1)}


def main() -> None:
    """Prints how many passages share a stretch and how many questions are the same."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    given = parser.parse_args()
    known: set[int] = set()
    asked: set[str] = set()
    for file in sorted((given.data / "squad").glob("dev-*.json")):
        for article in json.loads(file.read_text(encoding="utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                known |= stretches(paragraph["context"])
                asked |= {plain(qa["question"]) for qa in paragraph["qas"]}
    examples = data.read(given.data / "reader")
    passages = {(example.domain, example.passage) for example in examples}
    shared = Counter(domain for domain, passage in passages if known & stretches(passage))
    same = sorted({example.question for example in examples if plain(example.question) in asked})
    sys.stdout.write(
        f"passages: {dict(Counter(domain for domain, _ in passages))}, sharing a stretch: {dict(shared)}\n"
    )
    sys.stdout.write(f"questions: {len(examples)}, the same as one of SQuAD's: {len(same)} {same[:5]}\n")


if __name__ == "__main__":
    main()
