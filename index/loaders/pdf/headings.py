"""Tells which paragraphs of a PDF are headings, and of what level."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from index.loaders.pdf.paragraphs import Paragraph

_LARGER = 1.12
_LONGEST, _LONGEST_BOLD = 200, 100
_MOST_LINES = 3
# A heading under a heading is common; more of them in a row are the cells of a table. So are bold lines over words.
_MOST_STACKED = 2
_SHORTEST_BODY = 40
_LETTER = re.compile(r"[^\W\d_]{2}")
_SENTENCE_END = re.compile(r"[.,;]$")
_PLAIN = re.compile(r"[^\W\d_a-z][^.,:;|=<>@]{2,60}(?:(?<=[\w)]):?|\?)")
_DEEPEST = 6
# An entry of the outline: its level from 1, its title, its page from 1 or 0.
Mark = tuple[int, str, int]


def with_headings(paragraphs: Sequence[Paragraph], outline: Sequence[Mark]) -> list[Paragraph]:
    """The paragraphs, headings marked.

    Headings are what the outline names, with its level; else type clearly larger than the body's, the larger the
    higher; below them short bold lines, and below those short plain ones that stand alone above a longer paragraph.
    """
    body = _body_size(paragraphs)
    named = {(_folded(title), page): level for level, title, page in outline if title}
    larger = [p for p in paragraphs if _may_be(p) and p.lines[0].size >= _LARGER * body]
    sizes = sorted({round(p.lines[0].size) for p in larger}, reverse=True)
    bold_body = _mostly_bold(paragraphs)
    found: list[Paragraph] = []
    stacked = 0
    for paragraph in reversed(paragraphs):
        below = found[-1] if found and found[-1].page == paragraph.page else None
        level = named.get((_folded(paragraph.text), paragraph.page), 0) if _may_be(paragraph, marked=True) else 0
        if not level and _may_be(paragraph):
            size = paragraph.lines[0].size
            heads = stacked < _MOST_STACKED and _has_body([p for p in found[-2:] if p.page == paragraph.page])
            if size >= _LARGER * body:
                level = sizes.index(round(size)) + 1
            elif heads and not bold_body and _is_bold_line(paragraph) and size >= 0.95 * body:
                level = len(sizes) + 1
            elif heads and below is not None and _is_plain_heading(paragraph, below):
                level = len(sizes) + 2
        stacked = stacked + 1 if level else 0
        found.append(replace(paragraph, kind="heading", level=min(level, _DEEPEST)) if level else paragraph)
    return found[::-1]


def _has_body(below: Sequence[Paragraph]) -> bool:
    """Whether what follows, the nearest last, can stand under a heading.

    That is another heading, a list, a table, or more than a word or two, or these last three after a single short line.
    """
    if not below:
        return False
    if below[-1].kind != "text" or len(below[-1].text) > _SHORTEST_BODY:
        return True
    return below[0].kind in ("item", "row") or (below[0].kind == "text" and len(below[0].text) > _SHORTEST_BODY)


def _may_be(paragraph: Paragraph, marked: bool = False) -> bool:
    text = paragraph.text
    kind = paragraph.kind == "text" or (paragraph.kind == "item" and (marked or text[0].isdigit()))
    # What runs up the side of a page is a stamp.
    level = all(line.upright for line in paragraph.lines)
    return (
        level and kind and len(text) <= _LONGEST and len(paragraph.lines) <= _MOST_LINES and bool(_LETTER.search(text))
    )


def _is_bold_line(paragraph: Paragraph) -> bool:
    text = paragraph.text
    return all(line.bold for line in paragraph.lines) and len(text) <= _LONGEST_BOLD and not _SENTENCE_END.search(text)


def _is_plain_heading(paragraph: Paragraph, below: Paragraph) -> bool:
    """Whether a line of ordinary type reads as a heading: a few words, capitals in front, a longer paragraph below."""
    if len(paragraph.lines) > 1 or (below.kind != "item" and (below.kind != "text" or len(below.lines) < 2)):
        return False
    words = [word for word in paragraph.text.split() if len(word) > 3 and word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in words)
    return bool(_PLAIN.fullmatch(paragraph.text)) and len(words) > 0 and capitals * 3 >= len(words) * 2


def _folded(text: str) -> str:
    """The words only, without numbers in front and without case."""
    return " ".join(re.findall(r"\w+", re.sub(r"^[\W\d]+", "", text.casefold())))


def _body_size(paragraphs: Sequence[Paragraph]) -> float:
    sizes: Counter[float] = Counter()
    for paragraph in paragraphs:
        for line in paragraph.lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0


def _mostly_bold(paragraphs: Sequence[Paragraph]) -> bool:
    lines = [line for paragraph in paragraphs for line in paragraph.lines]
    return sum(len(line.text) for line in lines if line.bold) * 3 > sum(len(line.text) for line in lines)
