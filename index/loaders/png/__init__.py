"""Pictures of any kind, such as scans and photographs of documents: each frame a page, read by text recognition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from index.errors import EmptyFile
from index.loaders.pdf.headings import with_headings
from index.loaders.pdf.lines import Sheet
from index.loaders.pdf.order import ordered
from index.loaders.pdf.paragraphs import paragraphs
from index.loaders.pdf.running import RUNNING, without_running_lines
from index.loaders.pdf.scans import INSTALL, UNSURE, Scans, read_pages, recognition, scans
from index.loaders.pdf.writing import HYPHEN, write
from index.types import Document

if TYPE_CHECKING:
    from index.loaders.pdf.engine import Pixels


def load(path: Path) -> Document:
    """The text in the picture, with the box of each line; several pages where the file holds several pictures.

    Raises `EmptyFile` where it shows no text or text recognition is not installed, `HeavyFile` where it has more than
    89 million pixels, and `DamagedFile` where it is broken.
    """
    recognise = recognition()
    if recognise is None:
        what = f"{path.name} is a picture, and text recognition is not installed"
        raise EmptyFile(f"{what}; install it with {INSTALL} and add the file again")
    found, media_type = _scans(path, recognise)
    if not found.read:
        raise EmptyFile(f"{path.name} shows no text that can be recognised; add a larger or sharper picture of it")
    return _document(path, found, media_type)


def _scans(path: Path, recognise: ModuleType) -> tuple[Scans, str]:
    """The frames as pages, with what was read in them, and the kind of the file."""
    from index.loaders.png.pixels import frames

    kind, after = "", 0

    def pages() -> Iterator[tuple[Sheet, Pixels]]:
        nonlocal kind, after
        for number, frame in enumerate(frames(path), 1):
            kind, after = frame.media_type, frame.after
            height, width = frame.pixels.shape[:2]
            yield Sheet(number, "", float(width), float(height), ()), frame.pixels
        after = 0

    found = read_pages(pages(), recognise)
    late = range(len(found) + 1, len(found) + after + 1)
    return scans([page.sheet for page in found], found, late), kind


def _document(path: Path, found: Scans, media_type: str) -> Document:
    sheets = without_running_lines([ordered(page) for page in found.sheets])
    laid = write(with_headings([part for page in sheets for part in paragraphs(page)], []), sheets)
    heading = next((laid.text[block.start : block.end] for block in laid.blocks if block.kind == "heading"), "")
    running = sum(page.dropped.get(RUNNING, 0) for page in sheets)
    return Document(
        path.name,
        heading or path.stem,
        laid.text,
        found.placed(laid.blocks),
        laid.pages,
        "",
        media_type,
        dropped=dict(+Counter({RUNNING: running, HYPHEN: laid.hyphens, UNSURE: found.unsure})),
        warnings=tuple(found.warnings()),
        seen=found.found,
        missing=tuple(found.missing()),
    )
