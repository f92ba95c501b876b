"""One file a format: `load(path) -> Document`, named by the suffix it reads; further suffixes stand in `ALSO`.

A loader leaves `sha256` empty; `index.read.read` fills it in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from index.types import Block, Document, Page, ink

ALSO = {
    "bmp": "png",
    "docm": "docx",
    "dotx": "docx",
    "dot": "doc",
    "dotm": "docx",
    "gif": "png",
    "htm": "html",
    "jpeg": "png",
    "jpg": "png",
    "log": "txt",
    "markdown": "md",
    "ndjson": "jsonl",
    "mbx": "mbox",
    "mht": "mhtml",
    "text": "txt",
    "odm": "odt",
    "otp": "odp",
    "ots": "ods",
    "ott": "odt",
    "pot": "ppt",
    "potm": "pptx",
    "potx": "pptx",
    "pps": "ppt",
    "ppsm": "pptx",
    "ppsx": "pptx",
    "pptm": "pptx",
    "tab": "tsv",
    "tif": "png",
    "tiff": "png",
    "webp": "png",
    "xhtml": "html",
    "xlsm": "xlsx",
    "xlt": "xls",
    "xltm": "xlsx",
    "xltx": "xlsx",
}

_JOINED_ITEMS = frozenset({"item", "row"})
# Control characters, and what is invisible yet splits a word: soft hyphen, zero-width space, word joiner, BOM.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff]")
_BLANKS = re.compile("[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")


class Account:
    """What became of the characters of a file that are not white space: see `index.types.Document`.

    `seen` is counted where the file is taken apart, by other means than those by which the text is put together, so
    that whatever gets lost between the two shows.
    """

    def __init__(self) -> None:
        self.seen = 0
        self.written = 0
        self.dropped: Counter[str] = Counter()

    def see(self, text: str) -> None:
        """Counts what stands in the file."""
        self.seen += ink(text)

    def drop(self, text: str, reason: str) -> None:
        """Counts what is left out, for a reason in a person's words."""
        self.dropped[reason] += ink(text)

    def plain(self, text: str) -> str:
        """The text as `plain` makes it, what that leaves out counted."""
        cleaned, count = _UNSEEN.subn("", text)
        if count:
            self.drop("".join(_UNSEEN.findall(text)), "invisible characters")
        return _tidy(cleaned)

    def add(self, other: Account | Document) -> None:
        """Adds what became of a part; one without an account is believed to have lost nothing."""
        seen, dropped = other.seen, sum(other.dropped.values())
        if isinstance(other, Document) and seen is None:
            seen = ink(other.text) + dropped - other.written
        self.seen += seen or 0
        self.written += other.written
        self.dropped.update(other.dropped)


class Writing:
    """The canonical text as it grows, with one block for each stretch that was added, and its account."""

    def __init__(self, account: Account | None = None) -> None:
        self.account = account or Account()
        self.blocks: list[Block] = []
        self.length = 0
        self._parts: list[str] = []
        self._pages: list[tuple[str, int]] = []
        self._apart = True

    def add(self, text: str, kind: str = "text", level: int = 0, context: str = "", cell: str = "") -> None:
        """Adds a stretch: items of one list and rows of one table on lines of their own, all else as paragraphs."""
        if not text:
            return
        together = kind in _JOINED_ITEMS and not self._apart and self.blocks[-1].kind == kind
        self.put(
            "" if not self.blocks else "\n" if together else "\n\n",
            text,
            Block(0, 0, kind, level, None, None, context, cell),
        )
        self._apart = False

    def put(self, gap: str, text: str, like: Block) -> None:
        """Adds a stretch after exactly this gap; the block takes all but its place from `like`, or the page begun."""
        start = self.length + len(gap)
        self.length = start + len(text)
        self._parts += (gap, text)
        page = len(self._pages) or like.page
        self.blocks.append(replace(like, start=start, end=self.length, page=page))

    def take(self, text: str, blocks: Iterable[Block]) -> None:
        """Adds the text of another writing or document, its gaps included; boxes are left behind with its pages."""
        at = -1
        for block in blocks:
            gap = text[at : block.start] if at >= 0 else ("\n\n" if self.blocks else "") + text[: block.start].lstrip()
            self.put(gap, text[block.start : block.end], replace(block, box=None, page=None))
            at = block.end
        if text[max(at, 0) :].strip():
            self.add(text[max(at, 0) :].strip())
        self._apart = True

    def part(self) -> None:
        """Keeps what comes next apart from what came before, even where both are lists or tables."""
        self._apart = True

    def page(self, label: str) -> None:
        """Begins a page: what comes next stands on it."""
        self._pages.append((label, len(self.blocks)))
        self._apart = True

    def pages(self) -> tuple[Page, ...]:
        """The pages that were begun, which together cover the text; one on which nothing stands is empty."""
        starts = [self.blocks[at].start if at < len(self.blocks) else self.length for _, at in self._pages]
        starts[:1] = [0] if starts else []
        edges = zip(self._pages, starts, [*starts, self.length][1:], strict=True)
        return tuple(Page(number, label, start, end) for number, ((label, _), start, end) in enumerate(edges, 1))

    def text(self) -> str:
        """All that was added, gaps included."""
        return "".join(self._parts)

    def heading(self) -> str:
        """The first heading; empty where there is none."""
        text = self.text() if any(block.kind == "heading" for block in self.blocks) else ""
        return next((text[block.start : block.end] for block in self.blocks if block.kind == "heading"), "")

    def document(
        self,
        name: str,
        title: str,
        media_type: str,
        dates: Mapping[str, str] | None = None,
        warnings: Iterable[str] = (),
    ) -> Document:
        """The document of this name that was written."""
        return Document(
            name,
            title,
            self.text(),
            tuple(self.blocks),
            self.pages(),
            "",
            media_type,
            dates or {},
            (),
            {reason: count for reason, count in sorted(self.account.dropped.items()) if count},
            tuple(warnings),
            self.account.seen,
            self.account.written,
        )


def plain(text: str) -> str:
    """The text in one line, or one line for each line break: no control characters, single blanks, none at the ends."""
    return _tidy(_UNSEEN.sub("", text))


def _tidy(text: str) -> str:
    return "\n".join([_BLANKS.sub(" ", line).strip() for line in text.split("\n")]).strip()


def ranges(numbers: Sequence[int], what: str, one: str = "is", several: str = "are") -> str:
    """The numbers as one would say them, with the verb that follows: `page 3 holds`, `slides 3, 7-9 are`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    said = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
    return f"{what} {said} {one}" if len(numbers) == 1 else f"{what}s {said} {several}"
