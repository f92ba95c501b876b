"""The content of an OpenDocument text or slide, walked in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from index.loaders import Writing, plain
from index.loaders.docx.body import tag
from index.loaders.docx.styles import attribute
from index.loaders.xlsx.table import write_cells

_DEEPEST = 6
_MOST_BLANKS = 1_000
_MOST_REPEATED = 1_000
# Holds no text of the document, or what the pages around it repeat.
_SKIPPED = frozenset({"sequence-decls", "forms", "table-of-content-source", "index-source", "script", "variable-decls"})
_LEFT_OUT = {"tracked-changes": "deleted text", "annotation": "comment"}


class Walk:
    """The text in `writing`, and the characters left out in `dropped`, by reason."""

    def __init__(self) -> None:
        self.writing = Writing()
        self.dropped: Counter[str] = Counter()
        self._notes: list[Any] = []

    def read(self, root: Any) -> None:
        """Writes all that stands in an element, then its footnotes."""
        self._blocks(root, "text", "")
        while self._notes:
            notes, self._notes = self._notes, []
            self.writing.part()
            for note in notes:
                self._blocks(note, "text", "")

    def _blocks(self, parent: Any, kind: str, mark: str) -> None:
        for element in parent:
            name = tag(element)
            if name == "h":
                level = attribute(element, "outline-level")
                self._heading(element, min(int(level), _DEEPEST) if level.isdigit() and level != "0" else 1)
            elif name == "p":
                self._paragraph(element, kind, mark)
                mark = "" if mark else mark
            elif name == "list":
                self._list(element, kind)
            elif name == "table":
                self._table(element)
            elif name in _LEFT_OUT:
                self._drop(element, _LEFT_OUT[name])
            elif name and name not in _SKIPPED:
                self._blocks(element, kind, mark)

    def _heading(self, element: Any, level: int) -> None:
        text = " ".join("".join(self._pieces(element)).split())
        self.writing.add(plain(text), "heading", level)

    def _paragraph(self, element: Any, kind: str, mark: str) -> None:
        text = plain("".join(self._pieces(element)))
        self.writing.add(mark + text if text else "", kind)
        for box in element.iter("{*}text-box"):
            if next(box.iterancestors("{*}p"), None) is element:
                self._blocks(box, "text", "")

    def _list(self, element: Any, kind: str) -> None:
        if kind != "item":
            self.writing.part()
        for item in element:
            if tag(item) in ("list-item", "list-header"):
                self._blocks(item, "item", "• " if tag(item) == "list-item" else "")

    def _table(self, table: Any) -> None:
        rows = [[*self._cells(row)] for row in _rows(table)]
        if len(rows) == 1 and len(rows[0]) == 1:
            self._blocks(next(iter(_rows(table))), "text", "")
        else:
            write_cells(self.writing, rows)

    def _cells(self, row: Any) -> Iterator[str]:
        for cell in row:
            if tag(cell) == "covered-table-cell":
                yield ""
            elif tag(cell) == "table-cell":
                inside = Walk()
                inside._blocks(cell, "text", "")
                self.dropped.update(inside.dropped)
                self._notes += inside._notes
                text = " ".join(inside.writing.text().split())
                repeated = attribute(cell, "number-columns-repeated")
                count = int(repeated) if repeated.isdigit() else 1
                yield from [text] * (min(count, _MOST_REPEATED) if text else 1)

    def _pieces(self, element: Any) -> Iterator[str]:
        """The text inside a paragraph; notes come later, and boxes and comments are no part of the line."""
        yield element.text or ""
        for child in element:
            name = tag(child)
            if name == "s":
                count = attribute(child, "c")
                yield " " * (min(int(count), _MOST_BLANKS) if count.isdigit() else 1)
            elif name == "tab":
                yield "\t"
            elif name == "line-break":
                yield "\n"
            elif name == "note":
                self._notes += [body for body in child if tag(body) == "note-body"]
            elif name in _LEFT_OUT:
                self._drop(child, _LEFT_OUT[name])
            elif name and name not in ("text-box", "ruby-text"):
                yield from self._pieces(child)
            yield child.tail or ""

    def _drop(self, element: Any, reason: str) -> None:
        self.dropped[reason] += sum(len("".join(found.itertext())) for found in element.iter("{*}p", "{*}h"))


def _rows(table: Any) -> Iterator[Any]:
    """The rows of a table, also those in groups."""
    for element in table:
        if tag(element) == "table-row":
            yield element
        elif tag(element) in ("table-header-rows", "table-row-group", "table-rows"):
            yield from _rows(element)
