"""PDF documents: lines with their places on the page, joined into paragraphs, with headings and page labels."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from textwrap import shorten
from typing import Any

import pypdfium2
from pypdfium2 import raw as pdfium

from index.allowance import PAGES, another_page
from index.errors import DamagedFile, EmptyFile, LockedFile
from index.loaders import plain, ranges
from index.loaders.pdf.headings import with_headings
from index.loaders.pdf.lines import Sheet, sheet
from index.loaders.pdf.notes import notes, with_notes
from index.loaders.pdf.order import ordered
from index.loaders.pdf.paragraphs import paragraphs
from index.loaders.pdf.running import RUNNING, without_running_lines
from index.loaders.pdf.scans import UNSURE, with_scans
from index.loaders.pdf.writing import HYPHEN, write
from index.types import Document

# PDFium is not safe in several threads, not even on several documents.
_LOCK = threading.Lock()
_NO_TITLE = re.compile(
    r"untitled|microsoft (word|powerpoint|excel)\b|.*\.(docx?|pdf|indd|tex|dvi|pptx?|xlsx?|qxd)$", re.I
)
# Characters of a text that cannot be seen which a warning shows, and letters from which on there is one.
_QUOTED = 80
_WORTH_TELLING = 3
_DATE = re.compile(r"(?:D:)?(\d{4})(\d\d)?(\d\d)?")


def load(path: Path) -> Document:
    """The PDF's text with the page and box of each line.

    Raises `LockedFile` where a password is needed, `DamagedFile` where the file is broken, and `EmptyFile` where it has
    no pages or none with text.
    """
    with _LOCK, opened(path) as pdf:
        properties = pdf.get_metadata_dict()
        outline = [(mark.level + 1, plain(mark.get_title()), _target(mark)) for mark in _outline(pdf)]
        pages = list(_drawn(pdf))
        scans = with_scans(pdf, pages)
    sheets = list(scans.sheets)
    if not any(page.lines for page in sheets):
        raise EmptyFile(f"{path.name} {scans.empty()}")
    broken = _broken(sheets)
    warnings = (*scans.warnings(), *_empty(sheets, {*scans.late, *scans.left}), *_unseen(pages), *broken)
    another_page()
    sheets = without_running_lines([ordered(page) for page in sheets])
    another_page()
    found = [paragraph for page in sheets for paragraph in paragraphs(page)]
    another_page()
    laid = write(with_headings(found, outline), sheets)
    heading = next((laid.text[block.start : block.end] for block in laid.blocks if block.kind == "heading"), "")
    title = plain(properties.get("Title", "")).replace("\n", " ")
    return Document(
        path.name,
        heading or path.stem if not title or _NO_TITLE.match(title) else title,
        laid.text,
        scans.placed(laid.blocks),
        laid.pages,
        "",
        "application/pdf",
        _dates(properties),
        (),
        dict(_dropped(pages, sheets) + Counter({HYPHEN: laid.hyphens, UNSURE: scans.unsure})),
        warnings,
        sum(page.seen for page in pages) + scans.found,
        sum(page.written for page in pages),
        missing=(*scans.missing(), *broken),
    )


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """The open document, closed at the end."""
    # A document without pages sets no error code, and the last failure's still stands: so set one that says so.
    pdfium.FPDF_LoadDocument(b"", None)
    try:
        pdf = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_FILE:
            raise EmptyFile(f"{path.name} has no pages; add a copy that has some") from error
        if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise LockedFile(f"{path.name} needs a password; save a copy without one and add that") from error
        raise DamagedFile(f"{path.name} is broken or cut short; open it in a PDF viewer and save a copy") from error
    with closing(pdf):
        yield pdf


def _outline(pdf: Any) -> Iterator[Any]:
    try:
        yield from pdf.get_toc(max_depth=6)
    except (pypdfium2.PdfiumError, UnicodeDecodeError):
        return


def _target(mark: Any) -> int:
    """The page from 1 that an entry of the outline points to; 0 where it points nowhere."""
    target = mark.get_dest()
    index = target.get_index() if target else None
    return 0 if index is None else int(index) + 1


def _drawn(pdf: Any) -> Iterator[Sheet]:
    """Every page, in order; each hundred of them may take as long as a file."""
    for number in range(1, len(pdf) + 1):
        yield drawn(pdf, number)
        if number % PAGES == 0:
            another_page(number, len(pdf))


def drawn(pdf: Any, number: int) -> Sheet:
    """A page, numbered from 1, with the lines that are written on it, in PDFium's order."""
    try:
        found = notes(pdf, number)
        with closing(pdf[number - 1]) as page, closing(page.get_textpage()) as text:
            return with_notes(sheet(page, text, number, plain(pdf.get_page_label(number - 1))), page, found)
    except pypdfium2.PdfiumError:
        return Sheet(number, "", 1.0, 1.0, (), broken=True)


def _dropped(drawn: Iterable[Sheet], sheets: Iterable[Sheet]) -> Counter[str]:
    """What was left out of the pages as they are drawn, and of those that are written, of which some are recognised."""
    found = Counter({RUNNING: sum(page.dropped.get(RUNNING, 0) for page in sheets)})
    for page in drawn:
        found.update(page.dropped)
    return found


def _dates(properties: dict[str, str]) -> dict[str, str]:
    found = {}
    for key, entry in (("created", "CreationDate"), ("modified", "ModDate")):
        match = _DATE.match(properties.get(entry, ""))
        if match:
            found[key] = "-".join(part for part in match.groups() if part)
    return found


def _empty(sheets: Iterable[Sheet], told: Collection[int]) -> list[str]:
    """Which pages have no text, but for those of which something else is told."""
    empty = [page.number for page in sheets if not page.lines and not page.broken and page.number not in told]
    return [f"{ranges(empty, 'page', 'holds', 'hold')} no text"] if empty else []


def _unseen(pages: Iterable[Sheet]) -> list[str]:
    """Where words stand that nobody sees: a few among others may be meant to mislead, a whole page is a scan's text."""
    found, whole = [], []
    for page in pages:
        words = sum(len(line.text.split()) for line in page.lines)
        if len(page.unseen) * 2 > words:
            whole.append(page.number)
        elif sum(map(str.isalnum, "".join(page.unseen))) >= _WORTH_TELLING:
            said = shorten(" ".join(page.unseen), _QUOTED, placeholder=" …")
            found.append(f"page {page.number} holds text that cannot be seen, which was read too: “{said}”")
    if whole:
        found.append(f"{ranges(whole, 'page', 'has', 'have')} invisible text, such as scans hold; it was read too")
    return found


def _broken(sheets: Iterable[Sheet]) -> list[str]:
    broken = [page.number for page in sheets if page.broken]
    what = "nothing that can be read, the file is damaged there"
    return [f"{ranges(broken, 'page', 'holds', 'hold')} {what}"] if broken else []
