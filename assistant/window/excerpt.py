"""The text of a document around a place, as HTML: paragraphs, headings, lists, tables, code and the turns of pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.window.escape import escape
from assistant.window.said import Place
from index.types import Block, Document, Page

WIDER = 4  # times as many characters after "show more"
TAGS = {"heading": "h4", "item": "p", "row": "p", "code": "pre", "text": "p"}
HEADING_SIGN = re.compile(r"#{1,6}[ \t]+")  # Markdown's, which is part of the text and need not be read


def excerpt(place: Place, document: Document, around: int) -> str:
    """The text around a place, block by block, with the place in `mark`, and links to more of it."""
    first = _snapped(document.text, max(0, place.start - around), -1)
    last = _snapped(document.text, min(len(document.text), place.end + around), 1)
    more = f'<p class="more"><a href="{place.link()}" data-around="{around * WIDER}">{{}}</a></p>'
    parts = [more.format("Show more before")] if first else []
    starts = {page.start: page for page in document.pages if first < page.start < last}
    for block in stretches(document, first, last):
        page = starts.pop(block.start, None) or _turned(document.pages, block, starts)
        parts.append(f'<p class="page"><span>{escape(_said(document, page))}</span></p>' if page else "")
        parts.append(paragraph(place, document.text, block))
    return "".join([*parts, more.format("Show more after") if last < len(document.text) else ""])


def _said(document: Document, page: Page) -> str:
    return f"page {page.label or page.number}" if document.printed or not page.label else page.label


def _turned(pages: tuple[Page, ...], block: Block, starts: dict[int, Page]) -> Page | None:
    inside = [page for page in pages if page.start in starts and page.start <= block.start]
    for page in inside:
        starts.pop(page.start)
    return inside[-1] if inside else None


def _snapped(text: str, at: int, step: int) -> int:
    edge = at
    while 0 < edge < len(text) and not text[edge - 1].isspace() and abs(edge - at) < 60:
        edge += step
    return edge


def stretches(document: Document, first: int, last: int) -> Iterator[Block]:
    """The paragraphs of a stretch of text: its blocks, cut to it, and plain ones for what lies between them.

    Blocks with no line break between them, as the lines of a page often are, make one paragraph.
    """
    paragraph: Block | None = None
    for block in _pieces(document, first, last):
        if paragraph and block.kind == paragraph.kind and "\n" not in document.text[paragraph.end : block.start]:
            paragraph = replace(paragraph, end=block.end)
            continue
        if paragraph:
            yield paragraph
        paragraph = block
    if paragraph:
        yield paragraph


def _pieces(document: Document, first: int, last: int) -> Iterator[Block]:
    at = first
    for block in sorted(document.blocks, key=lambda block: block.start):
        start, end = max(block.start, at), min(block.end, last)
        if start >= end:
            continue
        if _worth(document.text[at:start]):
            yield Block(at, start)
        yield Block(start, end, block.kind, block.level, block.page)
        at = end
    if _worth(document.text[at:last]):
        yield Block(at, last)


def _worth(gap: str) -> bool:
    """Whether what lies between two blocks is more than marks, such as the "##" before a heading."""
    return any(char.isalnum() for char in gap)


def paragraph(place: Place, text: str, block: Block) -> str:
    """One block as HTML, with the part of it that belongs to the place in `mark`."""
    tag = TAGS.get(block.kind, "p")
    first, last = max(block.start, place.start), min(block.end, place.end)
    inner = _shown(text[block.start : block.end], block.kind)
    if first < last:
        before = _shown(text[block.start : first], block.kind)
        quote = escape(text[first:last]) if before else _shown(text[first:last], block.kind)
        inner = f"{before}<mark>{quote}</mark>{escape(text[last : block.end])}"
    return f'<{tag} class="stretch {block.kind}" dir="auto">{inner}</{tag}>'


def _shown(text: str, kind: str) -> str:
    sign = HEADING_SIGN.match(text) if kind == "heading" else None
    return f'<span class="sign">{sign.group()}</span>{escape(text[sign.end() :])}' if sign else escape(text)
