"""Where the sentences of a text are, as offsets: at the ends of paragraphs, list items and table rows, then inside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from heapq import merge
from itertools import chain

import sentencex

LONGEST = 1_000

# Texts up to this length are passages and answers, which are asked for again and again; a book is not kept.
_SHORT = 2_000
# Characters of a paragraph that are looked at together: what is found in them takes a hundred times their room.
_VIEW = 500_000
_BREAK = re.compile(
    r"\n[ \t]*\n\s*"  # a blank line
    r"|\n(?=[ \t]*(?:[-*+•‣▪◦·–—]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])[ \t])"  # before a list item
    r"|\n(?=[ \t]*(?:#{1,6}[ \t]|>|\|))"  # before a heading, a quotation, a row of a table
    r"|\n(?=[^\n]* \| )|(?<=\|)[ \t]*\n"  # before a row of cells, after a row of a Markdown table
)
# A lookahead finds one bar and gives none back: a long last line of many cells would be read once for each.
_LINE = re.compile(r"^(?:[ \t]*#{1,6}[ \t]|(?=[^\n]* \| ))[^\n]*+(\n)", re.MULTILINE)
_LEAD = re.compile(r"\s*(?:(?:[-*+•‣▪◦·]|#{1,6}|>+|\|)[ \t]+)*\s*")
_INK = re.compile(r"\S")
_WORD = re.compile(r"[^\W\d_]{2}")
_SOFT = re.compile(r"[;:,)\]][\s]|\s")


def sentences(text: str) -> list[tuple[int, int]]:
    """The sentences of `text` as (start, end) offsets in code points, in order, without white space around them.

    List marks and Markdown heading marks are left outside. A sentence over `LONGEST` characters is cut at a blank.
    Boundaries inside a paragraph are those of sentencex (rules from Wikimedia, English).
    """
    return list(_kept(text) if len(text) <= _SHORT else each_sentence(text))


@lru_cache(maxsize=4_096)
def _kept(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(each_sentence(text))


def each_sentence(text: str) -> Iterator[tuple[int, int]]:
    """The sentences one by one, as `sentences` gives them: those of a whole book take no memory."""
    at = 0
    breaks = merge((mark.span() for mark in _BREAK.finditer(text)), (mark.span(1) for mark in _LINE.finditer(text)))
    for end, following in chain(breaks, [(len(text), len(text))]):
        if _INK.search(text, at, end):
            yield from _inside(text, at, end)
        at = max(at, following)


def _inside(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences of one paragraph, which stands at text[start:end]; a lone "1." belongs to what follows it."""
    begin = start
    for close in _ends(text, start, end):
        if close < end and not _WORD.search(text, begin, close):
            continue
        yield from _trimmed(text, begin, close)
        begin = close


def _ends(text: str, start: int, end: int) -> Iterator[int]:
    """Where the sentences of a paragraph end, each with the blanks behind it; a very long one is seen bit by bit."""
    while start < end:
        stop = min(start + _VIEW, end)
        found = sentencex.get_sentence_boundaries("en", text[start:stop].replace("\n", " "))
        # The last one in view may go on behind it.
        seen = found[:-1] if stop < end and len(found) > 1 else found
        yield from (start + piece["end_index"] for piece in seen)
        start = start + seen[-1]["end_index"] if seen else stop


def _trimmed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretch without white space and list marks around it, cut where it is too long; or nothing."""
    lead = _LEAD.match(text, start, end)
    start = lead.end() if lead and lead.end() < end else start
    while end > start and text[end - 1].isspace():
        end -= 1
    pieces = []
    while end - start > LONGEST:
        cut = last_break(text, start + LONGEST // 2, start + LONGEST)
        pieces += _trimmed(text, start, cut)
        start = cut
        while start < end and text[start].isspace():
            start += 1
    return [*pieces, (start, end)] if end > start else pieces


def last_break(text: str, low: int, high: int) -> int:
    """The best place to cut text between two offsets: after the last comma or bracket, else blank, else at `high`."""
    cuts = [match.end() for match in _SOFT.finditer(text, low, high)]
    soft = [cut for cut in cuts if not text[cut - 2].isalnum()]
    return (soft or cuts or [high])[-1]
