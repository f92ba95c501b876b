"""Writes small OpenDocument files and e-books for the tests."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

_NAMES = ("office", "text", "table", "style", "meta", "presentation", "manifest")
_SPACES = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in _NAMES)
_SPACES += ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
_PACKAGE = "http://www.idpf.org/2007/opf"


def write_odt(path: Path, heading: str, paragraphs: Sequence[str]) -> Path:
    """Writes an OpenDocument text."""
    body = f'<text:h text:outline-level="1">{escape(heading)}</text:h>' + "".join(map(paragraph, paragraphs))
    return write_open(path, "text", body)


def write_odp(path: Path, heading: str, paragraphs: Sequence[str]) -> Path:
    """Writes an OpenDocument presentation: the title on the first slide, and a slide a paragraph."""
    slides = [f"<draw:frame><draw:text-box>{paragraph(text)}</draw:text-box></draw:frame>" for text in paragraphs]
    title = f'<draw:frame presentation:class="title"><draw:text-box>{paragraph(heading)}</draw:text-box></draw:frame>'
    slides[0] += title
    return write_open(path, "presentation", "".join(f"<draw:page>{slide}</draw:page>" for slide in slides))


def write_ods(path: Path, heading: str, paragraphs: Sequence[str]) -> Path:
    """Writes an OpenDocument spreadsheet of one sheet, a paragraph a row."""
    rows = "".join(f"<table:table-row>{cell(text)}</table:table-row>" for text in paragraphs)
    return write_open(path, "spreadsheet", f'<table:table table:name="{escape(heading)}">{rows}</table:table>', heading)


def paragraph(text: str) -> str:
    """The XML of a paragraph."""
    return f"<text:p>{escape(text, quote=False)}</text:p>"


def cell(text: str, entries: str = "") -> str:
    """The XML of a cell."""
    return f"<table:table-cell {entries}>{paragraph(text) if text else ''}</table:table-cell>"


def write_open(path: Path, kind: str, body: str, title: str = "", styles: str = "") -> Path:
    """Writes an OpenDocument file from the XML of its body."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}", zipfile.ZIP_STORED)
        content = f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
        content = f"<office:automatic-styles>{styles}</office:automatic-styles>{content}"
        archive.writestr("content.xml", _part("document-content", content))
        archive.writestr("meta.xml", _part("document-meta", f"<office:meta><dc:title>{title}</dc:title></office:meta>"))
    return path


def _part(root: str, inside: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><office:{root} {_SPACES}>{inside}</office:{root}>'


def write_epub(path: Path, heading: str, paragraphs: Sequence[str]) -> Path:
    """Writes an e-book of one chapter."""
    body = f"<h1>{escape(heading)}</h1>" + "".join(f"<p>{escape(text, quote=False)}</p>" for text in paragraphs)
    return write_book(path, {heading: body}, heading)


def write_book(
    path: Path, chapters: Mapping[str, str], title: str = "", parts: Mapping[str, str] | None = None
) -> Path:
    """Writes an e-book from the XHTML of its chapters, by their titles in the contents ("" for none)."""
    items = spine = links = ""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        for number, (name, body) in enumerate(chapters.items(), 1):
            items += f'<item id="c{number}" href="text/c{number}.xhtml" media-type="application/xhtml+xml"/>'
            spine += f'<itemref idref="c{number}"/>'
            links += f'<li><a href="text/c{number}.xhtml#top">{escape(name)}</a></li>' if name.strip() else ""
            page = f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{body}</body></html>'
            archive.writestr(f"OPS/text/c{number}.xhtml", f'<?xml version="1.0"?>{page}')
        items += '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        nav = f'<html xmlns="http://www.w3.org/1999/xhtml"><body><nav><ol>{links}</ol></nav></body></html>'
        archive.writestr("OPS/nav.xhtml", nav)
        said = f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title></metadata>'
        package = f"{said}<manifest>{items}</manifest><spine>{spine}</spine>"
        archive.writestr("OPS/book.opf", f'<?xml version="1.0"?><package xmlns="{_PACKAGE}">{package}</package>')
        archive.writestr("META-INF/container.xml", '<container><rootfile full-path="OPS/book.opf"/></container>')
        for name, text in (parts or {}).items():
            archive.writestr(name, text)
    return path
