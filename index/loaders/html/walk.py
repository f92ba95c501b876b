"""One pass over a web page's elements, writing down what a reader sees of them."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from index.loaders import Account, Writing
from index.loaders.xlsx.table import trimmed
from index.types import ink

_SCRIPT, _HEAD = "script or style", "head of the page"
_DROPPED = {
    "script": _SCRIPT,
    "style": _SCRIPT,
    "head": _HEAD,
    "template": "template",
    **dict.fromkeys(("noscript", "iframe", "noframes", "noembed"), "for other browsers"),
}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_OWN_LINE = frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol optgroup option p pre search"
    " section select summary table tbody td textarea tfoot th thead tr ul".split()
)
_KINDS = {f"h{level}": ("heading", level) for level in range(1, 7)} | {
    "li": ("item", 0),
    "dt": ("item", 0),
    "dd": ("item", 0),
    "pre": ("code", 0),
}
_NO_CELL_CONTENT = ("table", "h1", "h2", "h3", "h4", "h5", "h6", "form", "pre", "article", "section")
_NUMBER = re.compile(r"-?[0-9]{1,8}")
# Beyond this many characters a cell is a column of the page, and its table is there for the layout.
_LONG_CELL = 1000
_LONGEST_NAMES = 500
# Stands for <br>; the parser lets no such character through.
_BREAK = "\0"


class Walk:
    """The text of an element tree in `writing`, and the characters that are not shown in the account, by reason.

    It keeps its own stack instead of recursing, since pages nest elements thousands deep.
    """

    def __init__(self, tree: Any, account: Account | None = None) -> None:
        self.writing = Writing(account)
        self.account = self.writing.account
        self._pending: list[str] = []
        self._kinds: list[tuple[str, int]] = [("text", 0)]
        self._tables: list[bool] = []
        self._lists: list[int | None] = []
        self._mark = ""
        self._row: list[list[str]] | None = None
        self._columns = ""
        self._is_header = False
        self.account.see("".join((*_texts(tree), *_comments(tree))))
        self._over(tree)

    def _over(self, tree: Any) -> None:
        stack = [(tree, False)]
        while stack:
            element, done = stack.pop()
            reason = "" if done else _not_shown(element)
            if reason:
                self._drop(element, reason)
            elif not done:
                self._open(element)
                stack.append((element, True))
                stack.extend((child, False) for child in reversed(element))
                continue
            else:
                self._close(element)
            if element is not tree:
                self._pending.append(element.tail or "")
        self._flush()

    def _drop(self, element: Any, reason: str) -> None:
        self.account.drop("".join(_comments(element)), "comment")
        if not isinstance(element.tag, str):
            return
        self.account.drop("".join(_texts(element)), reason)
        for inner in element.iter("script", "style") if reason == _HEAD else ():
            self.account.drop("".join(_texts(inner)), _SCRIPT)
            self.account.dropped[reason] -= ink("".join(_texts(inner)))

    def _open(self, element: Any) -> None:
        tag = element.tag
        if tag in _OWN_LINE:
            self._flush()
        self._kinds.append(_KINDS.get(tag, self._kinds[-1]))
        if tag in ("ol", "ul", "menu"):
            self._lists.append(_first(element) if tag == "ol" else None)
        elif tag == "li":
            self._mark = self._next_mark()
        if tag == "br":
            self._pending.append(_BREAK)
        elif tag == "img":
            self._pending.append(f" {element.get('alt')} " if element.get("alt") else "")
        elif tag == "table":
            self._tables.append(_is_data(element))
            self._columns = ""
        elif tag == "tr" and self._tables and self._tables[-1]:
            self._row, self._is_header = [], True
        elif tag in ("td", "th") and self._row is not None:
            self._row.append([])
            self._is_header = self._is_header and tag == "th"
        if tag in ("table", "ul", "ol", "dl") and self._row is None and self._kinds[-1][0] != "item":
            self.writing.part()
        self._pending.append(element.text or "")

    def _close(self, element: Any) -> None:
        tag = element.tag
        if tag in _OWN_LINE:
            self._flush()
        self._kinds.pop()
        if tag in ("ol", "ul", "menu"):
            self._lists.pop()
        elif tag == "li":
            self._mark = ""
        elif tag == "table":
            self._tables.pop()
        elif tag == "tr" and self._row is not None:
            cells = trimmed([" ".join(parts).replace("\n", " ") for parts in self._row])
            self._row = None
            line = " | ".join(cells)
            self.account.written += max(len(cells) - 1, 0)
            if self._is_header and not self._columns:
                self._columns, columns = line[:_LONGEST_NAMES], ""
            else:
                columns = self._columns
            self.writing.add(line, "row", context=columns)

    def _next_mark(self) -> str:
        """What stands in front of the list item that begins: its number, or a bullet."""
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "• "
        self._lists[-1] = number + 1
        return f"{number}. "

    def _flush(self) -> None:
        """Writes what has gathered since the last element that starts a line of its own."""
        raw = "".join(self._pending)
        self._pending = []
        kind, level = self._kinds[-1]
        if kind == "code":
            lines = raw.replace(_BREAK, "\n").expandtabs(4).split("\n")
            text = "\n".join(line.rstrip() for line in lines).strip("\n")
        else:
            text = self.account.plain("\n".join(" ".join(line.split()) for line in raw.split(_BREAK)))
        if not text.strip():
            return
        if self._row is not None:
            cells = self._row or [[]]
            cells[-1].append(text)
            self._row = cells
        else:
            mark, self._mark = (self._mark, "") if kind == "item" else ("", self._mark)
            self.account.written += ink(mark)
            self.writing.add(mark + (text.replace("\n", " ") if kind == "heading" else text), kind, level)


def _not_shown(element: Any) -> str:
    """Why a reader does not see this element; empty where it is seen."""
    if not isinstance(element.tag, str):
        return "comment"
    if element.tag in _DROPPED:
        return _DROPPED[element.tag]
    if element.get("hidden") is not None or _HIDDEN.search(element.get("style") or ""):
        return "hidden text"
    return ""


def _texts(element: Any) -> list[str]:
    """The text in an element, and the descriptions of pictures in it."""
    return [*element.itertext(), *(image.get("alt") or "" for image in element.iter("img"))]


def _comments(element: Any) -> list[str]:
    return [found.text or "" for found in element.iter(etree.Comment, etree.ProcessingInstruction)]


def _first(list_: Any) -> int:
    """The number of the first item of an ordered list."""
    start = list_.get("start") or ""
    return int(start) if _NUMBER.fullmatch(start) else 1


def _is_data(table: Any) -> bool:
    """Whether a table holds cells to be read across, and not the layout of the page."""
    if table.get("role") == "presentation" or any(found is not table for found in table.iter(*_NO_CELL_CONTENT)):
        return False
    return all(len("".join(cell.itertext())) <= _LONG_CELL for cell in table.iter("td"))
