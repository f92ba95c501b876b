"""Lines of JSON: each line a record, with its number as its place."""

from __future__ import annotations

from pathlib import Path

from index.errors import DamagedFile
from index.loaders import Writing, ranges
from index.loaders.json import write_text
from index.loaders.txt import decode
from index.types import Document


def load(path: Path) -> Document:
    """The records in their order, as `index.loaders.json` writes them; a line that is no JSON is kept as it stands."""
    writing = Writing()
    broken = []
    for number, line in enumerate(decode(path.read_bytes(), path.name).split("\n"), 1):
        if not line.strip():
            continue
        try:
            write_text(writing, line, path.name, f"line {number}")
        except DamagedFile:
            broken.append(number)
            writing.account.see(line)
            writing.add(writing.account.plain(line), cell=f"line {number}")
    warnings = (f"{ranges(broken, 'line')} no JSON and kept as written",) if broken else ()
    return writing.document(path.name, path.stem, "application/jsonl", {}, warnings)
