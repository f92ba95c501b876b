"""OpenDocument texts: headings, paragraphs, lists, tables and notes, in the order of the text."""

from __future__ import annotations

from pathlib import Path

from index.loaders.docx.archive import Kind
from index.loaders.odt.package import Package
from index.loaders.odt.walk import Walk
from index.types import Document

_KIND = Kind("OpenDocument text", "odt", "LibreOffice")


def load(path: Path) -> Document:
    """The document's text with tracked changes accepted; comments and deleted text are counted as dropped.

    Raises `LockedFile` for an encrypted document and `DamagedFile` for anything that is no whole, sane archive of one.
    """
    with Package(path, _KIND) as package:
        walk = Walk()
        body = package.body("text")
        walk.account.see("".join(body.itertext()))
        walk.read(body)
        return package.document(walk.writing, "application/vnd.oasis.opendocument.text")
