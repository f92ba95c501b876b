"""One slide: its shapes from the title on, the tables, diagrams and charts among them, and the speaker's notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from index.loaders import Writing, plain
from index.loaders.docx.archive import Archive
from index.loaders.docx.body import tag
from index.loaders.docx.styles import attribute, child
from index.loaders.pptx.chart import chart
from index.loaders.xlsx.table import write_cells

_TITLES = ("title", "ctrTitle")
_FURNITURE = {"sldNum": "slide number", "dt": "date or footer", "ftr": "date or footer", "hdr": "date or footer"}


class Slide:
    """Writes slides one after the other, and counts what is left out in `dropped`, by reason."""

    def __init__(self, writing: Writing) -> None:
        self.dropped: Counter[str] = Counter()
        self._writing = writing

    def read(self, archive: Archive, part: str) -> bool:
        """Writes one slide, and says whether it is hidden."""
        root = archive.xml(part)
        linked, related = archive.linked(part), archive.related(part)
        shapes = [*_shapes(root)]
        shapes.sort(key=lambda shape: _place(shape) not in _TITLES)
        for shape in shapes:
            self._shape(shape, archive, linked)
        if "notesSlide" in related:
            self._notes(archive.xml(related["notesSlide"]))
        for name in ("comments", "comment"):
            if name in related:
                self.dropped["comment"] += _length(archive.xml(related[name]))
        return root.get("show", "1") in ("0", "false")

    def _shape(self, shape: Any, archive: Archive, linked: dict[str, str]) -> None:
        place = _place(shape)
        if place in _FURNITURE:
            self.dropped[_FURNITURE[place]] += _length(shape)
        elif tag(shape) == "graphicFrame":
            self._frame(shape, archive, linked)
        elif place in _TITLES:
            title = " ".join(_text(paragraph) for paragraph in _paragraphs(shape))
            self._writing.add(" ".join(title.split()), "heading", 1)
        else:
            self._writing.part()
            listed = place in ("body", "obj", "placeholder")
            for paragraph, mark in _marked([*_paragraphs(shape)], listed):
                text = _text(paragraph)
                self._writing.add(mark + text if text else "", "item" if mark else "text")

    def _frame(self, frame: Any, archive: Archive, linked: dict[str, str]) -> None:
        """A table, a diagram or a chart."""
        for table in frame.iter("{*}tbl"):
            rows = [[_cell(cell) for cell in row.iterchildren("{*}tc")] for row in table.iterchildren("{*}tr")]
            write_cells(self._writing, rows)
        for relation in frame.iter("{*}relIds"):
            part = linked.get(attribute(relation, "dm"), "")
            for paragraph in archive.xml(part).iter("{*}p") if part else ():
                self._writing.add(_text(paragraph))
        for relation in frame.iter("{*}chart"):
            part = linked.get(attribute(relation, "id"), "")
            if part:
                title, rows = chart(archive.xml(part))
                self._writing.add(title)
                write_cells(self._writing, rows)

    def _notes(self, root: Any) -> None:
        """The speaker's notes, marked as such; the slide's picture and number beside them are no text of theirs."""
        lines = [
            _text(paragraph)
            for shape in _shapes(root)
            if _place(shape) not in (*_FURNITURE, "sldImg")
            for paragraph in _paragraphs(shape)
        ]
        text = "\n".join(line for line in lines if line)
        self._writing.part()
        self._writing.add(f"Notes: {text}" if text else "", context="speaker's notes")


def _shapes(root: Any) -> Iterator[Any]:
    """The shapes and frames that are drawn, in their order, also inside groups."""
    for element in root.iter("{*}sp", "{*}graphicFrame", "{*}cxnSp"):
        if not any(tag(outer) == "Fallback" for outer in element.iterancestors()):
            yield element


def _place(shape: Any) -> str:
    """The kind of placeholder that a shape fills; "placeholder" where it names none, and empty for a free shape."""
    found = next(shape.iter("{*}ph"), None)
    return "" if found is None else found.get("type", "placeholder")


def _paragraphs(shape: Any) -> Iterator[Any]:
    body = child(shape, "txBody")
    yield from body.iterchildren("{*}p") if body is not None else ()


def _marked(paragraphs: list[Any], listed: bool) -> Iterator[tuple[Any, str]]:
    """Each paragraph with its bullet or number; in a list's place all but a lone one have one, unless they say not."""
    counts: Counter[int] = Counter()
    listed = listed and sum(bool(_text(paragraph)) for paragraph in paragraphs) > 1
    for paragraph in paragraphs:
        properties = child(paragraph, "pPr")
        level = properties.get("lvl", "0") if properties is not None else "0"
        depth = int(level) if level.isdigit() else 0
        kinds = {tag(element) for element in properties} if properties is not None else set()
        for deeper in [deeper for deeper in counts if deeper > depth or (deeper == depth and "buAutoNum" not in kinds)]:
            del counts[deeper]
        if "buAutoNum" in kinds:
            counts[depth] += bool(_text(paragraph))
            yield paragraph, f"{counts[depth]}. "
        else:
            yield paragraph, "• " if "buChar" in kinds or (listed and "buNone" not in kinds) else ""


def _text(paragraph: Any) -> str:
    """The text of a paragraph; a forced line break stays one."""
    found = "".join("\n" if tag(part) == "br" else part.text or "" for part in paragraph.iter("{*}t", "{*}br"))
    return plain(found.replace("\x0b", "\n"))


def _cell(cell: Any) -> str:
    """The text of a cell in one line; empty where it continues the one beside or above."""
    if cell.get("hMerge") in ("1", "true") or cell.get("vMerge") in ("1", "true"):
        return ""
    return " ".join(" ".join(_text(paragraph) for paragraph in _paragraphs(cell)).split())


def _length(root: Any) -> int:
    return sum(len(found.text or "") for found in root.iter("{*}t", "{*}text"))
