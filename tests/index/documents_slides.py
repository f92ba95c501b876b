"""Writes small presentations for the tests."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def write_pptx(path: Path, heading: str, paragraphs: Sequence[str]) -> Path:
    """Writes a presentation: the title on the first slide, and a slide a paragraph."""
    slides = [shape([paragraph]) for paragraph in paragraphs]
    slides[0] = shape([heading], "title") + slides[0]
    return write_slides(path, slides)


def write_slides(path: Path, slides: Sequence[str], notes: Mapping[int, str] | None = None, hidden: int = 0) -> Path:
    """Writes a presentation from the XML of its slides' shapes, and that of the notes' shapes, by slide from 1."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        entries = links = ""
        for number, shapes in enumerate(slides, 1):
            entries += f'<p:sldId id="{255 + number}" r:id="r{number}"/>'
            links += _link(f"r{number}", "slide", f"slides/s{number}.xml")
            tree = f"<p:cSld><p:spTree>{shapes}</p:spTree></p:cSld>"
            archive.writestr(f"ppt/slides/s{number}.xml", _part("sld", tree, 'show="0"' if number == hidden else ""))
            if number in (notes or {}):
                target = _link("n", "notesSlide", f"../notes/n{number}.xml")
                archive.writestr(f"ppt/slides/_rels/s{number}.xml.rels", _links(target))
                tree = f"<p:cSld><p:spTree>{(notes or {})[number]}</p:spTree></p:cSld>"
                archive.writestr(f"ppt/notes/n{number}.xml", _part("notes", tree))
        archive.writestr("ppt/presentation.xml", _part("presentation", f"<p:sldIdLst>{entries}</p:sldIdLst>"))
        archive.writestr("ppt/_rels/presentation.xml.rels", _links(links))
        archive.writestr("_rels/.rels", _links(_link("r1", "officeDocument", "ppt/presentation.xml")))
    return path


def shape(paragraphs: Sequence[str], place: str = "", properties: str = "") -> str:
    """The XML of a shape with these paragraphs, in a placeholder of the given kind where there is one."""
    holder = f'<p:nvSpPr><p:nvPr><p:ph type="{place}"/></p:nvPr></p:nvSpPr>' if place else ""
    return f"<p:sp>{holder}<p:txBody>{''.join(paragraph(text, properties) for text in paragraphs)}</p:txBody></p:sp>"


def paragraph(text: str, properties: str = "") -> str:
    """The XML of a paragraph."""
    return f"<a:p><a:pPr>{properties}</a:pPr><a:r><a:t>{escape(text, quote=False)}</a:t></a:r></a:p>"


def table(rows: Sequence[Sequence[str]]) -> str:
    """The XML of a table."""
    body = "".join(
        "<a:tr>" + "".join(f"<a:tc><a:txBody>{paragraph(cell)}</a:txBody></a:tc>" for cell in row) + "</a:tr>"
        for row in rows
    )
    return (
        f"<p:graphicFrame><a:graphic><a:graphicData><a:tbl>{body}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )


def _part(root: str, inside: str, entries: str = "") -> str:
    spaces = f'xmlns:p="{_P}" xmlns:a="{_A}" xmlns:r="{_OFFICE}"'
    return f'<?xml version="1.0" encoding="UTF-8"?><p:{root} {spaces} {entries}>{inside}</p:{root}>'


def _link(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _links(rows: str) -> str:
    return f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'
