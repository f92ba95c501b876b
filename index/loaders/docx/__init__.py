"""Word documents: the body in order, with headings, lists, tables, text boxes and notes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from index.loaders import Writing
from index.loaders.docx.archive import Archive, core
from index.loaders.docx.body import Body
from index.loaders.docx.numbering import Numbering
from index.loaders.docx.styles import Styles
from index.types import Document

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NAMELESS = frozenset({"", "untitled", "document", "word document", "microsoft word document"})


def load(path: Path) -> Document:
    """The document's text with tracked changes accepted; headers, footers and comments are counted in `dropped`.

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
        body = Body(styles, numbering, notes)
        body.read(archive.xml(main))
        _count_unseen(archive, body.dropped)
        properties = core(archive)
    text, blocks = body.writing.text(), body.writing.blocks
    dropped = {reason: count for reason, count in sorted(body.dropped.items()) if count}
    dates = {key: properties[key] for key in ("created", "modified") if properties.get(key)}
    return Document(
        path.name,
        _title(properties, body.writing) or path.stem,
        text,
        tuple(blocks),
        (),
        "",
        _MEDIA_TYPE,
        dates,
        (),
        dropped,
    )


def _title(properties: dict[str, str], writing: Writing) -> str:
    """The title in the properties, unless it says nothing; else the first heading."""
    if properties.get("title", "").lower() not in _NAMELESS:
        return properties["title"]
    text = writing.text()
    return next((text[block.start : block.end] for block in writing.blocks if block.kind == "heading"), "")


def _count_unseen(archive: Archive, dropped: Counter[str]) -> None:
    for name in archive.names:
        leaf = name.rsplit("/", 1)[-1]
        if not leaf.endswith(".xml") or "/_rels/" in name:
            continue
        if leaf.startswith(("header", "footer")):
            dropped["header or footer"] += _characters(archive.xml(name))
        elif leaf == "comments.xml":
            dropped["comment"] += _characters(archive.xml(name))


def _characters(root: Any) -> int:
    return sum(len(element.text or "") for element in root.iter("{*}t"))
