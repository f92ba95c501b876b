"""Writes the paragraphs of a PDF as one canonical text, with a block for each line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.loaders import Writing
from index.loaders.pdf.facing import as_shown
from index.loaders.pdf.lines import Line, Sheet
from index.loaders.pdf.paragraphs import Paragraph, runs_on
from index.types import Block, Box, Page

_HYPHEN = re.compile(r"[^\s-]-$")
_LAST_WORD = re.compile(r"([^\W\d_]+)-$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# Where more lines than this end in a hyphen, the type setter divided words; a typist's hyphens stay below it.
_DIVIDING = 0.02

HYPHEN = "hyphen at a line's end"


@dataclass(frozen=True, slots=True)
class Written:
    """The text, its blocks (a heading is one, all else one a line), and the pages, which tile the text.

    `hyphens` counts those at the ends of lines that only divided a word and are not in the text.
    """

    text: str
    blocks: tuple[Block, ...]
    pages: tuple[Page, ...]
    hyphens: int


def write(paragraphs: Sequence[Paragraph], sheets: Sequence[Sheet]) -> Written:
    """The paragraphs one after the other."""
    stretches = [
        (paragraph, lines)
        for paragraph in paragraphs
        for lines in ([paragraph.lines] if paragraph.kind == "heading" else [(line,) for line in paragraph.lines])
    ]
    texts = [" ".join(line.text for line in lines) for _, lines in stretches]
    gaps = ["", *(_gap(one, two) for (one, _), (two, _) in pairwise(stretches))]
    hyphens = _mend(texts, gaps)
    writing = Writing()
    shapes = {sheet.number: sheet for sheet in sheets}
    starts: dict[int, int] = {}
    for (paragraph, lines), gap, text in zip(stretches, gaps, texts, strict=True):
        box = _box(lines, shapes[paragraph.page])
        writing.put(gap, text, Block(0, 0, paragraph.kind, paragraph.level, paragraph.page, box))
        starts.setdefault(paragraph.page, writing.blocks[-1].start)
    return Written(writing.text(), tuple(writing.blocks), _pages(sheets, starts, writing.length), hyphens)


def _mend(texts: list[str], gaps: list[str]) -> int:
    """Joins words that were divided over two lines, and returns how many hyphens that took away."""
    words = _whole_words(texts)
    divides = sum(text.endswith("-") for text in texts) > _DIVIDING * len(texts)
    found = 0
    for at in range(1, len(texts)):
        if gaps[at] == " " and _HYPHEN.search(texts[at - 1]):
            gaps[at] = ""
            if not _belongs(texts[at - 1], texts[at], words, divides):
                texts[at - 1] = texts[at - 1][:-1]
                found += 1
    return found


def _gap(one: Paragraph, two: Paragraph) -> str:
    if one is two or runs_on(one, two):
        return " "
    return "\n" if one.kind == two.kind and one.kind in ("item", "row") and one.page == two.page else "\n\n"


def _whole_words(texts: Sequence[str]) -> set[str]:
    """The words of the document, without those that the end of a line may have divided."""
    found: set[str] = set()
    for above, text in pairwise(["", *texts]):
        words = _WORD.findall(_LAST_WORD.sub("", text).casefold())
        found.update(words[1:] if above.endswith("-") else words)
    return found


def _belongs(line: str, following: str, words: set[str], divides: bool) -> bool:
    """Whether the hyphen at the end of the line belongs to the word, and does not only divide it.

    What the document writes elsewhere decides; failing that, whether both parts are words of it, and whether it divides
    words at all.
    """
    one, two = _LAST_WORD.search(line), _FIRST_WORD.match(following)
    if not one or not two or not two.group()[0].islower():
        return True
    parts = one.group(1).casefold(), two.group().casefold()
    whole, linked = "".join(parts) in words, "-".join(parts) in words
    if whole != linked:
        return linked
    return not divides or all(len(part) > 2 and part in words for part in parts)


def _box(lines: Sequence[Line], sheet: Sheet) -> Box:
    """The box around the lines, as fractions of the page as it is shown."""
    lefts, tops, rights, bottoms = zip(*(line.box for line in lines), strict=True)
    box = min(lefts) / sheet.width, min(tops) / sheet.height, max(rights) / sheet.width, max(bottoms) / sheet.height
    left, top, right, bottom = as_shown(box, sheet.quarters)
    return _fraction(left), _fraction(top), _fraction(right), _fraction(bottom)


def _fraction(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 5)


def _pages(sheets: Sequence[Sheet], starts: Mapping[int, int], length: int) -> tuple[Page, ...]:
    """Each page from where its text starts to where the next one's does; pages without text are empty stretches."""
    pages: list[Page] = []
    end = length
    for sheet in reversed(sheets):
        start = starts.get(sheet.number, end)
        pages.append(Page(sheet.number, sheet.label, start, end))
        end = start
    if pages:
        first = pages[-1]
        pages[-1] = Page(first.number, first.label, 0, first.end)
    return tuple(reversed(pages))
