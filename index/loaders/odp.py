"""OpenDocument presentations: each slide a page, with its title, its text and its notes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from index.loaders import ranges
from index.loaders.docx.archive import Kind
from index.loaders.docx.styles import attribute
from index.loaders.odt.package import Package
from index.loaders.odt.walk import Walk
from index.types import Document, ink

_KIND = Kind("OpenDocument presentation", "odp", "LibreOffice")


def load(path: Path) -> Document:
    """The slides in their order. Raises `LockedFile` and `DamagedFile` as for a text."""
    walk = Walk()
    empty = []
    with Package(path, _KIND) as package:
        body = package.body("presentation")
        walk.account.see("".join(body.itertext()))
        for declared in body.iter("{*}header-decl", "{*}footer-decl", "{*}date-time-decl"):
            walk.drop(declared, "header or footer")
        for number, slide in enumerate(body.iter("{*}page"), 1):
            walk.writing.page(f"slide {number}")
            before = walk.writing.length
            _write(slide, walk)
            if walk.writing.length == before:
                empty.append(number)
        warnings = [f"{ranges(empty, 'slide', 'holds', 'hold')} no text, perhaps only pictures"] if empty else []
        media_type = "application/vnd.oasis.opendocument.presentation"
        document = package.document(walk.writing, media_type, warnings)
        return replace(document, missing=document.warnings)


def _write(slide: Any, walk: Walk) -> None:
    """Writes one slide: its title, all else that is drawn on it, and the notes, marked as such."""
    shapes = [shape for shape in slide if not str(shape.tag).endswith("}notes")]
    for shape in sorted(shapes, key=lambda shape: attribute(shape, "class") != "title"):
        if attribute(shape, "class") == "title":
            title = Walk(walk.account)
            title.read([shape])
            walk.writing.add(" ".join(title.writing.text().split()), "heading", 1)
        else:
            walk.writing.part()
            walk.read([shape])
    for notes in slide.iterchildren("{*}notes"):
        said = Walk(walk.account)
        said.read([shape for shape in notes if attribute(shape, "class") == "notes"])
        for shape in notes:
            if attribute(shape, "class") != "notes":
                walk.drop(shape, "date or footer")
        text = said.writing.text().replace("\n\n", "\n")
        walk.account.written += ink("Notes:") if text else 0
        walk.writing.add(f"Notes: {text}" if text else "", context="speaker's notes")
