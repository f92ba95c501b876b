"""Cuts a document into passages that end where sentences end and together cover its whole text."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from index.sentences import last_break, sentences
from index.types import Document, Passage

CHARACTERS = 700
"""The most characters of a passage. Recall and precision with 5 on Chroma's chunking benchmark, tuning half, the
vectors of all but 700 pooled from those of its sentences: 650: 85.7 / 8.3%, 700: 85.4 / 7.8, 750: 86.1 / 7.2, 800:
87.9 / 7.0. Right page of northwind: 88 / 89 / 89 / 92% (94 questions)."""

CONTEXT = 600
"""The most characters of column names and paths: about as much as a passage, so that they do not drown it."""

Lengths = Callable[[Sequence[str]], list[int]]


def split(document: Document, lengths: Lengths, tokens: int, characters: int = CHARACTERS) -> list[Passage]:
    """The passages of a document, in order; each begins where the one before it ends, so none of its text is lost.

    A passage ends at the end of a sentence, before a heading, at `characters` code points or at `tokens` tokens of the
    embedding model, whichever comes first; `lengths` counts the tokens of texts. Only a sentence that is longer than
    a passage is cut, at a comma or a blank.
    """
    if not document.text.strip():
        return []
    units = _units(document, characters)
    counts = lengths([document.text[start:end] for start, end in units])
    units, counts = _within(document.text, units, counts, lengths, tokens)
    headings = _Headings(document)
    apart = set() if document.printed else {page.start for page in document.pages if page.start < page.end}
    edges = _joined(units, counts, headings.starts | apart, characters, tokens)
    starts = [page.start for page in document.pages]
    contexts = _Contexts(document)
    return [
        _passage(document, start, end, headings.path(start), contexts.of(start, end), starts) for start, end in edges
    ]


def _units(document: Document, characters: int) -> list[tuple[int, int]]:
    """The text as a tiling of sentences, each with the white space that follows it; long ones are cut."""
    text = document.text
    cuts = {0} | {start for start, _ in sentences(text)} | {b.start for b in document.blocks if b.kind == "heading"}
    cuts |= {block.end for block in document.blocks if block.kind == "heading"}
    cuts |= {block.start for block in document.blocks if block.cell}
    cuts |= set() if document.printed else {page.start for page in document.pages}
    edges = sorted(cut for cut in cuts if cut < len(text))
    tiles = []
    for start, end in zip(edges, [*edges[1:], len(text)], strict=True):
        tiles += _cut(text, start, end, characters)
    return tiles


def _cut(text: str, start: int, end: int, longest: int) -> list[tuple[int, int]]:
    pieces = []
    while end - start > longest:
        cut = last_break(text, start + longest // 2, start + longest)
        pieces.append((start, cut))
        start = cut
    return [*pieces, (start, end)]


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


def _joined(
    units: list[tuple[int, int]], counts: list[int], breaks: set[int], characters: int, tokens: int
) -> list[tuple[int, int]]:
    """Neighbouring units joined into passages, as long as they fit; a heading begins a new one."""
    edges: list[tuple[int, int]] = []
    room = 0
    for (start, end), count in zip(units, counts, strict=True):
        fits = edges and end - edges[-1][0] <= characters and count <= room and start not in breaks
        if fits:
            edges[-1] = (edges[-1][0], end)
            room -= count
        else:
            edges.append((start, end))
            room = tokens - count
    return edges


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
