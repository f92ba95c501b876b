"""The lines of one PDF page, as PDFium finds them, with their places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from ctypes import byref, c_int, create_string_buffer
from dataclasses import dataclass, field
from typing import Any

from pypdfium2 import raw as pdfium

from index.loaders.pdf.facing import facing, placing
from index.loaders.pdf.letters import Word, characters, seen, words
from index.loaders.pdf.sight import unseen
from index.types import Box

# A blank between words is about a quarter of the type size, up to 1 in a justified line; wider is another column.
WIDE = 1.8
# Lines set tight overlap by a fifth of the type size; a raised sign overlaps its line by half of its own.
_OVERLAP = 0.35
_BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_BOLD_WEIGHT = 600
OUTSIDE = "outside the page"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, or one cell of it, in points from the upper left corner of its page.

    `size` is the type size in points; `row` counts the lines as PDFium finds them, and lines of one row are its cells;
    `cells` counts those that were joined; `hyphen` says that PDFium takes the hyphen at the end for a division;
    `upright` is false for text that runs up or down the page.
    """

    text: str
    box: Box
    size: float
    bold: bool = False
    upright: bool = True
    hyphen: bool = False
    row: int = 0
    cells: int = 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: its size in points, and its lines, turned clockwise by `quarters` from how it is shown.

    `seen` are the characters that PDFium finds on it, white space not counted, `dropped` those that are in no line, by
    reason, and `written` those that lines have more. `aside` is the text that was left out whole, `unseen` are words
    of its lines that nobody sees.
    """

    number: int
    label: str
    width: float
    height: float
    lines: tuple[Line, ...]
    broken: bool = False
    seen: int = 0
    written: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    aside: tuple[str, ...] = ()
    quarters: int = 0
    unseen: tuple[str, ...] = ()


def sheet(page: Any, text: Any, number: int, label: str) -> Sheet:
    """The page's lines in PDFium's order, each split where a wide gap is; text outside the page is only counted."""
    codes = characters(text)
    degrees = facing(page, text, codes)
    quarters = (degrees - page.get_rotation()) // 90 % 4
    width, height = page.get_size()[:: -1 if quarters % 2 else 1]
    found = list(words(text, codes, placing(page, degrees), degrees))
    outside = [word for word in found if word is not None and word.text and not _within(word.box, width, height)]
    dropped = sum((word.left_out for word in found if word is not None), Counter[str]())
    dropped[OUTSIDE] = sum(len(word.text) for word in outside)
    inside = [word for word in found if word is None or (word.text and _within(word.box, width, height))]
    rows = _rows(inside)
    if degrees == 180:
        # PDFium puts what stands on one line in order from left to right, also where that is upside down.
        rows = [sorted(row, key=lambda word: word.box[0]) for row in rows]
    return Sheet(
        number,
        label,
        width,
        height,
        tuple(_line(text, cell, row) for row, line in enumerate(rows) for cell in _cells(line)),
        seen=seen(codes),
        written=sum(word.put_in for word in found if word is not None),
        dropped=+dropped,
        aside=tuple(word.text for word in outside),
        quarters=quarters,
        unseen=unseen(page, text, [word for word in inside if word is not None]),
    )


def _within(box: Box, width: float, height: float) -> bool:
    left, top, right, bottom = box
    return 0 <= (left + right) / 2 <= width and 0 <= (top + bottom) / 2 <= height


def _rows(found: Iterable[Word | None]) -> list[list[Word]]:
    """The words line by line; a new one begins at a break, and at a word that does not stand level with the last."""
    rows: list[list[Word]] = [[]]
    for word in found:
        if word is None or (rows[-1] and not _same_row(rows[-1][-1], word)):
            rows.append([])
        if word is not None:
            rows[-1].append(word)
    return [row for row in rows if row]


def _same_row(one: Word, other: Word) -> bool:
    """Whether two words in a row overlap across the line, as raised and lowered signs do too."""
    axis = 1 if one.upright else 0
    overlap = min(one.box[axis + 2], other.box[axis + 2]) - max(one.box[axis], other.box[axis])
    return overlap > _OVERLAP * min(one.size, other.size)


def _cells(row: Sequence[Word]) -> Iterator[list[Word]]:
    cell = [row[0]]
    for word in row[1:]:
        gap = max(word.box[0] - cell[-1].box[2], cell[-1].box[0] - word.box[2])
        if gap > WIDE * max(word.size, cell[-1].size) and word.upright:
            yield cell
            cell = []
        cell.append(word)
    yield cell


def _line(text: Any, cell: Sequence[Word], row: int) -> Line:
    sizes: Counter[float] = Counter()
    for word in cell:
        sizes[round(word.size, 1)] += len(word.text)
    lefts, tops, rights, bottoms = zip(*(word.box for word in cell), strict=True)
    box = (min(lefts), min(tops), max(rights), max(bottoms))
    bold = all(_is_bold(text, cell[at].index) for at in {0, len(cell) // 2, len(cell) - 1})
    upright = sum(word.upright for word in cell) * 2 >= len(cell)
    return Line(
        " ".join(word.text for word in cell), box, sizes.most_common(1)[0][0], bold, upright, cell[-1].hyphen, row
    )


def _is_bold(text: Any, index: int) -> bool:
    name = create_string_buffer(128)
    length = pdfium.FPDFText_GetFontInfo(text, index, name, len(name), byref(c_int()))
    if 0 < length <= len(name) and _BOLD.search(name.value.decode("utf-8", "replace")):
        return True
    return bool(pdfium.FPDFText_GetFontWeight(text, index) >= _BOLD_WEIGHT)
