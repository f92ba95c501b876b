"""Word documents: the body in order, with headings, lists, tables, text boxes and notes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from index.loaders import Writing
from index.loaders.docx.archive import Archive, core
from index.loaders.docx.body import Body
from index.loaders.docx.numbering import Numbering
from index.loaders.docx.said import count_beside
from index.loaders.docx.styles import Styles
from index.loaders.pptx.drawn import Drawn, is_drawn
from index.types import Document

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NAMELESS = frozenset({"", "untitled", "document", "word document", "microsoft word document"})


def load(path: Path) -> Document:
    """The document's text with tracked changes accepted; headers, footers and comments are counted as dropped.

    Raises `LockedFile` for an encrypted document and `DamagedFile` for anything that is no whole, sane archive of one.
    """
    with Archive(path) as archive:
        main = archive.main_part()
        related = archive.related(main)
        styles = Styles(archive.xml(related["styles"]) if "styles" in related else None)
        numbering = Numbering(archive.xml(related["numbering"]) if "numbering" in related else None)
        notes: dict[str, Any] = {
            kind: archive.xml(related[kind]) for kind in ("footnotes", "endnotes") if kind in related
        }
        body = Body(styles, numbering)
        drawn = Drawn(archive, body.writing)
        linked = archive.linked(main)
        if any(is_drawn(part) for part in linked.values()):
            body.drawn = lambda element: drawn.write(element, linked)
        body.read(archive.xml(main), notes)
        missing = count_beside(archive, body.writing.account, drawn.read)
        properties = core(archive)
    dates = {key: properties[key] for key in ("created", "modified") if properties.get(key)}
    title = _title(properties, body.writing) or path.stem
    return replace(body.writing.document(path.name, title, _MEDIA_TYPE, dates, missing), missing=missing)


def _title(properties: dict[str, str], writing: Writing) -> str:
    """The title in the properties, unless it says nothing; else the first heading."""
    if properties.get("title", "").lower() not in _NAMELESS:
        return properties["title"]
    return writing.heading()
