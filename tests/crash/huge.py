"""Huge files, written by the test itself a piece at a time."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.crash.plan import WORDS

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/><Override PartName="/xl/s.xml" ContentType="application/vnd.'
    'openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
    'Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships"><sheets><sheet name="Sales" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="s.xml"/></Relationships>',
}


def sentences(seed: int) -> Iterator[str]:
    """Sentences of seven words without end; the first word of each stands nowhere else."""
    draw = random.Random(seed)
    number = 0
    while True:
        yield f"Only{number} {' '.join(draw.choices(WORDS, k=7))}."
        number += 1


def pdf(path: Path, pages: int, lines: int = 48) -> None:
    """Pages of so many lines; the first line of each says its number, as "leaf17"."""
    more = sentences(pages)
    objects = [b"", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    for number in range(1, pages + 1):
        said = [f"This is leaf{number} of the book.", *(next(more) for _ in range(lines - 1))]
        shown = "".join(f"({line}) Tj T*\n" for line in said)
        stream = f"BT /F1 11 Tf 14 TL 50 780 Td\n{shown}ET".encode()
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            + f"/Contents {len(objects) + 2} 0 R >>".encode()
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream")
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(pages))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode()
    with path.open("wb") as out:
        out.write(b"%PDF-1.4\n")
        places = []
        for number, content in enumerate(objects, 1):
            places.append(out.tell())
            out.write(f"{number} 0 obj\n".encode() + content + b"\nendobj\n")
        start = out.tell()
        out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
        out.writelines(f"{place:010} 00000 n \n".encode() for place in places)
        out.write(f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode())


def text(path: Path, size: int, one_line: bool = False) -> None:
    """So many bytes of sentences, ten a paragraph or all in one line."""
    lines = sentences(size)
    with path.open("w") as out:
        while out.tell() < size:
            out.write(" ".join(next(lines) for _ in range(10)) + (" " if one_line else "\n\n"))


def row(number: int) -> list[str]:
    """The cells of one row of a table of sales."""
    draw = random.Random(number)
    return [
        f"order{number}",
        f"2024-{draw.randint(1, 12):02}-11",
        *draw.choices(WORDS, k=3),
        str(draw.randint(1, 9999)),
    ]


COLUMNS = ["Order", "Day", "Customer", "Article", "Town", "Price"]


def csv(path: Path, rows: int) -> None:
    """A table of so many rows below its column names."""
    with path.open("w") as out:
        out.write(",".join(COLUMNS) + "\n")
        out.writelines(",".join(row(number)) + "\n" for number in range(rows))


def xlsx(path: Path, rows: int) -> None:
    """A workbook whose one sheet has so many rows below its column names."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in PARTS.items():
            archive.writestr(name, content)
        with archive.open("xl/s.xml", "w", force_zip64=True) as out:
            out.write(f'<worksheet xmlns="{SHEET}"><sheetData>'.encode())
            for cells in (COLUMNS, *map(row, range(rows))):
                inside = "".join(_cell(cell) for cell in cells)
                out.write(f"<row>{inside}</row>".encode())
            out.write(b"</sheetData></worksheet>")


def _cell(content: str) -> str:
    if content.isdigit():
        return f"<c><v>{content}</v></c>"
    return f'<c t="inlineStr"><is><t>{content}</t></is></c>'
