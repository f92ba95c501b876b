"""E-books: the chapters in their order, as a reader sees them."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from index.errors import DamagedFile, EmptyFile, LockedFile
from index.loaders import Writing
from index.loaders.docx.archive import Archive, Kind
from index.loaders.epub.book import Book, opened
from index.loaders.html import decoded, parsed
from index.loaders.html.walk import Walk
from index.types import Document

_KIND = Kind("EPUB book", "epub", "an e-book program")
# XHTML may close these at once; a browser's parser would take all that follows for their content.
_CLOSED = re.compile(r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)(\w+)([^<>]*)/>")


def load(path: Path) -> Document:
    """The book's text; each chapter of its table of contents is a page with the chapter's title as its label.

    Raises `LockedFile` where the text is encrypted and `DamagedFile` for anything that is no sane archive of a book.
    """
    writing = Writing()
    dropped: Counter[str] = Counter()
    with Archive(path, _KIND) as archive:
        book = opened(archive, path.name)
        if book.locked & set(book.parts):
            raise LockedFile(f"{path.name} is protected against copying; add a copy that is not")
        missing = [part for part in book.parts if part not in archive.names]
        for part in book.parts:
            if part not in missing:
                _write(archive, part, book, writing, dropped)
    text = writing.text()
    heading = next((text[block.start : block.end] for block in writing.blocks if block.kind == "heading"), "")
    warnings = (f"parts of the book that are missing: {', '.join(missing)}",) if missing else ()
    return Document(
        path.name,
        book.title or heading or path.stem,
        text,
        tuple(writing.blocks),
        writing.pages(),
        "",
        "application/epub+zip",
        {"created": book.date} if book.date else {},
        (),
        {reason: count for reason, count in sorted(dropped.items()) if count},
        warnings,
    )


def _write(archive: Archive, part: str, book: Book, writing: Writing, dropped: Counter[str]) -> None:
    """Writes one file of the book; without a title in the contents it goes on with the chapter before."""
    try:
        walk = Walk(parsed(_CLOSED.sub(r"<\1\2></\1>", decoded(archive.read(part), part)), part))
    except (EmptyFile, DamagedFile):
        return
    dropped.update(walk.dropped)
    text, blocks = walk.writing.text(), walk.writing.blocks
    heading = next((text[block.start : block.end] for block in blocks if block.kind == "heading"), "")
    title = book.chapters.get(part, "") or heading
    if title or not writing.pages():
        writing.page(title or "beginning")
    if title and blocks and not heading:
        writing.add(title, "heading", 1)
    writing.take(text, blocks)
