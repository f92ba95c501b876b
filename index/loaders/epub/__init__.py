"""E-books: the chapters in their order, as a reader sees them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from index.errors import DamagedFile, EmptyFile, LockedFile
from index.loaders import Writing
from index.loaders.docx.archive import Archive, Kind
from index.loaders.epub.book import Book, opened
from index.loaders.html import decoded, parsed
from index.loaders.html.walk import Walk
from index.types import Document, ink

_KIND = Kind("EPUB book", "epub", "an e-book program")
# XHTML may close these at once; a browser's parser would take all that follows for their content.
_CLOSED = re.compile(r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)(\w+)([^<>]*)/>")


def load(path: Path) -> Document:
    """The book's text; each chapter of its table of contents is a page with the chapter's title as its label.

    Raises `LockedFile` where the text is encrypted and `DamagedFile` for anything that is no sane archive of a book.
    """
    writing = Writing()
    broken: list[str] = []
    with Archive(path, _KIND) as archive:
        book = opened(archive, path.name)
        if book.locked & set(book.parts):
            raise LockedFile(f"{path.name} is protected against copying; add a copy that is not")
        missing = [part for part in book.parts if part not in archive.names]
        for part in book.parts:
            if part not in missing and not _write(archive, part, book, writing):
                broken.append(part)
    warnings = [f"parts of the book that are missing: {', '.join(missing)}"] if missing else []
    warnings += [f"parts of the book that are broken and were not read: {', '.join(broken)}"] if broken else []
    dates = {"created": book.date} if book.date else {}
    title = book.title or writing.heading() or path.stem
    document = writing.document(path.name, title, "application/epub+zip", dates, warnings)
    return replace(document, missing=document.warnings)


def _write(archive: Archive, part: str, book: Book, writing: Writing) -> bool:
    """Writes one file of the book, which goes on with the chapter before where the contents do not name it.

    Returns False where the file cannot be read.
    """
    try:
        source = _CLOSED.sub(r"<\1\2></\1>", decoded(archive.read(part), part))
        walk = Walk(parsed(source, part), writing.account)
    except EmptyFile:
        return True
    except DamagedFile:
        return False
    text, blocks = walk.writing.text(), walk.writing.blocks
    heading = next((text[block.start : block.end] for block in blocks if block.kind == "heading"), "")
    title = book.chapters.get(part, "") or heading
    if title or not writing.pages():
        writing.page(title or "beginning")
    if title and blocks and not heading:
        writing.account.written += ink(title)
        writing.add(title, "heading", 1)
    writing.take(text, blocks)
    return True
