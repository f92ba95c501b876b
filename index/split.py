"""Cuts a document into passages that end where sentences end and together cover its whole text."""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import merge
from itertools import islice
from typing import overload

from index.sentences import each_sentence, last_break
from index.types import Document, Passage

CHARACTERS = 700
"""The most characters of a passage. Recall and precision with 5 on Chroma's chunking benchmark, tuning half, the
vectors of all but 700 pooled from those of its sentences: 650: 85.7 / 8.3%, 700: 85.4 / 7.8, 750: 86.1 / 7.2, 800:
87.9 / 7.0. Right page of northwind: 88 / 89 / 89 / 92% (94 questions)."""

CONTEXT = 600
"""The most characters of column names and paths: about as much as a passage, so that they do not drown it."""

AT_ONCE = 512
"""Sentences whose tokens are counted together: a question waits for no more of them than that."""

Lengths = Callable[[Sequence[str]], list[int]]


def split(document: Document, lengths: Lengths, tokens: int, characters: int = CHARACTERS) -> Passages:
    """The passages of a document, in order; each begins where the one before it ends, so none of its text is lost.

    A passage ends at the end of a sentence, before a heading, at `characters` code points or at `tokens` tokens of the
    embedding model, whichever comes first; `lengths` counts the tokens of texts. Only a sentence that is longer than
    a passage is cut, at a comma or a blank.
    """
    headings = _Headings(document)
    if not document.text or document.text.isspace():
        return Passages(document, array("Q"), headings)
    counted = _counted(document.text, _units(document, characters), lengths, tokens)
    apart = set() if document.printed else {page.start for page in document.pages if page.start < page.end}
    return Passages(document, _joined(counted, headings.starts | apart, characters, tokens), headings)


def _units(document: Document, characters: int) -> Iterator[tuple[int, int]]:
    """The text as a tiling of sentences, each with the white space that follows it; long ones are cut."""
    text = document.text
    headings = [block for block in document.blocks if block.kind == "heading"]
    places = {block.start for block in headings} | {block.end for block in headings}
    places |= {block.start for block in document.blocks if block.cell}
    places |= set() if document.printed else {page.start for page in document.pages}
    before = 0
    for cut in merge(sorted(places), (start for start, _ in each_sentence(text))):
        if before < cut < len(text):
            yield from _cut(text, before, cut, characters)
            before = cut
    yield from _cut(text, before, len(text), characters)


def _cut(text: str, start: int, end: int, longest: int) -> list[tuple[int, int]]:
    pieces = []
    while end - start > longest:
        cut = last_break(text, start + longest // 2, start + longest)
        pieces.append((start, cut))
        start = cut
    return [*pieces, (start, end)]


def _counted(
    text: str, units: Iterator[tuple[int, int]], lengths: Lengths, tokens: int
) -> Iterator[tuple[int, int, int]]:
    """The units with their numbers of tokens, each that has too many halved until it fits."""
    while some := list(islice(units, AT_ONCE)):
        counts = lengths([text[start:end] for start, end in some])
        some, counts = _within(text, some, counts, lengths, tokens)
        yield from ((start, end, count) for (start, end), count in zip(some, counts, strict=True))


def _within(
    text: str, units: list[tuple[int, int]], counts: list[int], lengths: Lengths, tokens: int
) -> tuple[list[tuple[int, int]], list[int]]:
    """The units with each that has too many tokens halved until it fits."""
    while any(count > tokens for count in counts):
        halved = [
            piece
            for (start, end), count in zip(units, counts, strict=True)
            for piece in (_cut(text, start, end, -(-(end - start) // 2)) if count > tokens else [(start, end)])
        ]
        if len(halved) == len(units):
            break
        units, counts = halved, lengths([text[start:end] for start, end in halved])
    return units, counts


def _joined(units: Iterable[tuple[int, int, int]], breaks: set[int], characters: int, tokens: int) -> array[int]:
    """Where each passage begins: neighbouring units are joined as long as they fit; a heading begins a new one."""
    starts = array("Q")
    room = 0
    for start, end, count in units:
        if starts and end - starts[-1] <= characters and count <= room and start not in breaks:
            room -= count
        else:
            starts.append(start)
            room = tokens - count
    return starts


class Passages(Sequence[Passage]):
    """The passages of a document, each made when it is asked for: a book's take no more room than where they begin."""

    def __init__(self, document: Document, starts: array[int], headings: _Headings) -> None:
        self._document = document
        self._starts = starts
        self._headings = headings
        self._contexts = _Contexts(document)
        self._pages = [page.start for page in document.pages]

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, at: int) -> Passage: ...

    @overload
    def __getitem__(self, at: slice) -> list[Passage]: ...

    def __getitem__(self, at: int | slice) -> Passage | list[Passage]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        at = range(len(self))[at]
        start = self._starts[at]
        end = self._starts[at + 1] if at + 1 < len(self) else len(self._document.text)
        said = self._contexts.of(start, end)
        return _passage(self._document, start, end, self._headings.path(start), said, self._pages)


class _Headings:
    """The headings of a document: where sections start, and the path of headings that stands above an offset."""

    def __init__(self, document: Document) -> None:
        self.starts: set[int] = set()
        self._at: list[int] = []
        self._paths: list[str] = []
        self._leads: list[int] = []
        levels: list[tuple[int, str]] = []
        before = -1
        pages = [] if document.printed else [page.start for page in document.pages]
        on = 0
        for block in (block for block in document.blocks if block.kind == "heading"):
            title = " ".join(document.text[block.start : block.end].strip("#=- \t\n").split())
            if bisect_right(pages, block.start) > on:
                on, levels = bisect_right(pages, block.start), []
            levels = [*(item for item in levels if item[0] < block.level), (block.level, title)]
            alone = before < 0 or bool(document.text[before : block.start].strip())
            if alone:
                self.starts.add(block.start)
            self._leads.append(block.start if alone else self._leads[-1])
            self._at.append(block.start)
            self._paths.append(" › ".join(title for _, title in levels))
            before = block.end
        self._pages = pages

    def path(self, start: int) -> str:
        """The headings above a passage that begins at `start`, outermost first, those that open it included."""
        last = bisect_right(self._at, start) - 1
        while last + 1 < len(self._at) and last >= 0 and self._leads[last + 1] == start:
            last += 1
        page = bisect_right(self._pages, start)
        if page and last >= 0 and self._at[last] < self._pages[page - 1]:
            return ""
        return self._paths[last] if last >= 0 else ""


class _Contexts:
    """What the blocks of a document say of themselves beside their text: column names, paths."""

    def __init__(self, document: Document) -> None:
        blocks = [block for block in document.blocks if block.context]
        self._ends = [block.end for block in blocks]
        self._starts = [block.start for block in blocks]
        self._said = [block.context for block in blocks]

    def of(self, start: int, end: int) -> str:
        """The contexts of the blocks that lie in text[start:end], each once, as far as `CONTEXT` characters go."""
        said = self._said[bisect_right(self._ends, start) : bisect_left(self._starts, end)]
        return "; ".join(dict.fromkeys(said))[:CONTEXT]


def _passage(document: Document, start: int, end: int, heading: str, said: str, starts: list[int]) -> Passage:
    text = document.text[start:end]
    lead = start + len(text) - len(text.lstrip())
    page = document.pages[max(0, bisect_right(starts, lead) - 1)].number if starts else None
    name = f"{document.source}\0{document.sha256}\0{start}\0{end}"
    context = " › ".join(part for part in (document.title, heading, said) if part)
    return Passage(
        hashlib.sha256(name.encode()).hexdigest()[:24], document.source, text, start, end, page, heading, context
    )
