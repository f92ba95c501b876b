"""What stands on a PDF page beside its own drawing: filled-in forms, typed-in text and comments."""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from pypdfium2 import raw as pdfium

from index.loaders import plain
from index.loaders.pdf.facing import placing
from index.loaders.pdf.letters import UNSEEN, Placing
from index.loaders.pdf.lines import Line, Sheet
from index.types import Box, ink

COMMENT = "comment"
"""Why the text of sticky notes and of remarks on marked words is left out."""

# A link has no text of its own, and a pop-up repeats what its note says.
_SILENT = (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP)
_TYPED = (pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_WIDGET)
# Fields that hold a text or a choice; the others are buttons.
_WRITTEN = ("Tx", "Ch")
# The bytes of an empty UTF-16 string, which stands for a missing one too.
_EMPTY = 2
# Points: the type size of a text that is not drawn, which its box tells only roughly.
_USUAL = 10.0


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the box that it stands in, in PDF coordinates: left, bottom, right, top."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Notes:
    """Text that was typed onto the page and that no drawing shows, and comments."""

    typed: tuple[Note, ...] = ()
    comments: tuple[str, ...] = ()


def notes(pdf: Any, number: int) -> Notes:
    """The notes on a page, numbered from 1; whatever else is drawn over it becomes a part of it, filled-in forms say.

    PDFium could draw the fields of forms that the file only names, but hangs in some files (shared-unnamed-field.pdf of
    qpdf), so they are taken as typed text.
    """
    typed, comments, drawn = [], [], False
    with closing(pdf[number - 1]) as page:
        for annotation in _annotations(page):
            kind = pdfium.FPDFAnnot_GetSubtype(annotation)
            if kind in _SILENT:
                continue
            drawn = True
            if kind in _TYPED:
                typed += [Note(text, _box(annotation)) for text in _undrawn(annotation, kind)]
            else:
                comments.append(_string(annotation, b"Contents"))
        if drawn:
            pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
    return Notes(tuple(note for note in typed if note.text.strip()), tuple(filter(str.strip, comments)))


def with_notes(sheet: Sheet, page: Any, notes: Notes) -> Sheet:
    """The page with what was typed onto it behind its own lines, and with its comments among what was dropped."""
    placed = placing(page, (page.get_rotation() + 90 * sheet.quarters) % 360)
    lines = [line for note in notes.typed for line in _lines(note, placed)]
    typed, comments = (sum(map(ink, texts)) for texts in ([note.text for note in notes.typed], notes.comments))
    unseen = typed - sum(ink(line.text) for line in lines)
    row = 1 + max((line.row for line in sheet.lines), default=-1)
    return replace(
        sheet,
        lines=(*sheet.lines, *(replace(line, row=row + at) for at, line in enumerate(lines))),
        seen=sheet.seen + typed + comments,
        dropped=+(Counter(sheet.dropped) + Counter({COMMENT: comments, UNSEEN: unseen})),
        aside=(*sheet.aside, *notes.comments),
    )


def _lines(note: Note, placed: Placing) -> list[Line]:
    """The lines of a note, one below the other in its box."""
    xs, ys = zip(placed(*note.box[:2]), placed(*note.box[2:]), strict=True)
    texts = [text for text in plain(note.text.replace("\r", "\n")).split("\n") if text]
    height = (max(ys) - min(ys)) / max(len(texts), 1)
    return [
        Line(text, (min(xs), min(ys) + at * height, max(xs), min(ys) + (at + 1) * height), min(height, _USUAL))
        for at, text in enumerate(texts)
    ]


def _annotations(page: Any) -> Iterator[Any]:
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        with _annotation(page, index) as annotation:
            if annotation:
                yield annotation


@contextmanager
def _annotation(page: Any, index: int) -> Iterator[Any]:
    annotation = pdfium.FPDFPage_GetAnnot(page, index)
    try:
        yield annotation
    finally:
        if annotation:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _undrawn(annotation: Any, kind: int) -> list[str]:
    """What was typed there, where no drawing shows it."""
    if pdfium.FPDFAnnot_GetAP(annotation, pdfium.FPDF_ANNOT_APPEARANCEMODE_NORMAL, None, 0) > _EMPTY:
        return []
    if kind == pdfium.FPDF_ANNOT_FREETEXT:
        return [_string(annotation, b"Contents")]
    return [_string(annotation, b"V")] if _string(annotation, b"FT") in _WRITTEN else []


def _string(annotation: Any, key: bytes) -> str:
    length = pdfium.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    buffer = ctypes.create_string_buffer(max(length, _EMPTY))
    pdfium.FPDFAnnot_GetStringValue(annotation, key, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), length)
    return buffer.raw[: max(length - _EMPTY, 0)].decode("utf-16-le", "replace")


def _box(annotation: Any) -> Box:
    found = pdfium.FS_RECTF()
    pdfium.FPDFAnnot_GetRect(annotation, ctypes.byref(found))
    return found.left, found.bottom, found.right, found.top
