"""Where the sentences of a text are, as offsets: at the ends of paragraphs, list items and table rows, then inside."""

from __future__ import annotations

import re
from functools import lru_cache

import sentencex

LONGEST = 1_000
_BREAK = re.compile(
    r"\n[ \t]*\n\s*"  # a blank line
    r"|\n(?=[ \t]*(?:[-*+•‣▪◦·–—]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])[ \t])"  # before a list item
    r"|\n(?=[ \t]*(?:#{1,6}[ \t]|>|\|))"  # before a heading, a quotation, a row of a table
    r"|\n(?=[^\n]* \| )|(?<=\|)[ \t]*\n"  # before a row of cells, after a row of a Markdown table
)
_LINE = re.compile(r"^(?:[ \t]*#{1,6}[ \t][^\n]*|[^\n]* \| [^\n]*)(\n)", re.MULTILINE)
_LEAD = re.compile(r"\s*(?:(?:[-*+•‣▪◦·]|#{1,6}|>+|\|)[ \t]+)*\s*")
_WORD = re.compile(r"[^\W\d_]{2}")
_SOFT = re.compile(r"[;:,)\]][\s]|\s")


def sentences(text: str) -> list[tuple[int, int]]:
    """The sentences of `text` as (start, end) offsets in code points, in order, without white space around them.

    List marks and Markdown heading marks are left outside. A sentence over `LONGEST` characters is cut at a blank.
    Boundaries inside a paragraph are those of sentencex (rules from Wikimedia, English).
    """
    return list(_sentences(text))


@lru_cache(maxsize=4_096)
def _sentences(text: str) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    at = 0
    breaks = [mark.span() for mark in _BREAK.finditer(text)] + [mark.span(1) for mark in _LINE.finditer(text)]
    for end, following in [*sorted(breaks), (len(text), len(text))]:
        if text[at:end].strip():
            found += _inside(text, at, end)
        at = max(at, following)
    return tuple(found)


def _inside(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The sentences of one paragraph, which stands at text[start:end]; a lone "1." belongs to what follows it."""
    found: list[tuple[int, int]] = []
    begin = start
    for piece in sentencex.get_sentence_boundaries("en", text[start:end].replace("\n", " ")):
        close = start + piece["end_index"]
        if close < end and not _WORD.search(text, begin, close):
            continue
        found += _trimmed(text, begin, close)
        begin = close
    return found


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
