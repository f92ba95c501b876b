"""Pages that are only pictures: read by text recognition where it is installed, and named where they were not."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pypdfium2 import PdfiumError
from pypdfium2 import raw as pdfium

from index.allowance import another_page
from index.loaders import ranges
from index.loaders.pdf.lines import Sheet
from index.loaders.pdf.turn import Recognised, Turn
from index.types import Block, Box, ink

if TYPE_CHECKING:
    from index.loaders.pdf.engine import Pixels

INSTALL = "pip install 'document-assistant[ocr]'"
"""What makes text recognition available."""

UNSURE = "unsure recognition"
"""Why characters are left out that were recognised so badly that they may be anything."""

# Pixels of a page's longer side: A4 at 171 dots an inch, and no page at more than 4 dots a point.
_LONGEST, _CLOSEST = 2000, 4.0
# A page with fewer characters than this over a picture of more than this part of it is a scan with a stamp on it.
_STAMP, _MOSTLY = 200, 0.5
# How deep pictures are looked for in groups of drawings.
_DEEP = 4


@dataclass(frozen=True, slots=True)
class Scans:
    """Pages with what was read from pictures among them: which those are, and which were left.

    `found` are the characters that recognition saw, `unsure` those of them that were left out; `installed` says
    whether it is there at all, and `late` which pages there was no time for.
    """

    sheets: tuple[Sheet, ...]
    read: tuple[int, ...] = ()
    late: tuple[int, ...] = ()
    left: tuple[int, ...] = ()
    found: int = 0
    unsure: int = 0
    turns: Mapping[int, Turn] = field(default_factory=dict)

    def warnings(self) -> list[str]:
        """What a person should know of these pages."""
        how = "read from pictures by text recognition, which can misread"
        return [*([f"{ranges(self.read, 'page', 'was', 'were')} {how}"] if self.read else []), *self.missing()]

    def missing(self) -> list[str]:
        """Those of the warnings that tell what was not read."""
        late = "since there was no time for more; split the file and add the parts"
        left = f"since text recognition is not installed; install it with {INSTALL} and add the file again"
        return [self._unread(pages, why) for pages, why in ((self.late, late), (self.left, left)) if pages]

    def _unread(self, pages: Sequence[int], why: str) -> str:
        stamped = any(sheet.lines for sheet in self.sheets if sheet.number in pages)
        what = "little more than pictures, which were" if stamped else "only pictures, which were"
        return f"{ranges(pages, 'page', 'holds', 'hold')} {what} not read, {why}"

    def empty(self) -> str:
        """Why a document has no text, and what would work."""
        if self.left:
            what = "holds only pictures and no text, and text recognition is not installed"
            return f"{what}; install it with {INSTALL} and add the file again"
        if self.late:
            return "holds only pictures, and there was no time to read one; split the file and add the parts"
        return "holds no text, nor do its pictures show any that can be recognised; add a copy with text"

    def placed(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        """The blocks with their boxes on the pages as they are shown, however those lay in the scanner."""
        shapes = {sheet.number: sheet for sheet in self.sheets}
        return tuple(self._placed(block, shapes) for block in blocks)

    def _placed(self, block: Block, shapes: Mapping[int, Sheet]) -> Block:
        turn = self.turns.get(block.page or 0)
        if turn is None or block.box is None or block.page is None:
            return block
        return replace(block, box=turn.back(block.box, shapes[block.page].width, shapes[block.page].height))


def recognition() -> ModuleType | None:
    """The module that recognises text, or None where it is not installed; loaded for the first picture only."""
    try:
        return importlib.import_module("index.loaders.pdf.recognise")
    except ImportError as error:
        if "failed to map" in str(error) or "memory" in str(error):
            raise MemoryError(str(error)) from error
        return None


def with_scans(pdf: Any, sheets: Sequence[Sheet]) -> Scans:
    """The pages of the document, those that only show pictures with the lines in them."""
    pictures = [sheet.number for sheet in sheets if not sheet.broken and _is_picture(pdf, sheet)]
    recognise = recognition() if pictures else None
    if recognise is None:
        return Scans(tuple(sheets), left=tuple(pictures))
    pages = ((sheets[number - 1], _rendered(pdf, number)) for number in pictures)
    found = [_beside(sheets[page.sheet.number - 1], page) for page in read_pages(pages, recognise)]
    return scans(sheets, found, pictures[len(found) :])


def read_pages(pages: Iterator[tuple[Sheet, Pixels]], recognise: ModuleType) -> list[Recognised]:
    """The pages, each with the lines that its pixels show, as far as there is time."""
    found: list[Recognised] = []
    while another_page() and (page := next(pages, None)) is not None:
        found.append(recognise.recognised(page[1], page[0]))
    return found


def scans(sheets: Sequence[Sheet], found: Sequence[Recognised], late: Sequence[int]) -> Scans:
    """The pages of a document with those of them that were recognised in their places."""
    read = {page.sheet.number: page for page in found if page.found > page.unsure}
    return Scans(
        tuple(read[sheet.number].sheet if sheet.number in read else sheet for sheet in sheets),
        read=tuple(read),
        late=tuple(late),
        found=sum(page.found for page in found),
        unsure=sum(page.unsure for page in found),
        turns={number: page.turn for number, page in read.items()},
    )


def _is_picture(pdf: Any, sheet: Sheet) -> bool:
    """Whether a page shows something and says nothing, or next to nothing beside pictures over half of it."""
    if sum(ink(line.text) for line in sheet.lines) > _STAMP:
        return False
    try:
        with closing(pdf[sheet.number - 1]) as page:
            if min(page.get_size()) <= 0:
                return False
            if not sheet.lines:
                return bool(pdfium.FPDFPage_CountObjects(page) > 0)
            return _pictured(page) > _MOSTLY
    except PdfiumError:
        return False


def _pictured(page: Any) -> float:
    """The part of a page that pictures cover; those that overlap count twice."""
    left, bottom, right, top = page.get_bbox()
    covered = 0.0
    for picture in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=_DEEP):
        x, y, x2, y2 = picture.get_bounds()
        covered += max(min(x2, right) - max(x, left), 0) * max(min(y2, top) - max(y, bottom), 0)
    return float(covered / max((right - left) * (top - bottom), 1.0))


def _beside(drawn: Sheet, page: Recognised) -> Recognised:
    """The page with what was recognised behind the lines that it has anyway, such as a stamp, none twice."""
    if not drawn.lines:
        return page
    width, height = page.sheet.width, page.sheet.height
    new = []
    for line in page.sheet.lines:
        left, top, right, bottom = line.box
        box = page.turn.back((left / width, top / height, right / width, bottom / height), width, height)
        shown = (box[0] * drawn.width, box[1] * drawn.height, box[2] * drawn.width, box[3] * drawn.height)
        if not any(_covers(other.box, shown) for other in drawn.lines):
            new.append(replace(line, box=shown, row=line.row + len(drawn.lines)))
    found = sum(ink(line.text) for line in new) + page.unsure
    return Recognised(replace(drawn, lines=(*drawn.lines, *new)), Turn(), found, page.unsure)


def _covers(one: Box, other: Box) -> bool:
    """Whether the middle of one box lies in the other, or the other way round."""

    def within(inner: Box, outer: Box) -> bool:
        x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
        return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]

    return within(one, other) or within(other, one)


def _rendered(pdf: Any, number: int) -> Any:
    """The page as it is shown: rows, columns, blue-green-red."""
    with closing(pdf[number - 1]) as page:
        scale = min(_LONGEST / max(*page.get_size(), 1.0), _CLOSEST)
        with closing(page.render(scale=scale, maybe_alpha=False, force_bitmap_format=pdfium.FPDFBitmap_BGR)) as bitmap:
            return bitmap.to_numpy().copy()
