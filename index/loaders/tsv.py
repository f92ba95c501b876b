"""Tables as text with tabulators between the cells."""

from __future__ import annotations

from pathlib import Path

from index.loaders.csv import read_table
from index.types import Document


def load(path: Path) -> Document:
    """The table, as `index.loaders.csv` reads it."""
    return read_table(path, "text/tab-separated-values", "\t")
