"""Which words of a PDF page nobody sees: drawn invisibly, too small, or white where nothing lies behind them."""

from __future__ import annotations

from collections.abc import Sequence
from ctypes import byref, c_uint
from itertools import islice
from typing import Any

from pypdfium2 import raw as pdfium

from index.loaders.pdf.letters import Word

# Points: the smallest type that a person could make out. Shares of 255: a colour from here on is white to the eye.
_SMALLEST = 1.0
_WHITE = 248
# A page with more drawings than this is not searched for what lies behind white words.
_DRAWINGS = 5_000


def unseen(page: Any, text: Any, words: Sequence[Word]) -> tuple[str, ...]:
    """The words that nobody sees, in their order.

    White words count where no drawing or picture of another colour lies behind their middle.
    """
    white = {word.index for word in words if _is_white(text, word.index)}
    behind = _drawings(page) if white else []
    return tuple(
        word.text
        for word in words
        if _undrawn(text, word) or (word.index in white and not _backed(text, word.index, behind))
    )


def _undrawn(text: Any, word: Word) -> bool:
    drawing = pdfium.FPDFText_GetTextObject(text, word.index)
    invisible = bool(drawing) and pdfium.FPDFTextObj_GetTextRenderMode(drawing) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
    return invisible or (word.size < _SMALLEST and any(letter.isalnum() for letter in word.text))


def _is_white(text: Any, index: int) -> bool:
    parts = [c_uint() for _ in range(4)]
    if not pdfium.FPDFText_GetFillColor(text, index, *map(byref, parts)):
        return False
    *colour, opacity = (part.value for part in parts)
    return opacity == 0 or min(colour) >= _WHITE


def _drawings(page: Any) -> list[tuple[float, float, float, float]] | None:
    """Where what is not text and not white lies, in PDF coordinates; None where there is too much of it."""
    found = []
    drawings = list(islice(page.get_objects(max_depth=1), _DRAWINGS + 1))
    if len(drawings) > _DRAWINGS:
        return None
    for drawing in drawings:
        if drawing.type != pdfium.FPDF_PAGEOBJ_TEXT and not _drawn_white(drawing):
            found.append(tuple(drawing.get_bounds()))
    return found


def _drawn_white(drawing: Any) -> bool:
    parts = [c_uint() for _ in range(4)]
    path = drawing.type == pdfium.FPDF_PAGEOBJ_PATH
    return (
        path
        and bool(pdfium.FPDFPageObj_GetFillColor(drawing, *map(byref, parts)))
        and (min(part.value for part in parts[:3]) >= _WHITE)
    )


def _backed(text: Any, index: int, drawings: list[tuple[float, float, float, float]] | None) -> bool:
    """Whether something lies behind the middle of a character, or might."""
    if drawings is None:
        return True
    box = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(text, index, byref(box))
    x, y = (box.left + box.right) / 2, (box.bottom + box.top) / 2
    return any(left <= x <= right and bottom <= y <= top for left, bottom, right, top in drawings)
