"""Draws pictures of pages for the tests, with the font that comes with Pillow."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw, ImageFont

PAGE = (900, 450)
"""The size of a drawn page in pixels."""


def draw_page(heading: str, paragraphs: Sequence[str], size: tuple[int, int] = PAGE) -> Image.Image:
    """A white page with black type: the heading at 40 pixels, paragraphs at 26, as wide as the page allows."""
    page = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(page)
    top = 60
    for text, height in [(heading, 40), *((paragraph, 26) for paragraph in paragraphs)]:
        for line in textwrap.wrap(text, int(size[0] * 1.7 / height)):
            pen.text((70, top), line, fill="black", font=ImageFont.load_default(height))
            top += round(height * 1.4)
        top += 30
    return page


def write_picture(path: Path, heading: str, paragraphs: Sequence[str]) -> Path:
    """Writes a picture of one page, of the kind that the suffix says, or else a PNG."""
    draw_page(heading, paragraphs).save(path, None if path.suffix else "PNG")
    return path


def write_scan(path: Path, pages: Sequence[Image.Image]) -> Path:
    """Writes a PDF that holds only pictures."""
    pages[0].save(path, "PDF", save_all=True, append_images=list(pages[1:]), resolution=120)
    return path


def joined(path: Path, parts: Sequence[Path]) -> Path:
    """Writes the pages of several PDFs as one."""
    whole = pypdfium2.PdfDocument.new()
    for part in parts:
        with pypdfium2.PdfDocument(part) as other:
            whole.import_pages(other)
    whole.save(path)
    whole.close()
    return path
