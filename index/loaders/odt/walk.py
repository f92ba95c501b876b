"""The content of an OpenDocument text or slide, walked in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from index.loaders import Account, Writing
from index.loaders.docx.body import tag
from index.loaders.docx.styles import attribute
from index.loaders.xlsx.table import write_cells
from index.types import ink

_DEEPEST = 6
_MOST_BLANKS = 1_000
_MOST_REPEATED = 1_000
_LEFT_OUT = {
    "tracked-changes": "deleted text",
    "annotation": "comment",
    "annotation-end": "comment",
    "ruby-text": "reading aid",
    "forms": "form",
    "script": "script or style",
    "title": "picture description",
    "desc": "picture description",
    "header-decl": "header or footer",
    "footer-decl": "header or footer",
    "date-time-decl": "header or footer",
    **{
        f"{kind}-source": "template of an index"
        for kind in "table-of-content illustration-index table-index object-index user-index alphabetical-index "
        "bibliography index".split()
    },
}


class Walk:
    """The text in `writing`, and what is left out in its account, in which whoever calls it counts what there is."""

    def __init__(self, account: Account | None = None) -> None:
        self.writing = Writing(account)
        self.account = self.writing.account
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
                self.drop(element, _LEFT_OUT[name])
            elif name:
                self._blocks(element, kind, mark)

    def _heading(self, element: Any, level: int) -> None:
        text = " ".join("".join(self._pieces(element)).split())
        self.writing.add(self.account.plain(text), "heading", level)
        self._boxes(element)

    def _paragraph(self, element: Any, kind: str, mark: str) -> None:
        text = self.account.plain("".join(self._pieces(element)))
        self.account.written += ink(mark) if text and mark else 0
        self.writing.add(mark + text if text else "", kind)
        self._boxes(element)

    def _boxes(self, element: Any) -> None:
        for box in element.iter("{*}text-box"):
            if next(box.iterancestors("{*}p", "{*}h"), None) is element:
                self._blocks(box, "text", "")

    def _list(self, element: Any, kind: str) -> None:
        if kind != "item":
            self.writing.part()
        for item in element:
            if tag(item) in ("list-item", "list-header"):
                self._blocks(item, "item", "• " if tag(item) == "list-item" else "")

    def _table(self, table: Any) -> None:
        rows = [*_rows(table)]
        if len(rows) == 1 and len([cell for cell in rows[0] if tag(cell).endswith("table-cell")]) == 1:
            self._blocks(rows[0], "text", "")
        else:
            write_cells(self.writing, [[*self._cells(row)] for row in rows])
        for element in table:
            if tag(element) in _LEFT_OUT:
                self.drop(element, _LEFT_OUT[tag(element)])
            elif tag(element) == "shapes":
                self._blocks(element, "text", "")

    def _cells(self, row: Any) -> Iterator[str]:
        for cell in row:
            if tag(cell) == "covered-table-cell":
                self.drop(cell, "covered by a merged cell")
                yield ""
            elif tag(cell) == "table-cell":
                inside = Walk(self.account)
                inside._blocks(cell, "text", "")
                self._notes += inside._notes
                text = " ".join(inside.writing.text().split())
                repeated = attribute(cell, "number-columns-repeated")
                count = min(int(repeated), _MOST_REPEATED) if repeated.isdigit() and text else 1
                self.account.written += ink(text) * (count - 1)
                yield from [text] * count

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
                for mark in child.iterchildren("{*}note-citation"):
                    self.drop(mark, "mark of a note")
            elif name in ("annotation", "annotation-end", "ruby-text", "script"):
                self.drop(child, _LEFT_OUT[name])
            elif name and name != "text-box":
                # The lines of a shape stand apart from the line that it hangs on.
                yield "\n" if name in ("p", "h") else ""
                yield from self._pieces(child)
            yield child.tail or ""

    def drop(self, element: Any, reason: str) -> None:
        """Counts all text in an element as left out."""
        self.account.drop("".join(element.itertext()), reason)


def _rows(table: Any) -> Iterator[Any]:
    """The rows of a table, also those in groups."""
    for element in table:
        if tag(element) == "table-row":
            yield element
        elif tag(element) in ("table-header-rows", "table-row-group", "table-rows"):
            yield from _rows(element)
