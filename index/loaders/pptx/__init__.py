"""PowerPoint presentations: each slide a page, with its title, its text, its tables and its notes."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from index.loaders import Writing, ranges
from index.loaders.docx.archive import Archive, Kind, core
from index.loaders.docx.said import count_beside
from index.loaders.pptx.slide import Slide
from index.types import Document

_KIND = Kind("PowerPoint presentation", "pptx", "PowerPoint")
_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_NAMELESS = re.compile(r"|untitled|(microsoft )?powerpoint([ -]pr\S*)?|presentation\d*|slide \d+", re.IGNORECASE)


def load(path: Path) -> Document:
    """The slides in the order in which they are shown; hidden ones are read too, and a warning says so.

    Raises `LockedFile` for an encrypted presentation and `DamagedFile` for anything that is no sane archive of one.
    """
    writing = Writing()
    empty, hidden = [], []
    with Archive(path, _KIND) as archive:
        slide = Slide(writing, archive)
        main = archive.main_part("ppt/presentation.xml")
        linked = archive.linked(main)
        entries = [entry for entry in archive.xml(main).iter("{*}sldId") if _link(entry.attrib) in linked]
        for number, entry in enumerate(entries, 1):
            writing.page(f"slide {number}")
            before = writing.length
            if slide.read(linked[_link(entry.attrib)]):
                hidden.append(number)
            if writing.length == before:
                empty.append(number)
        lost = count_beside(archive, writing.account, slide.parts)
        properties = core(archive)
    title = properties.get("title", "")
    warnings = [f"{ranges(hidden, 'slide')} hidden and read too"] if hidden else []
    missing = [f"{ranges(empty, 'slide', 'holds', 'hold')} no text, perhaps only pictures"] if empty else []
    missing += lost
    named = writing.heading() if _NAMELESS.fullmatch(title) else title
    dates = {key: properties[key] for key in ("created", "modified") if properties.get(key)}
    document = writing.document(path.name, named or path.stem, _MEDIA_TYPE, dates, [*warnings, *missing])
    return replace(document, missing=tuple(missing))


def _link(attributes: object) -> str:
    """The relation that an element names: the one attribute `id` that stands in a namespace."""
    pairs = dict(attributes).items()  # type: ignore[call-overload]
    return next((str(value) for key, value in pairs if str(key).endswith("}id")), "")
