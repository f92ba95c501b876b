"""Rows of cells as text: each row a line, its column names beside it, so that a row can stand alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.errors import DamagedFile
from index.loaders import Account, Writing
from index.types import ink

_NUMBER = re.compile(r"[^\w]*\d[\d\s.,:/'%-]*[^\w]*|\d{4}-\d\d-\d\d.*|#[A-Z/0!?]+|TRUE|FALSE")
# A column's name is a few words; a longer cell is a note.
_LONGEST_NAME = 120
_LONGEST_NUMBER = 60
_LONGEST_NAMES = 500
_MOST_CHARACTERS = 100_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number from 1, and its cells that are not empty, by column from 0, as a person sees them."""

    number: int
    cells: dict[int, str]


def write_rows(writing: Writing, rows: Iterable[Row], name: str, title: str = "", sheet: bool = True) -> None:
    """Writes the rows of one sheet under its title, each with its range of cells ("B7:D7"), or as "row 7" without one.

    The column names are the first row of at least two cells that are all words, and again each such row after an empty
    one, where the row under it holds numbers. Raises `DamagedFile` beyond 100 million characters.
    """
    columns: dict[int, str] = {}
    before = 0
    for row, following in _pairs(rows, writing.account):
        if not before:
            writing.add(title, "heading", 1 if title else 0)
            writing.account.written += ink(title)
        top = row.number > before + 1 or not before
        begins = _is_names(row, following) and (not columns or (top and _has_numbers(following)))
        if begins:
            columns = row.cells
        said = "" if begins or not columns else " | ".join(columns.values())[:_LONGEST_NAMES]
        cell = cells(row) if sheet else f"row {row.number}"
        places = _places(row, {} if begins else columns)
        line = " | ".join(row.cells.get(column, "") for column in places)
        writing.add(line, "row", context=said, cell=cell)
        writing.account.written += len(places) - 1
        before = row.number
        if writing.length > _MOST_CHARACTERS:
            raise DamagedFile(f"{name} holds more than {_MOST_CHARACTERS:,} characters; split it and add the parts")


def write_cells(writing: Writing, rows: Sequence[Sequence[str]]) -> None:
    """Writes the rows of a table that stands in a text: its first row names the columns where it is all words."""
    writing.part()
    columns = ""
    filled = [row for row in rows if any(row)]
    for at, row in enumerate(filled):
        texts = trimmed(row)
        writing.add(" | ".join(texts), "row", context=columns)
        writing.account.written += len(texts) - 1
        if at == 0 and len(filled) > 1 and _is_names(_row(row), _row(filled[1])):
            columns = " | ".join(row)[:_LONGEST_NAMES]
    writing.part()


def _row(texts: Sequence[str]) -> Row:
    return Row(1, {column: text for column, text in enumerate(texts) if text})


def trimmed(row: Sequence[str]) -> Sequence[str]:
    """The row without the empty cells at its ends."""
    filled = [column for column, text in enumerate(row) if text]
    return row[filled[0] : filled[-1] + 1] if filled else []


def cells(row: Row) -> str:
    """The range of a row's cells: "B7:D7", or "B7" where there is one."""
    first, last = min(row.cells), max(row.cells)
    return f"{letters(first)}{row.number}" + (f":{letters(last)}{row.number}" if last > first else "")


def letters(column: int) -> str:
    """The name of a column, from 0: A to Z, AA to ZZ, AAA and on."""
    name = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def _pairs(rows: Iterable[Row], account: Account) -> Iterator[tuple[Row, Row | None]]:
    """Each row that holds anything, in one line a cell, with the one after it."""
    last: Row | None = None
    for row in rows:
        filled = {column: " ".join(account.plain(cell).split()) for column, cell in sorted(row.cells.items())}
        filled = {column: cell for column, cell in filled.items() if cell}
        if not filled:
            continue
        found = Row(row.number, filled)
        if last:
            yield last, found
        last = found
    if last:
        yield last, None


def _places(row: Row, columns: dict[int, str]) -> list[int]:
    """The columns of a row's line; an empty cell between two others keeps its place where its column has a name."""
    first, last = min(row.cells), max(row.cells)
    return sorted({*row.cells, *(column for column in columns if first < column < last)})


def _is_names(row: Row, following: Row | None) -> bool:
    texts: Sequence[str] = [*row.cells.values()]
    if following is None or len(texts) < 2 or following.cells.keys() - row.cells.keys() > row.cells.keys():
        return False
    return all(len(text) <= _LONGEST_NAME and not _is_number(text) for text in texts)


def _has_numbers(row: Row | None) -> bool:
    return row is not None and any(_is_number(text) for text in row.cells.values())


def _is_number(text: str) -> bool:
    return len(text) <= _LONGEST_NUMBER and bool(_NUMBER.fullmatch(text))
