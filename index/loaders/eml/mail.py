"""A message, whatever it was kept in, and how it is written down with what is attached to it."""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from index import loaders
from index.errors import UnreadableFile
from index.loaders import Writing, plain
from index.loaders.html import parsed
from index.loaders.html.walk import Walk
from index.loaders.txt import paragraphs
from index.named import named, names
from index.types import Document

_DEEPEST = 8
_MOST_ATTACHMENTS = 500
_LONGEST_SENDER = 60


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that hangs on a message."""

    name: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One message. `fields` are header lines that are shown; `bodies` are texts, each with "plain" or "html"."""

    subject: str
    sender: str
    date: datetime | None
    fields: Sequence[tuple[str, str]]
    bodies: Sequence[tuple[str, str]]
    parts: Sequence[Mail | Attached] = ()


@dataclass(slots=True)
class Post:
    """Messages written one after the other; what is left out in `dropped`, by reason, and sentences in `warnings`."""

    name: str
    writing: Writing = field(default_factory=Writing)
    dropped: Counter[str] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)
    _unread: list[str] = field(default_factory=list)
    _attached: int = 0

    def write(self, mail: Mail, what: str = "message", depth: int = 0) -> None:
        """Writes a message on a page of its own, then its attachments, each on pages that bear its name."""
        self.writing.page(_label(mail, what))
        self.writing.add(mail.subject, "heading", 1)
        lines = [f"{name}: {value}" for name, value in mail.fields if value]
        self.writing.add("\n".join(lines))
        for kind, text in mail.bodies:
            if kind == "html":
                self._page(text)
            else:
                self._plain(text)
        for part in mail.parts:
            if depth == _DEEPEST:
                self.warnings.append(f"messages inside messages were read {_DEEPEST} deep and no further")
                return
            if isinstance(part, Mail):
                self.write(part, "attached message", depth + 1)
            else:
                self._attach(part)

    def document(self, title: str, media_type: str, dates: dict[str, str]) -> Document:
        """All that was written."""
        unread = ", ".join(self._unread)
        warnings = [*dict.fromkeys(self.warnings), *([f"attachments that were not read: {unread}"] if unread else [])]
        return Document(
            self.name,
            title,
            self.writing.text(),
            tuple(self.writing.blocks),
            self.writing.pages(),
            "",
            media_type,
            dates,
            (),
            {reason: count for reason, count in sorted(self.dropped.items()) if count},
            tuple(warnings),
        )

    def _plain(self, text: str) -> None:
        self.writing.part()
        for block in paragraphs(text):
            self.writing.add(plain(text[block.start : block.end]))

    def _page(self, text: str) -> None:
        if text.strip():
            walk = Walk(parsed(text, self.name))
            self.writing.take(walk.writing.text(), walk.writing.blocks)
            self.dropped.update(walk.dropped)

    def _attach(self, part: Attached) -> None:
        self._attached += 1
        suffix = Path(part.name).suffix.lower().lstrip(".")
        kind = loaders.ALSO.get(suffix, suffix)
        if kind not in names(loaders) or self._attached > _MOST_ATTACHMENTS:
            self._unread.append(part.name)
            return
        try:
            document = _loaded(kind, part.raw)
        except UnreadableFile as error:
            self.warnings.append(f"attachment {part.name} was not read: {str(error).removeprefix(f'a.{kind} ')}")
            return
        self.dropped.update(document.dropped)
        self.warnings += [f"attachment {part.name}: {warning}" for warning in document.warnings]
        self._take(part.name, document)

    def _take(self, name: str, document: Document) -> None:
        """Writes an attached document on pages of ours, one for each of its own."""
        if not document.pages:
            self.writing.page(f"attachment {name}")
            self.writing.take(document.text, document.blocks)
            return
        ends = [page.end for page in document.pages]
        for page in document.pages:
            label = f"page {page.label or page.number}" if document.printed else page.label
            self.writing.page(f"attachment {name}, {label}")
            blocks = [
                block
                for block in document.blocks
                if block.start < page.end and bisect_right(ends, block.start) == bisect_right(ends, page.start)
            ]
            if blocks:
                start, end = blocks[0].start, blocks[-1].end
                moved = [replace(block, start=block.start - start, end=block.end - start) for block in blocks]
                self.writing.take(document.text[start:end], moved)


def _loaded(kind: str, raw: bytes) -> Document:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{kind}"
        path.write_bytes(raw)
        document: Document = named(loaders, kind).load(path)
    return document


def _label(mail: Mail, what: str) -> str:
    """The message in a few words: "message 4, from Ann, 3 May 2024"."""
    sender = mail.sender[:_LONGEST_SENDER]
    date = f"{mail.date.day} {mail.date:%B %Y}" if mail.date else ""
    return ", ".join(part for part in (what, f"from {sender}" if sender else "", date) if part)
