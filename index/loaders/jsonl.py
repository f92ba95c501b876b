"""Lines of JSON: each line a record, with its number as its place."""

from __future__ import annotations

from pathlib import Path

from index.errors import DamagedFile
from index.loaders import Writing, plain, ranges
from index.loaders.json import parsed, write_value
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
            value = parsed(line, path.name)
        except DamagedFile:
            broken.append(number)
            writing.add(plain(line), cell=f"line {number}")
        else:
            write_value(writing, value, f"line {number}")
    warnings = (f"{ranges(broken, 'line')} no JSON and kept as written",) if broken else ()
    return Document(
        path.name,
        path.stem,
        writing.text(),
        tuple(writing.blocks),
        (),
        "",
        "application/jsonl",
        warnings=warnings,
    )
