"""Writes small tables for the tests: workbooks, and rows as text."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_CORE = f'xmlns="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'

Cell = str | int | float | None


def write_xlsx(path: Path, heading: str, paragraphs: Sequence[str]) -> Path:
    """Writes a workbook of one sheet, a paragraph a row."""
    rows = "".join(row(number, [paragraph]) for number, paragraph in enumerate(paragraphs, 1))
    return write_workbook(path, {heading: rows}, title=heading)


def write_workbook(
    path: Path,
    sheets: Mapping[str, str],
    styles: str = "",
    shared: str = "",
    hidden: str = "",
    title: str = "",
    properties: str = "",
) -> Path:
    """Writes a workbook from the XML of its sheets' rows (and columns), by name; `hidden` names a hidden sheet."""
    entries = links = ""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, rows) in enumerate(sheets.items(), 1):
            state = 'state="hidden" ' if name == hidden else ""
            entries += f'<sheet name="{escape(name)}" sheetId="{number}" {state}r:id="r{number}"/>'
            links += f'<Relationship Id="r{number}" Type="{_OFFICE}/worksheet" Target="worksheets/s{number}.xml"/>'
            data = rows if "<sheetData>" in rows else f"<sheetData>{rows}</sheetData>"
            archive.writestr(f"xl/worksheets/s{number}.xml", _part("worksheet", data))
        for kind, text in (("styles", styles), ("sharedStrings", shared)):
            if text:
                links += f'<Relationship Id="{kind}" Type="{_OFFICE}/{kind}" Target="{kind}.xml"/>'
                archive.writestr(f"xl/{kind}.xml", _part("sst" if kind == "sharedStrings" else "styleSheet", text))
        archive.writestr("xl/workbook.xml", _part("workbook", f"{properties}<sheets>{entries}</sheets>"))
        archive.writestr("xl/_rels/workbook.xml.rels", _links(links))
        archive.writestr("docProps/core.xml", f"<c {_CORE}><dc:title>{escape(title)}</dc:title></c>")
        main = f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        archive.writestr("_rels/.rels", _links(main))
    return path


def row(number: int, cells: Sequence[Cell], first: str = "A", entries: str = "") -> str:
    """The XML of a row whose cells begin in the given column; numbers are numbers, all else text."""
    parts = []
    for offset, value in enumerate(cells):
        place = f"{chr(ord(first) + offset)}{number}"
        if isinstance(value, str):
            parts.append(f'<c r="{place}" t="inlineStr"><is><t>{escape(value, quote=False)}</t></is></c>')
        elif value is not None:
            parts.append(f'<c r="{place}"><v>{value}</v></c>')
    return f'<row r="{number}" {entries}>{"".join(parts)}</row>'


def _part(root: str, inside: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><{root} xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{inside}</{root}>'


def _links(rows: str) -> str:
    return f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def write_csv(path: Path, heading: str, paragraphs: Sequence[str]) -> Path:
    """Writes rows of one cell, with commas between the cells."""
    return write_table(path, [[heading], *([paragraph] for paragraph in paragraphs)])


def write_tsv(path: Path, heading: str, paragraphs: Sequence[str]) -> Path:
    """Writes rows of one cell, with tabulators between the cells."""
    return write_table(path, [[heading], *([paragraph] for paragraph in paragraphs)], "\t")


def write_table(path: Path, rows: Sequence[Sequence[str]], separator: str = ",") -> Path:
    """Writes rows of cells as text."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    return path
