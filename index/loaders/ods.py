"""OpenDocument spreadsheets: each sheet a page, each row a line of cells as they are shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

from index.loaders import Account, Writing, plain
from index.loaders.docx.archive import Kind
from index.loaders.docx.body import tag
from index.loaders.docx.styles import attribute
from index.loaders.odt.package import Package
from index.loaders.odt.walk import Walk
from index.loaders.xlsx.seen import Seen
from index.loaders.xlsx.table import Row, write_rows
from index.types import Document, ink

_KIND = Kind("OpenDocument spreadsheet", "ods", "LibreOffice")
_MOST_REPEATED = 1_000
_BESIDE = {"content-validations": "messages of checks", "tracked-changes": "deleted text"}
_Sheet = tuple[int, str]


def load(path: Path) -> Document:
    """The rows with the results of formulas, then the words in text boxes; what is hidden is read too, and told.

    Raises `LockedFile` and `DamagedFile` as for a text. A row or a cell that is repeated more than 1,000 times is
    written 1,000 times.
    """
    writing = Writing()
    seen = Seen(writing.account)
    boxes: dict[_Sheet, list[str]] = defaultdict(list)
    with Package(path, _KIND) as package:
        for sheet, rows in groupby(_rows(package, seen, boxes), key=lambda found: found[0]):
            writing.page(sheet[1])
            write_rows(writing, (row for _, row in rows), path.name, sheet[1])
            writing.part()
            for text in boxes[sheet]:
                writing.add(text)
        document = package.document(writing, "application/vnd.oasis.opendocument.spreadsheet", seen.warnings())
    return replace(document, missing=seen.lost())


def _rows(package: Package, seen: Seen, boxes: dict[_Sheet, list[str]]) -> Iterator[tuple[_Sheet, Row]]:
    """Each row with the number and the name of its sheet, as soon as it is parsed."""
    hidden: set[str] = set()
    sheet, number, table = (0, ""), 0, None
    for element in package.stream("content.xml", "style", "table-row", "shapes", *_BESIDE):
        kind = tag(element)
        if kind == "style":
            if any(attribute(part, "display") == "false" for part in element):
                hidden.add(attribute(element, "name"))
            continue
        seen.account.see("".join(element.itertext()))
        if kind in _BESIDE:
            seen.account.drop("".join(element.itertext()), _BESIDE[kind])
            continue
        found = next(element.iterancestors("{*}table"))
        if found is not table:
            table, number = found, 0
            sheet = sheet[0] + 1, " ".join(plain(attribute(found, "name")).split()) or f"sheet {sheet[0] + 1}"
            if attribute(found, "style-name") in hidden:
                seen.sheets.append(sheet[1])
        if kind == "shapes":
            boxes[sheet].append(_text(element, seen.account))
            continue
        count = _count(element, "number-rows-repeated")
        cells = dict(_cells(element, seen))
        seen.rows += bool(cells) and attribute(element, "visibility") in ("collapse", "filter")
        times = min(count, _MOST_REPEATED) if cells else 1
        seen.account.written += (times - 1) * ink("".join(cells.values()))
        for repeated in range(times):
            yield sheet, Row(number + 1 + repeated, cells)
        number += count


def _cells(row: Any, seen: Seen) -> Iterator[tuple[int, str]]:
    column = 0
    for cell in row:
        if tag(cell) not in ("table-cell", "covered-table-cell"):
            continue
        count = _count(cell, "number-columns-repeated")
        text = _shown(cell, seen.account)
        if tag(cell) == "covered-table-cell":
            seen.account.drop(text, "covered by a merged cell")
            text = ""
        elif not text and attribute(cell, "formula") and attribute(cell, "value-type") != "string":
            seen.without_result += 1
        times = min(count, _MOST_REPEATED) if text else 0
        seen.account.written += max(times - 1, 0) * ink(text)
        yield from ((column + repeated, text) for repeated in range(times))
        column += count


def _shown(cell: Any, account: Account) -> str:
    """The cell as the file says it is shown, but a date as "2024-05-03"."""
    text = _text(cell, account)
    kind = attribute(cell, "value-type")
    if kind == "date":
        account.drop(text, "dates as they were shown")
        text = attribute(cell, "date-value").replace("T00:00:00", "").replace("T", " ")
        account.written += ink(text)
    elif not text:
        text = attribute(cell, "string-value") or attribute(cell, "value")
        account.see(text)
    return text


def _text(element: Any, account: Account) -> str:
    inside = Walk(account)
    inside.read(element)
    return inside.writing.text()


def _count(element: Any, name: str) -> int:
    found = attribute(element, name)
    return int(found) if found.isdigit() and len(found) < 9 else 1
