"""The body of a Word document, walked in order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from index.loaders import Writing, plain
from index.loaders.docx.numbering import Numbering
from index.loaders.docx.styles import Styles, attribute, child
from index.loaders.xlsx.table import write_cells

_DEPTH = re.compile("[0-8]")
_GONE = frozenset({"del", "moveFrom"})
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
# Holds no text of the document, or holds it twice.
_SKIPPED = frozenset({"pPr", "rPr", "instrText", "delText", "rt", "sdtPr", "sdtEndPr", "Fallback", "tblPr", "tblGrid"})


def tag(element: Any) -> str:
    """The name of an element without its namespace; empty for comments and the like."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


class Body:
    """The text in `writing`, and the characters left out in `dropped`, by reason."""

    def __init__(self, styles: Styles, numbering: Numbering, notes: Mapping[str, Any]) -> None:
        self.writing = Writing()
        self.dropped: Counter[str] = Counter()
        self._styles = styles
        self._numbering = numbering
        self._notes = notes

    def read(self, root: Any) -> None:
        """Writes the body, then its footnotes and endnotes."""
        body = child(root, "body")
        self._blocks(body if body is not None else root)
        for kind, notes in self._notes.items():
            for note in notes.iter(f"{{*}}{kind.removesuffix('s')}"):
                if attribute(note, "type") in ("", "normal"):
                    self._blocks(note)

    def _blocks(self, parent: Any) -> None:
        for element in parent:
            name = tag(element)
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._table(element)
            elif name in _GONE:
                self._gone(element)
            elif name not in _SKIPPED and name != "sectPr":
                self._blocks(element)

    def _paragraph(self, element: Any) -> None:
        kind, level = self._styles.kind(element)
        text = plain("".join(self._pieces(element)))
        if text:
            label = self._label(element, kind)
            self.writing.add(label + (text.replace("\n", " ") if kind == "heading" else text), kind, level)
        for box in _boxes(element):
            self._blocks(box)

    def _label(self, paragraph: Any, kind: str) -> str:
        """The number or bullet in front of a paragraph and the blank after it; empty where there is none."""
        number, depth, style = self._styles.number(paragraph)
        if not number:
            return "• " if kind == "item" else ""
        at = (
            int(depth)
            if depth in ("0", "1", "2", "3", "4", "5", "6", "7", "8")
            else self._numbering.level(number, style)
        )
        label = self._numbering.label(number, at)
        return f"{label} " if label and not (kind == "heading" and label == "•") else ""

    def _table(self, table: Any) -> None:
        """One row a line; a table of one cell is a frame around its content."""
        rows = [[*_children(row, "tc")] for row in _children(table, "tr") if child(row, "trPr", "del") is None]
        self.writing.part()
        if len(rows) == 1 and len(rows[0]) == 1:
            self._blocks(rows[0][0])
            return
        write_cells(self.writing, [[self._cell(cell) for cell in cells] for cells in rows])

    def _cell(self, cell: Any) -> str:
        """The text of a cell in one line; empty where it continues the cell above."""
        merged = child(cell, "tcPr", "vMerge")
        if merged is not None and attribute(merged, "val") != "restart":
            return ""
        inside = Body(self._styles, self._numbering, {})
        inside._blocks(cell)
        self.dropped.update(inside.dropped)
        return " ".join(inside.writing.text().split())

    def _pieces(self, parent: Any) -> Iterator[str]:
        for element in parent:
            name = tag(element)
            if name == "t":
                yield element.text or ""
            elif name in _SIGNS:
                yield _SIGNS[name]
            elif name in _GONE:
                self._gone(element)
            elif name == "r" and child(element, "rPr", "vanish") is not None:
                self.dropped["hidden text"] += _length(element, "t")
            elif name and name not in _SKIPPED and name != "txbxContent":
                yield from self._pieces(element)

    def _gone(self, element: Any) -> None:
        self.dropped["deleted text"] += _length(element, "t") + _length(element, "delText")


def _length(element: Any, name: str) -> int:
    return sum(len(found.text or "") for found in element.iter(f"{{*}}{name}"))


def _children(element: Any, name: str) -> Iterator[Any]:
    """The children of this name, also inside content controls and other wrappers."""
    for inner in element:
        if tag(inner) == name:
            yield inner
        elif tag(inner) in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
            yield from _children(inner, name)


def _boxes(paragraph: Any) -> Iterator[Any]:
    """The text boxes that hang on a paragraph, once each: the fallback repeats the choice, and boxes nest."""
    for box in paragraph.iter("{*}txbxContent"):
        outer = [tag(ancestor) for ancestor in box.iterancestors()]
        inside = outer[: outer.index("p")] if "p" in outer else outer
        if "Fallback" not in inside and next(box.iterancestors("{*}p"), None) is paragraph:
            yield box
