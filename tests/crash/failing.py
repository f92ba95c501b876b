"""A child that adds files on a disk that fails now and then, and says what became of each.

python -m tests.crash.failing LIBRARY COUNT
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from index.errors import LibraryError
from tests.crash.ingest import opened
from tests.crash.plan import document


def written(source: str) -> str:
    """The text of a file: that of the fourth is large, and takes more calls than any other to be written."""
    return document(source, 0, 400 if source == "e3.txt" else 5)


def add(library: Path, count: int) -> None:
    """Adds so many files, each a line on standard output: [source, state, sentence]."""
    incoming = library.parent / "incoming"
    incoming.mkdir(exist_ok=True)
    try:
        with opened(library) as index:
            for number in range(count):
                source = f"e{number}.txt"
                (incoming / source).write_text(written(source))
                [receipt] = index.add(incoming / source, name=source, wait=False)
                _tell(source, receipt.state, receipt.problem)
    except LibraryError as error:
        _tell("", "raised", str(error))


def _tell(*what: str) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    add(Path(sys.argv[1]), int(sys.argv[2]))
