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
from index.types import Block, ink

if TYPE_CHECKING:
    from index.loaders.pdf.engine import Pixels
    from index.loaders.pdf.recognise import Recognised, Turn

INSTALL = "pip install 'document-assistant[ocr]'"
"""What makes text recognition available."""

UNSURE = "unsure recognition"
"""Why characters are left out that were recognised so badly that they may be anything."""

# Pixels of a page's longer side: A4 at 171 dots an inch, and no page at more than 4 dots a point.
_LONGEST, _CLOSEST = 2000, 4.0


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
        said = []
        if self.read:
            how = "read from pictures by text recognition, which can misread"
            said.append(f"{ranges(self.read, 'page', 'was', 'were')} {how}")
        if self.late:
            why = "not read, since there was no time for more; split the file and add the parts"
            said.append(f"{ranges(self.late, 'page', 'holds', 'hold')} only pictures and {_were(self.late)} {why}")
        if self.left:
            why = f"not read; install text recognition with {INSTALL} and add the file again"
            said.append(f"{ranges(self.left, 'page', 'holds', 'hold')} only pictures and {_were(self.left)} {why}")
        return said

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
    except ImportError:
        return None


def with_scans(pdf: Any, sheets: Sequence[Sheet]) -> Scans:
    """The pages of the document, those that only show pictures with the lines in them."""
    pictures = [sheet.number for sheet in sheets if not sheet.lines and not sheet.broken and _shows(pdf, sheet.number)]
    recognise = recognition() if pictures else None
    if recognise is None:
        return Scans(tuple(sheets), left=tuple(pictures))
    pages = ((sheets[number - 1], _rendered(pdf, number)) for number in pictures)
    found = read_pages(pages, recognise)
    return scans(sheets, found, pictures[len(found) :])


def read_pages(pages: Iterator[tuple[Sheet, Pixels]], recognise: ModuleType) -> list[Recognised]:
    """The pages, each with the lines that its pixels show, as far as there is time."""
    found: list[Recognised] = []
    while another_page() and (page := next(pages, None)) is not None:
        found.append(recognise.recognised(page[1], page[0]))
    return found


def scans(sheets: Sequence[Sheet], found: Sequence[Recognised], late: Sequence[int]) -> Scans:
    """The pages of a document with those of them that were recognised in their places."""
    read = {page.sheet.number: page for page in found if page.sheet.lines}
    unsure = sum(page.unsure for page in found)
    return Scans(
        tuple(read[sheet.number].sheet if sheet.number in read else sheet for sheet in sheets),
        read=tuple(read),
        late=tuple(late),
        found=sum(ink(line.text) for page in read.values() for line in page.sheet.lines) + unsure,
        unsure=unsure,
        turns={number: page.turn for number, page in read.items()},
    )


def _shows(pdf: Any, number: int) -> bool:
    """Whether anything at all is drawn on a page."""
    try:
        with closing(pdf[number - 1]) as page:
            return bool(pdfium.FPDFPage_CountObjects(page) > 0)
    except PdfiumError:
        return False


def _rendered(pdf: Any, number: int) -> Any:
    """The page as it is shown: rows, columns, blue-green-red."""
    with closing(pdf[number - 1]) as page:
        scale = min(_LONGEST / max(page.get_size()), _CLOSEST)
        with closing(page.render(scale=scale, maybe_alpha=False, force_bitmap_format=pdfium.FPDFBitmap_BGR)) as bitmap:
            return bitmap.to_numpy().copy()


def _were(pages: Sequence[int]) -> str:
    return "was" if len(pages) == 1 else "were"
