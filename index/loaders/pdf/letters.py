"""The words of one PDF page with their places, from the characters that PDFium finds there."""

from __future__ import annotations

import math
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from ctypes import byref
from dataclasses import dataclass
from statistics import median
from typing import Any

from pypdfium2 import raw as pdfium

from index.loaders import plain
from index.types import Box, ink

NAMELESS = "characters that their font does not name"
UNSEEN = "invisible characters"

# PDFium puts either in place of a hyphen at the end of a line, and leaves the line break out.
_LINE_END_HYPHEN = (2, 0xFFFE)
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_GLYPHS = str.maketrans(_LIGATURES | {"\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "➢", "\uffff": ""})
# Where a font says nothing of a letter, PDFium gives the letter's number in that font: most often a low one.
_NAMELESS = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\uffff]")

# A blank of ordinary text is a quarter of the type size. The figures for scans and signs: see `_no_blanks`; pages on
# which the file itself writes fewer blanks than this say nothing of how wide those are.
_IDEOGRAPH = re.compile("[\u3001-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff60]{2}")
_NO_GAP, _NARROW = 0.1, 0.4
# Letters further back than this do not stand on one level line, and their boxes tell nothing of the blank.
_LEVEL = -0.05
_OWN_BLANKS, _ASKED = 10, 200

Placing = Callable[[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is to be read, with the characters of the page that it stands for, the first at `index`.

    `text` is empty where none of them can be read; `hyphen` says that PDFium takes the one at its end for a division.
    """

    text: str
    letters: str
    box: Box
    index: int
    hyphen: bool = False
    sideways: bool = False

    @property
    def upright(self) -> bool:
        """Whether it runs across the page; signs below one another do not, though each of them stands upright."""
        left, top, right, bottom = self.box
        return not self.sideways and (len(self.text) < 3 or bottom - top < 1.5 * (right - left))

    @property
    def size(self) -> float:
        """Its type size in points, over 0."""
        left, top, right, bottom = self.box
        return max(bottom - top if self.upright else right - left, 0.1)

    @property
    def left_out(self) -> Counter[str]:
        """How many of its characters are not in its text, by reason."""
        nameless = len(_NAMELESS.findall(self.letters))
        named = _NAMELESS.sub("", self.letters).translate(_GLYPHS)
        return +Counter({NAMELESS: nameless, UNSEEN: len(named) - len(self.text)})

    @property
    def put_in(self) -> int:
        """How many characters its text has more: those of ligatures taken apart."""
        return len(self.text) - (len(self.letters) - self.left_out.total())


def characters(text: Any) -> list[int]:
    """What PDFium says of each character of the page: code points, halves of them, numbers of a font."""
    return [pdfium.FPDFText_GetUnicode(text, index) for index in range(text.count_chars())]


def seen(codes: Sequence[int]) -> int:
    """How many characters there are that are not white space."""
    return ink(_text("".join(map(_letter, codes))))


def words(text: Any, codes: Sequence[int], placed: Placing, degrees: int = 0) -> Iterator[Word | None]:
    """The words of the page, turned clockwise by so many degrees, in PDFium's order; None for each line break."""
    letters: list[str] = []
    start = 0
    no_blanks = _no_blanks(text, codes)
    for index, code in enumerate([*codes, 10]):
        if index in no_blanks:
            continue
        hyphen = code in _LINE_END_HYPHEN and pdfium.FPDFText_IsHyphen(text, index) == 1
        letter = "-" if hyphen else _letter(code)
        nameless = code < 32 and not letter.isspace() and not hyphen
        if not letter.isspace() and not nameless:
            start = start if letters else index
            letters.append(letter)
        if letters and (hyphen or nameless or letter.isspace()):
            box = _box(text, start, index if hyphen else index - 1, placed)
            sideways = round((angle(text, start) - degrees) / 90) % 2 == 1
            yield _word(letters, box, start, hyphen, sideways)
            letters = []
        if nameless:
            yield Word("", letter, (0.0, 0.0, 0.0, 0.0), index)
        if hyphen or code in (10, 13):
            yield None


def _no_blanks(text: Any, codes: Sequence[int]) -> set[int]:
    """Which blanks are none: those that PDFium puts in far narrower than the file's own, and those between ideographs.

    Some recognised scans set the last letter of each word a little apart, and some Chinese texts have a blank of no
    width behind each sign.
    """
    inner = [at for at in range(1, len(codes) - 1) if codes[at] == 32 and codes[at - 1] > 32 and codes[at + 1] > 32]
    ideographs = {at for at in inner if _IDEOGRAPH.fullmatch(chr(codes[at - 1] & 0xFFFF) + chr(codes[at + 1] & 0xFFFF))}
    put_in = {at for at in inner if pdfium.FPDFText_IsGenerated(text, at) == 1}
    own = [at for at in inner if at not in put_in and at not in ideographs]
    found = {at for at in ideographs if _gap(text, at) < _NO_GAP}
    if put_in and len(own) >= _OWN_BLANKS:
        usual = median(_gap(text, at) for at in own[:: max(1, len(own) // _ASKED)])
        found |= {at for at in put_in - ideographs if _LEVEL < _gap(text, at) < _NARROW * usual}
    return found


def _gap(text: Any, blank: int) -> float:
    """The distance between the characters around a blank, as a share of the type size."""
    boxes = []
    for index in (blank - 1, blank + 1):
        boxes.append(pdfium.FS_RECTF())
        pdfium.FPDFText_GetLooseCharBox(text, index, byref(boxes[-1]))
    one, two = boxes
    across, along = max(two.left - one.right, one.left - two.right), max(two.bottom - one.top, one.bottom - two.top)
    return float(max(across, along) / max(one.top - one.bottom, 0.1))


def _letter(code: int) -> str:
    """The character; some files hold the bytes of its UTF-8 form in the place of its number."""
    if code <= sys.maxunicode:
        return chr(code)
    try:
        return code.to_bytes(4, "big").lstrip(b"\0").decode()[0]
    except (UnicodeDecodeError, OverflowError):
        return "\ufffd"


def _text(letters: str) -> str:
    """The letters with halves of a character beyond 16 bits put together, and stray halves replaced."""
    return letters.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def angle(text: Any, index: int) -> int:
    """The degrees clockwise by which the page has to be turned for a character to stand upright, 0 to 359."""
    # PDFium gives the angle clockwise, in the page's own coordinates.
    return round(-math.degrees(pdfium.FPDFText_GetCharAngle(text, index))) % 360


def _word(letters: Sequence[str], box: Box, index: int, hyphen: bool, sideways: bool) -> Word:
    found = _text("".join(letters))
    return Word(plain(found.translate(_GLYPHS)), found, box, index, hyphen, sideways)


def _box(text: Any, first: int, last: int, placed: Placing) -> Box:
    """The box around the first and the last character, which lie on one line."""
    xs, ys = [], []
    for index in {first, last}:
        found = pdfium.FS_RECTF()
        pdfium.FPDFText_GetLooseCharBox(text, index, byref(found))
        for x, y in (placed(found.left, found.top), placed(found.right, found.bottom)):
            xs.append(x)
            ys.append(y)
    return min(xs), min(ys), max(xs), max(ys)
