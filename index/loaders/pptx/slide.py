"""One slide: its shapes from the title on, the tables, diagrams and charts among them, and the speaker's notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from index.loaders import Writing
from index.loaders.docx.archive import Archive
from index.loaders.docx.body import tag
from index.loaders.docx.said import said
from index.loaders.docx.styles import child
from index.loaders.pptx.drawn import Drawn
from index.loaders.xlsx.table import write_cells
from index.types import ink

_TITLES = ("title", "ctrTitle")
_FURNITURE = {"sldNum": "slide number", "dt": "date or footer", "ftr": "date or footer", "hdr": "date or footer"}


class Slide:
    """Writes slides one after the other, and counts what is left out; `parts` are the parts that were read."""

    def __init__(self, writing: Writing, archive: Archive) -> None:
        self.parts: set[str] = set()
        self._archive = archive
        self._drawn = Drawn(archive, writing)
        self._writing = writing
        self._account = writing.account

    def read(self, part: str) -> bool:
        """Writes one slide, and says whether it is hidden."""
        root = self._root(part)
        linked, related = self._archive.linked(part), self._archive.related(part)
        shapes = self._shapes(root)
        shapes.sort(key=lambda shape: _place(shape) not in _TITLES)
        for shape in shapes:
            self._shape(shape, linked)
        if "notesSlide" in related:
            self._notes(self._root(related["notesSlide"]))
        self.parts |= self._drawn.read
        return root.get("show", "1") in ("0", "false")

    def _root(self, part: str) -> Any:
        root = self._archive.xml(part)
        self.parts.add(part)
        self._account.see(said(root))
        return root

    def _shapes(self, root: Any) -> list[Any]:
        """The shapes and frames that are drawn, in their order, also inside groups; copies of them are counted."""
        for copy in root.iter("{*}Fallback"):
            if next(copy.iterancestors("{*}Fallback"), None) is None:
                self._account.drop(said(copy), "copy for older programs")
        return [
            element
            for element in root.iter("{*}sp", "{*}graphicFrame", "{*}cxnSp")
            if not any(tag(outer) == "Fallback" for outer in element.iterancestors())
        ]

    def _shape(self, shape: Any, linked: dict[str, str]) -> None:
        place = _place(shape)
        if place in _FURNITURE:
            self._account.drop(said(shape), _FURNITURE[place])
        elif tag(shape) == "graphicFrame":
            self._tables(shape)
            self._drawn.write(shape, linked)
        elif place in _TITLES:
            title = " ".join(_text(paragraph) for paragraph in _paragraphs(shape))
            self._writing.add(" ".join(self._account.plain(title).split()), "heading", 1)
        else:
            self._writing.part()
            texts = [(paragraph, self._account.plain(_text(paragraph))) for paragraph in _paragraphs(shape)]
            for mark, text in _marked(texts, place in ("body", "obj", "placeholder")):
                self._account.written += ink(mark) if text else 0
                self._writing.add(mark + text if text else "", "item" if mark else "text")

    def _tables(self, frame: Any) -> None:
        for table in frame.iter("{*}tbl"):
            rows = [[self._cell(cell) for cell in row.iterchildren("{*}tc")] for row in table.iterchildren("{*}tr")]
            write_cells(self._writing, rows)

    def _cell(self, cell: Any) -> str:
        """The text of a cell in one line; empty where it continues the one beside or above."""
        if cell.get("hMerge") in ("1", "true") or cell.get("vMerge") in ("1", "true"):
            self._account.drop(said(cell), "covered by a merged cell")
            return ""
        text = " ".join(_text(paragraph) for paragraph in _paragraphs(cell))
        return " ".join(self._account.plain(text).split())

    def _notes(self, root: Any) -> None:
        """The speaker's notes, marked as such; the slide's picture and number beside them are no text of theirs."""
        lines = []
        for shape in self._shapes(root):
            if _place(shape) in _FURNITURE:
                self._account.drop(said(shape), _FURNITURE[_place(shape)])
            elif tag(shape) == "graphicFrame":
                lines += [_text(paragraph) for cell in shape.iter("{*}tc") for paragraph in _paragraphs(cell)]
            else:
                lines += [_text(paragraph) for paragraph in _paragraphs(shape)]
        lines = [self._account.plain(line) for line in lines]
        text = "\n".join(line for line in lines if line)
        self._writing.part()
        self._account.written += ink("Notes:") if text else 0
        self._writing.add(f"Notes: {text}" if text else "", context="speaker's notes")


def _place(shape: Any) -> str:
    """The kind of placeholder that a shape fills; "placeholder" where it names none, and empty for a free shape."""
    found = next(shape.iter("{*}ph"), None)
    return "" if found is None else found.get("type", "placeholder")


def _paragraphs(shape: Any) -> Iterator[Any]:
    body = child(shape, "txBody")
    yield from body.iterchildren("{*}p") if body is not None else ()


def _marked(paragraphs: list[tuple[Any, str]], listed: bool) -> Iterator[tuple[str, str]]:
    """Each text with its bullet or number; in a list's place all but a lone one have one, unless they say not."""
    counts: Counter[int] = Counter()
    listed = listed and sum(bool(text) for _, text in paragraphs) > 1
    for paragraph, text in paragraphs:
        properties = child(paragraph, "pPr")
        level = properties.get("lvl", "0") if properties is not None else "0"
        depth = int(level) if level.isdigit() else 0
        kinds = {tag(element) for element in properties} if properties is not None else set()
        for deeper in [deeper for deeper in counts if deeper > depth or (deeper == depth and "buAutoNum" not in kinds)]:
            del counts[deeper]
        if "buAutoNum" in kinds:
            counts[depth] += bool(text)
            yield f"{counts[depth]}. ", text
        else:
            yield "• " if "buChar" in kinds or (listed and "buNone" not in kinds) else "", text


def _text(paragraph: Any) -> str:
    """The text of a paragraph; a forced line break stays one."""
    found = "".join("\n" if tag(part) == "br" else part.text or "" for part in paragraph.iter("{*}t", "{*}br"))
    return found.replace("\x0b", "\n")
