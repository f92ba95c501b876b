"""A message, whatever it was kept in, and how it is written down with what is attached to it."""

from __future__ import annotations

import tempfile
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from index import loaders
from index.errors import DamagedFile, EmptyFile, UnreadableFile
from index.loaders import Account, Writing
from index.loaders.html import parsed
from index.loaders.html.walk import Walk
from index.loaders.txt import paragraphs
from index.named import named, names
from index.types import Document, Page, ink

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
    """One message. `fields` are header lines that are shown; `bodies` are texts, each with "plain" or "html".

    Its account has the characters of all its texts as they were decoded, and of those that are not among the bodies.
    """

    subject: str
    sender: str
    date: datetime | None
    fields: Sequence[tuple[str, str]]
    bodies: Sequence[tuple[str, str]]
    parts: Sequence[Mail | Attached] = ()
    account: Account = field(default_factory=Account)


@dataclass(slots=True)
class Post:
    """Messages written one after the other, with sentences for their reader, and which tell of a loss in `missing`."""

    name: str
    writing: Writing = field(default_factory=Writing)
    warnings: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    _unread: list[str] = field(default_factory=list)
    _attached: int = 0

    def write(self, mail: Mail, what: str = "message", depth: int = 0) -> None:
        """Writes a message on a page of its own, then its attachments, each on pages that bear its name."""
        self.writing.page(_label(mail, what))
        account = self.writing.account
        account.add(mail.account)
        account.see(mail.subject)
        self.writing.add(mail.subject, "heading", 1)
        fields = [(name, value) for name, value in mail.fields if value]
        for name, value in fields:
            account.see(value)
            account.written += ink(name) + 1
        self.writing.add("\n".join(f"{name}: {value}" for name, value in fields))
        for kind, text in mail.bodies:
            if kind == "html":
                self._page(text)
            else:
                self._plain(text)
        for part in mail.parts:
            if depth == _DEEPEST:
                self._lose(f"messages inside messages were read {_DEEPEST} deep and no further")
                return
            if isinstance(part, Mail):
                self.write(part, "attached message", depth + 1)
            else:
                self._attach(part)

    def document(self, title: str, media_type: str, dates: dict[str, str]) -> Document:
        """All that was written."""
        unread = ", ".join(self._unread)
        warnings = [*dict.fromkeys(self.warnings), *([f"attachments that were not read: {unread}"] if unread else [])]
        document = self.writing.document(self.name, title, media_type, dates, warnings)
        return replace(document, missing=tuple(dict.fromkeys(self.missing)))

    def _lose(self, sentence: str) -> None:
        self.warnings.append(sentence)
        self.missing.append(sentence)

    def _plain(self, text: str) -> None:
        self.writing.part()
        for block in paragraphs(text):
            self.writing.add(self.writing.account.plain(text[block.start : block.end]))

    def _page(self, text: str) -> None:
        account = self.writing.account
        try:
            tree = parsed(text, self.name)
        except EmptyFile:
            account.drop(text, "markup")
        except DamagedFile as error:
            account.drop(text, "a page that cannot be read")
            self._lose(f"a page in a message was not read: it {str(error).removeprefix(f'{self.name} ')}")
        else:
            # From here on what counts is what stands between the tags.
            account.seen -= ink(text)
            walk = Walk(tree, account)
            self.writing.take(walk.writing.text(), walk.writing.blocks)

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
            why = str(error).replace(f"a.{kind}", "it", 1)
            self._lose(f"attachment {part.name} was not read: {why}")
            return
        self.writing.account.add(document)
        self.warnings += [f"attachment {part.name}: {warning}" for warning in document.warnings]
        self.missing += [f"attachment {part.name}: {warning}" for warning in document.missing]
        self._take(part.name, document)

    def _take(self, name: str, document: Document) -> None:
        """Writes an attached document on pages of ours, one for each of its own."""
        if not document.pages:
            self.writing.page(f"attachment {name}")
            self.writing.take(document.text, document.blocks)
            return
        for page, start, end in _stretches(document):
            label = f"page {page.label or page.number}" if document.printed else page.label
            self.writing.page(f"attachment {name}, {label}")
            blocks = [block for block in document.blocks if start <= block.start < end]
            moved = [replace(block, start=block.start - start, end=block.end - start) for block in blocks]
            self.writing.take(document.text[start:end], moved)


def _stretches(document: Document) -> Iterator[tuple[Page, int, int]]:
    """Each page with the stretch of text to write on it: a block that goes over to the next page is not cut."""
    starts = [block.start for block in document.blocks]
    begin = 0
    for page in document.pages:
        at = bisect_left(starts, page.end)
        end = max(begin, page.end, document.blocks[at - 1].end if at else 0)
        yield page, begin, end
        begin = end


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
