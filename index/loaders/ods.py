"""OpenDocument spreadsheets: each sheet a page, each row a line of cells as they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from index.loaders import Writing, plain
from index.loaders.docx.archive import Kind
from index.loaders.docx.body import tag
from index.loaders.docx.styles import attribute
from index.loaders.odt.package import Package
from index.loaders.odt.walk import Walk
from index.loaders.xlsx.sheet import Seen
from index.loaders.xlsx.table import Row, write_rows
from index.types import Document

_KIND = Kind("OpenDocument spreadsheet", "ods", "LibreOffice")
_MOST_REPEATED = 1_000


def load(path: Path) -> Document:
    """The rows with the results of formulas; what is hidden is read too, and a warning says so.

    Raises `LockedFile` and `DamagedFile` as for a text. A row or a cell that is repeated more than 1,000 times is
    written 1,000 times.
    """
    writing = Writing()
    walk = Walk()
    seen = Seen()
    with Package(path, _KIND) as package:
        for (_, title), rows in groupby(_rows(package, seen, walk), key=lambda found: found[0]):
            writing.page(title)
            write_rows(writing, (row for _, row in rows), path.name, title)
        return package.document(
            writing, walk.dropped, "application/vnd.oasis.opendocument.spreadsheet", seen.warnings()
        )


def _rows(package: Package, seen: Seen, walk: Walk) -> Iterator[tuple[tuple[int, str], Row]]:
    """Each row with the number and the name of its sheet, as soon as it is parsed."""
    hidden: set[str] = set()
    sheet, number, table = 0, 0, None
    for element in package.stream("content.xml", "style", "table-row"):
        if tag(element) == "style":
            if any(attribute(part, "display") == "false" for part in element):
                hidden.add(attribute(element, "name"))
            continue
        found = next(element.iterancestors("{*}table"))
        if found is not table:
            table, sheet, number = found, sheet + 1, 0
            title = " ".join(plain(attribute(found, "name")).split()) or f"sheet {sheet}"
            if attribute(found, "style-name") in hidden:
                seen.sheets.append(title)
        count = _count(element, "number-rows-repeated")
        cells = dict(_cells(element, seen, walk))
        seen.rows += bool(cells) and attribute(element, "visibility") in ("collapse", "filter")
        for repeated in range(min(count, _MOST_REPEATED) if cells else 1):
            yield (sheet, title), Row(number + 1 + repeated, cells)
        number += count


def _cells(row: Any, seen: Seen, walk: Walk) -> Iterator[tuple[int, str]]:
    column = 0
    for cell in row:
        if tag(cell) not in ("table-cell", "covered-table-cell"):
            continue
        count = _count(cell, "number-columns-repeated")
        text = _shown(cell, walk) if tag(cell) == "table-cell" else ""
        if not text and attribute(cell, "formula") and attribute(cell, "value-type") != "string":
            seen.without_result += 1
        if text:
            yield from ((column + repeated, text) for repeated in range(min(count, _MOST_REPEATED)))
        column += count


def _shown(cell: Any, walk: Walk) -> str:
    """The cell as the file says it is shown, but a date as "2024-05-03"."""
    if attribute(cell, "value-type") == "date":
        return attribute(cell, "date-value").replace("T00:00:00", "").replace("T", " ")
    inside = Walk()
    inside.read(cell)
    walk.dropped.update(inside.dropped)
    return inside.writing.text() or attribute(cell, "string-value") or attribute(cell, "value")


def _count(element: Any, name: str) -> int:
    found = attribute(element, name)
    return int(found) if found.isdigit() and len(found) < 9 else 1
