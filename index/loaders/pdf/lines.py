"""The lines of one PDF page, as PDFium finds them, with their places."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from ctypes import byref, c_int, create_string_buffer
from dataclasses import dataclass
from typing import Any

from pypdfium2 import raw as pdfium

from index.loaders import plain
from index.types import Box

# A blank between words is about a quarter of the type size, up to 1 in a justified line; wider is another column.
WIDE = 1.8
# Lines set tight overlap by a fifth of the type size; a raised sign overlaps its line by half of its own.
_OVERLAP = 0.35
_BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_BOLD_WEIGHT = 600
# PDFium puts either in place of a hyphen at the end of a line, and leaves the line break out.
_LINE_END_HYPHEN = (2, 0xFFFE)
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_GLYPHS = str.maketrans(_LIGATURES | {"\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "➢", "\uffff": ""})


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, or one cell of it, in points from the page's upper left corner as shown.

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
    """One page: its size as shown, in points, its lines, and how many characters lie outside what is shown."""

    number: int
    label: str
    width: float
    height: float
    lines: tuple[Line, ...]
    outside: int = 0
    broken: bool = False


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    box: Box
    index: int
    hyphen: bool = False

    @property
    def upright(self) -> bool:
        left, top, right, bottom = self.box
        return len(self.text) < 3 or bottom - top < 1.5 * (right - left)

    @property
    def size(self) -> float:
        left, top, right, bottom = self.box
        return max(bottom - top if self.upright else right - left, 0.1)


def sheet(page: Any, text: Any, number: int, label: str) -> Sheet:
    """The page's lines in PDFium's order, each split where a wide gap is; text outside the page is only counted."""
    width, height = page.get_size()
    rows: list[list[_Word]] = [[]]
    outside = 0
    for word in _words(text, _placing(page)):
        if word is None or (rows[-1] and not _same_row(rows[-1][-1], word)):
            rows.append([])
        if word is None:
            continue
        left, top, right, bottom = word.box
        if 0 <= (left + right) / 2 <= width and 0 <= (top + bottom) / 2 <= height:
            rows[-1].append(word)
        else:
            outside += len(word.text)
    full = [row for row in rows if row]
    lines = [_line(text, cell, number) for number, row in enumerate(full) for cell in _cells(row)]
    return Sheet(number, label, width, height, tuple(line for line in lines if line.text), outside)


def _placing(page: Any) -> Callable[[float, float], tuple[float, float]]:
    """From PDF coordinates (origin below left, not rotated) to points from the upper left corner of what is shown."""
    left, bottom, right, top = page.get_bbox()
    turns = {
        0: lambda x, y: (x - left, top - y),
        90: lambda x, y: (y - bottom, x - left),
        180: lambda x, y: (right - x, y - bottom),
        270: lambda x, y: (top - y, right - x),
    }
    return turns[page.get_rotation()]


def _words(text: Any, placed: Callable[[float, float], tuple[float, float]]) -> Iterator[_Word | None]:
    """The words of the page in PDFium's order; None for each line break."""
    count = text.count_chars()
    letters: list[str] = []
    start = 0
    for index in range(count + 1):
        code = pdfium.FPDFText_GetUnicode(text, index) if index < count else 10
        hyphen = code in _LINE_END_HYPHEN
        letter = "-" if hyphen else chr(code) if code <= sys.maxunicode else "\ufffd"
        if (code > 32 and not letter.isspace()) or hyphen:
            start = start if letters else index
            letters.append(letter)
        if letters and (hyphen or code <= 32 or letter.isspace()):
            yield _Word(_joined(letters), _box(text, start, index if hyphen else index - 1, placed), start, hyphen)
            letters = []
        if hyphen or code in (10, 13):
            yield None


def _joined(letters: Sequence[str]) -> str:
    """The letters as text; halves of a character beyond 16 bits are put together, stray halves replaced."""
    word = "".join(letters).translate(_GLYPHS)
    return word.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _box(text: Any, first: int, last: int, placed: Callable[[float, float], tuple[float, float]]) -> Box:
    """The box around the first and the last character, which lie on one line."""
    xs, ys = [], []
    for index in {first, last}:
        found = pdfium.FS_RECTF()
        pdfium.FPDFText_GetLooseCharBox(text, index, byref(found))
        for x, y in (placed(found.left, found.top), placed(found.right, found.bottom)):
            xs.append(x)
            ys.append(y)
    return min(xs), min(ys), max(xs), max(ys)


def _same_row(one: _Word, other: _Word) -> bool:
    """Whether two words in a row overlap across the line, as raised and lowered signs do too."""
    axis = 1 if one.upright else 0
    overlap = min(one.box[axis + 2], other.box[axis + 2]) - max(one.box[axis], other.box[axis])
    return overlap > _OVERLAP * min(one.size, other.size)


def _cells(row: Sequence[_Word]) -> Iterator[list[_Word]]:
    cell = [row[0]]
    for word in row[1:]:
        gap = max(word.box[0] - cell[-1].box[2], cell[-1].box[0] - word.box[2])
        if gap > WIDE * max(word.size, cell[-1].size) and word.upright:
            yield cell
            cell = []
        cell.append(word)
    yield cell


def _line(text: Any, words: Sequence[_Word], row: int) -> Line:
    sizes: Counter[float] = Counter()
    for word in words:
        sizes[round(word.size, 1)] += len(word.text)
    lefts, tops, rights, bottoms = zip(*(word.box for word in words), strict=True)
    box = (min(lefts), min(tops), max(rights), max(bottoms))
    bold = all(_is_bold(text, words[at].index) for at in {0, len(words) // 2, len(words) - 1})
    upright = sum(word.upright for word in words) * 2 >= len(words)
    line = plain(" ".join(word.text for word in words))
    return Line(line, box, sizes.most_common(1)[0][0], bold, upright, words[-1].hyphen, row)


def _is_bold(text: Any, index: int) -> bool:
    name = create_string_buffer(128)
    length = pdfium.FPDFText_GetFontInfo(text, index, name, len(name), byref(c_int()))
    if 0 < length <= len(name) and _BOLD.search(name.value.decode("utf-8", "replace")):
        return True
    return bool(pdfium.FPDFText_GetFontWeight(text, index) >= _BOLD_WEIGHT)
