"""Tables as text, with commas or whatever else stands between the cells; the first row names the columns."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from index.errors import DamagedFile
from index.loaders import Account, Writing
from index.loaders.txt import decode
from index.loaders.xlsx.table import Row, write_rows
from index.types import Document, ink

_SEPARATORS = ",;\t|"
_MARKUP = "separators and quotes"
_SAMPLE = 16_384
_LONGEST_CELL = 10_000_000


def load(path: Path) -> Document:
    """The table: each row a line of cells, its column names as its context, "row 7" (as in a spreadsheet) its place."""
    return read_table(path, "text/csv")


def read_table(path: Path, media_type: str, separator: str = "") -> Document:
    """The table; the separator is told from the first lines where it is not given. Raises `DamagedFile`."""
    text = decode(path.read_bytes(), path.name)
    writing = Writing()
    writing.account.see(text)
    rows = _rows(text, separator or _separator(text), path.name, writing.account)
    write_rows(writing, rows, path.name, sheet=False)
    return writing.document(path.name, path.stem, media_type)


def _rows(text: str, separator: str, name: str, account: Account) -> Iterator[Row]:
    """The rows; the separators and quotes around cells are counted as dropped."""
    csv.field_size_limit(_LONGEST_CELL)
    quoted, wide = text.count('"'), ink(separator)
    account.dropped[_MARKUP] += quoted
    lines = (line + "\n" for line in text.split("\n"))
    try:
        for number, cells in enumerate(csv.reader(lines, delimiter=separator), 1):
            if quoted:
                account.dropped[_MARKUP] -= "".join(cells).count('"')
            account.dropped[_MARKUP] += wide * max(len(cells) - 1, 0)
            yield Row(number, {column: cell for column, cell in enumerate(cells) if cell.strip()})
    except csv.Error as error:
        raise DamagedFile(f"{name} is no table that can be read ({error}); save it again as CSV") from error


def _separator(text: str) -> str:
    """The separator that cuts the first lines into the most alike rows of several cells."""
    lines = text[:_SAMPLE].split("\n")
    lines = [line for line in (lines[:-1] if len(text) > _SAMPLE else lines) if line.strip()][:50]
    best, most = ",", 0.0
    for separator in _SEPARATORS:
        counts = [len(row) for row in csv.reader(lines, delimiter=separator)]
        usual = max(set(counts), key=counts.count) if counts else 1
        alike = counts.count(usual) / len(counts) if counts else 0.0
        if usual > 1 and alike > most:
            best, most = separator, alike
    return best
