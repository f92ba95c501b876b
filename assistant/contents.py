"""Lists what a library consists of: its documents and their headings."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from assistant.account import counted
from assistant.types import ANSWERED, NOT_FOUND, Draft, Library, Span, Statement
from index.sentences import sentences
from index.words import stem

MOST_HEADINGS, MOST_DOCUMENTS = 60, 20
"""Headings and documents that are shown."""


def _headings(library: Library) -> Draft:
    """The headings of all documents, each a quotation."""
    lines: list[Statement] = []
    count = 0
    for source, _ in library.titles():
        document = library.document(source)
        for block in (block for block in document.blocks if block.kind == "heading"):
            count += 1
            text = document.text[block.start : block.end]
            start = block.start + len(text) - len(text.lstrip("#=- \t\n"))
            end = block.start + len(text.rstrip("#=- \t\n"))
            if start < end and len(lines) < MOST_HEADINGS:
                said = " ".join(document.text[start:end].split())
                lines.append(Statement(said, (Span(source, start, end),), quoted=True, after="\n"))
        if count > MOST_HEADINGS:
            break
    if not lines:
        return Draft((Statement("None of the documents has a heading.", told=True),), outcome=NOT_FOUND)
    number = counted(count, "heading") if count <= MOST_HEADINGS else f"The first {len(lines)} headings"
    return Draft((Statement(f"{number}:", told=True, after="\n\n"), *lines), number, ANSWERED, 1.0)


def _documents(library: Library) -> Draft:
    """The names of all documents, newest first, each with its first words."""
    titles = library.titles()
    number = counted(len(titles), "document")
    lines: list[Statement] = []
    for source, _ in titles[:MOST_DOCUMENTS]:
        passage = next(iter(library.passages(source)), None)
        first = next(iter(sentences(passage.text)), None) if passage else None
        if passage and first:
            said = " ".join(passage.text[first[0] : first[1]].split())
            span = Span(source, passage.start + first[0], passage.start + first[1])
            lines += [Statement(source, told=True, after=": "), Statement(said, (span,), quoted=True, after="\n")]
    rest = f"; the newest {MOST_DOCUMENTS} are shown" if len(titles) > MOST_DOCUMENTS else ""
    return Draft((Statement(f"{number}{rest}.", told=True, after="\n\n"), *lines), number, ANSWERED, 1.0)


OWN: Mapping[tuple[str, ...], Callable[[Library], Draft]] = {
    (stem("headings"),): _headings,
    (stem("documents"),): _documents,
    (stem("files"),): _documents,
}
"""What is asked of the library itself, not of its words."""
