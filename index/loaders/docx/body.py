"""The body of a Word document, walked in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from index.loaders import Account, Writing
from index.loaders.docx.numbering import Numbering
from index.loaders.docx.said import said
from index.loaders.docx.styles import Styles, attribute, child
from index.loaders.docx.symbols import symbol
from index.loaders.xlsx.table import write_cells
from index.types import ink

_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
_WITHOUT_TEXT = frozenset({"pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "tcPr", "trPr", "sectPr"})
_LEFT_OUT = {
    "del": "deleted text",
    "moveFrom": "deleted text",
    "delText": "deleted text",
    "instrText": "field code",
    "delInstrText": "field code",
    "rt": "reading aid",
    "Fallback": "copy for older programs",
}


def tag(element: Any) -> str:
    """The name of an element without its namespace; empty for comments and the like."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


class Body:
    """The text in `writing`, and what is left out in its account.

    `drawn` writes the diagrams and charts that an element points to.
    """

    def __init__(self, styles: Styles, numbering: Numbering, account: Account | None = None) -> None:
        self.writing = Writing(account)
        self.drawn: Callable[[Any], None] = lambda element: None
        self._account = self.writing.account
        self._styles = styles
        self._numbering = numbering

    def read(self, root: Any, notes: Mapping[str, Any]) -> None:
        """Writes the body, then its footnotes and endnotes."""
        self._account.see(said(root))
        body = child(root, "body")
        self._blocks(body if body is not None else root)
        for kind, part in notes.items():
            self._account.see(said(part))
            for note in part.iter(f"{{*}}{kind.removesuffix('s')}"):
                if attribute(note, "type") in ("", "normal"):
                    self._blocks(note)
                else:
                    self._account.drop(said(note), "line above the notes")

    def _blocks(self, parent: Any) -> None:
        for element in parent:
            name = tag(element)
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._table(element)
            elif name in _LEFT_OUT:
                self._account.drop(said(element), _LEFT_OUT[name])
            elif name not in _WITHOUT_TEXT:
                self._blocks(element)

    def _paragraph(self, element: Any) -> None:
        kind, level = self._styles.kind(element)
        text = self._account.plain("".join(self._pieces(element)))
        if text:
            label = self._label(element, kind)
            self._account.written += ink(label)
            self.writing.add(label + (text.replace("\n", " ") if kind == "heading" else text), kind, level)
        for box in _boxes(element):
            self._blocks(box)
        self.drawn(element)

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
        rows = []
        for row in _children(table, "tr"):
            if child(row, "trPr", "del") is None:
                rows.append([*_children(row, "tc")])
            else:
                self._account.drop(said(row), "deleted text")
        self.writing.part()
        if len(rows) == 1 and len(rows[0]) == 1:
            self._blocks(rows[0][0])
            return
        write_cells(self.writing, [[self._cell(cell) for cell in cells] for cells in rows])

    def _cell(self, cell: Any) -> str:
        """The text of a cell in one line; empty where it continues the cell above."""
        merged = child(cell, "tcPr", "vMerge")
        if merged is not None and attribute(merged, "val") != "restart":
            self._account.drop(said(cell), "covered by a merged cell")
            return ""
        inside = Body(self._styles, self._numbering, self._account)
        inside.drawn = self.drawn
        inside._blocks(cell)
        return " ".join(inside.writing.text().split())

    def _pieces(self, parent: Any) -> Iterator[str]:
        for element in parent:
            name = tag(element)
            if name == "t":
                yield element.text or ""
            elif name in _SIGNS:
                yield _SIGNS[name]
            elif name == "sym":
                letter = symbol(attribute(element, "font"), attribute(element, "char"))
                self._account.dropped["drawn sign"] += 1 - ink(letter)
                yield letter
            elif name in _LEFT_OUT:
                self._account.drop(said(element), _LEFT_OUT[name])
            elif name == "r" and _is_hidden(element):
                self._account.drop(said(element), "hidden text")
            elif name and name not in _WITHOUT_TEXT and name != "txbxContent":
                yield from self._pieces(element)


def _is_hidden(element: Any) -> bool:
    found = child(element, "rPr", "vanish")
    return found is not None and attribute(found, "val") not in ("0", "false", "off")


def _children(element: Any, name: str) -> Iterator[Any]:
    """The children of this name, also inside content controls and other wrappers."""
    for inner in element:
        if tag(inner) == name:
            yield inner
        elif tag(inner) in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
            yield from _children(inner, name)


def _boxes(paragraph: Any) -> Iterator[Any]:
    """The text boxes that hang on a paragraph, once each: boxes nest, and what is left out takes its boxes with it."""
    for box in paragraph.iter("{*}txbxContent"):
        for outer in box.iterancestors():
            name = tag(outer)
            if name in _LEFT_OUT or (name == "r" and _is_hidden(outer)):
                break
            if name == "p":
                if outer is paragraph:
                    yield box
                break
