"""Finds the evidence of a case in the library: which document it means, and where its quote stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from assistant.evaluation.types import Case, Evidence


@dataclass(frozen=True, slots=True)
class Shelf:
    """The documents of a library by name, their texts read when they are needed and then kept.

    `text` gives the canonical text of a source, and `pages` how many pages it has (0 where it has none).
    """

    sources: frozenset[str]
    text: Callable[[str], str]
    pages: Callable[[str], int]
    _by_name: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for source in sorted(self.sources):
            self._by_name.setdefault(PurePosixPath(source).name, []).append(source)

    def source(self, document: str) -> str | None:
        """The source that a set's name means: the same, or the only one that ends in that file name."""
        if document in self.sources:
            return document
        near = self._by_name.get(PurePosixPath(document.replace("\\", "/")).name, [])
        return near[0] if len(near) == 1 else None


def located(evidence: Sequence[Evidence], shelf: Shelf) -> tuple[Evidence, ...]:
    """The evidence with the library's own names, and offsets for each quote that stands in its document."""
    return tuple(_located(piece, shelf) for piece in evidence)


def missing(cases: Iterable[Case], shelf: Shelf) -> dict[str, int]:
    """The documents that evidence names and the library lacks, with how many questions rest on each."""
    counts: dict[str, int] = {}
    for case in cases:
        for document in {piece.document for piece in case.evidence}:
            if shelf.source(document) is None:
                counts[document] = counts.get(document, 0) + 1
    return dict(sorted(counts.items()))


def faults(case: Case, shelf: Shelf) -> list[str]:
    """What does not hold of the case's evidence, a sentence each: no such document, page, offset or quote."""
    out = []
    for piece in case.evidence:
        source = shelf.source(piece.document)
        if source is None:
            out.append(f"there is no document {piece.document!r}")
        elif piece.page is not None and piece.page > shelf.pages(source):
            out.append(f"{source} has {shelf.pages(source)} pages, and no page {piece.page}")
        elif piece.end is not None and piece.end > len(shelf.text(source)):
            out.append(f"{source} has {len(shelf.text(source)):,} characters, and nothing at {piece.end:,}")
        elif piece.quote and _place(piece, shelf.text(source)) is None:
            out.append(f"{source} does not say {piece.quote[:80]!r}")
        elif piece.quote and piece.start is not None and shelf.text(source)[piece.start : piece.end] != piece.quote:
            out.append(f"{source} says something else than {piece.quote[:80]!r} at {piece.start:,}")
    return out


def find(quote: str, text: str) -> tuple[int, int] | None:
    """Where a quote stands in a text, as offsets; where it does not stand as it is, white space may differ."""
    at = text.find(quote)
    if at >= 0:
        return at, at + len(quote)
    words = quote.split()
    if not words:
        return None
    match = re.search(r"\s+".join(map(re.escape, words)), text)
    return match.span() if match else None


def _located(piece: Evidence, shelf: Shelf) -> Evidence:
    source = shelf.source(piece.document)
    if source is None or piece.whole:
        return piece if source is None else replace(piece, document=source)
    place = _place(piece, shelf.text(source)) if piece.quote or piece.start is not None else None
    start, end = place if place else (None, None)
    return replace(piece, document=source, start=start, end=end)


def _place(piece: Evidence, text: str) -> tuple[int, int] | None:
    if piece.start is not None and piece.end is not None:
        fits = piece.end <= len(text) and (not piece.quote or text[piece.start : piece.end] == piece.quote)
        if fits:
            return piece.start, piece.end
    return find(piece.quote, text) if piece.quote else None
