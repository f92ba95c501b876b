"""One file a format: `load(path) -> Document`, named by the suffix it reads; further suffixes stand in `ALSO`.

A loader leaves `sha256` empty; `index.read.read` fills it in.
"""

from __future__ import annotations

import re

from index.types import Block

ALSO = {
    "docm": "docx",
    "dotx": "docx",
    "htm": "html",
    "log": "txt",
    "markdown": "md",
    "text": "txt",
    "xhtml": "html",
}

_JOINED_ITEMS = frozenset({"item", "row"})
# Control characters, and what is invisible yet splits a word: soft hyphen, zero-width space, word joiner, BOM.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff]")
_BLANKS = re.compile("[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")


class Writing:
    """The canonical text as it grows, with one block for each stretch that was added."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.length = 0
        self._parts: list[str] = []
        self._apart = True

    def add(self, text: str, kind: str = "text", level: int = 0) -> None:
        """Adds a stretch: items of one list and rows of one table on lines of their own, all else as paragraphs."""
        if not text:
            return
        together = kind in _JOINED_ITEMS and not self._apart and self.blocks[-1].kind == kind
        self.put("" if not self.blocks else "\n" if together else "\n\n", text, Block(0, 0, kind, level))
        self._apart = False

    def put(self, gap: str, text: str, like: Block) -> None:
        """Adds a stretch after exactly this gap; the block takes kind, level, page and box from `like`."""
        start = self.length + len(gap)
        self.length = start + len(text)
        self._parts += (gap, text)
        self.blocks.append(Block(start, self.length, like.kind, like.level, like.page, like.box))

    def part(self) -> None:
        """Keeps what comes next apart from what came before, even where both are lists or tables."""
        self._apart = True

    def text(self) -> str:
        """All that was added, gaps included."""
        return "".join(self._parts)


def plain(text: str) -> str:
    """The text in one line, or one line for each line break: no control characters, single blanks, none at the ends."""
    lines = (_BLANKS.sub(" ", line).strip() for line in _UNSEEN.sub("", text).split("\n"))
    return "\n".join(lines).strip()
