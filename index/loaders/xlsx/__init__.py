"""Excel workbooks: each sheet a page, each row a line of cells as they are shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from index.errors import DamagedFile
from index.loaders import Writing, plain
from index.loaders.docx.archive import Archive, Kind, core
from index.loaders.docx.said import count_beside
from index.loaders.docx.styles import attribute
from index.loaders.xlsx.seen import Seen
from index.loaders.xlsx.sheet import Look, Strings, drawn, looks, rows, strings
from index.loaders.xlsx.table import write_rows
from index.types import Document

_KIND = Kind("Excel workbook", "xlsx", "Excel")
_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def load(path: Path) -> Document:
    """The workbook's rows with the results of formulas; what is hidden is read too, and a warning says so.

    Raises `LockedFile` for an encrypted workbook and `DamagedFile` for anything that is no whole, sane archive of one.
    """
    writing = Writing()
    seen = Seen(writing.account)
    with Archive(path, _KIND) as archive:
        main = archive.main_part("xl/workbook.xml")
        if main.endswith(".bin"):
            raise DamagedFile(f"{path.name} is a binary workbook (.xlsb); save it as .xlsx and add that")
        book = archive.xml(main)
        related, linked = archive.related(main), archive.linked(main)
        shared = strings(archive, related.get("sharedStrings", ""))
        look = looks(archive, related.get("styles", ""), _from_1904(book))
        for sheet in book.iter("{*}sheet"):
            _write(archive, sheet, linked, writing, (path.name, shared, look, seen))
        lost = count_beside(archive, writing.account, seen.parts)
        properties = core(archive)
    dates = {key: properties[key] for key in ("created", "modified") if properties.get(key)}
    title = properties.get("title") or path.stem
    document = writing.document(path.name, title, _MEDIA_TYPE, dates, (*seen.warnings(), *lost))
    return replace(document, missing=(*seen.lost(), *lost))


def _write(
    archive: Archive, sheet: Any, linked: dict[str, str], writing: Writing, known: tuple[str, Strings, Look, Seen]
) -> None:
    """Writes one sheet: its rows, then the words in its text boxes."""
    name, shared, look, seen = known
    title = " ".join(plain(sheet.get("name", "")).split()) or f"sheet {len(writing.pages()) + 1}"
    writing.page(title)
    part = linked.get(next((attribute(sheet, key) for key in ("id",)), ""), "")
    if not part:
        seen.missing.append(title)
        return
    if sheet.get("state", "visible") != "visible":
        seen.sheets.append(title)
    write_rows(writing, rows(archive, part, shared, look, seen), name, title)
    writing.part()
    for text in drawn(archive, part, seen):
        writing.add(text)


def _from_1904(book: Any) -> bool:
    return any(found.get("date1904", "0") in ("1", "true") for found in book.iter("{*}workbookPr"))
