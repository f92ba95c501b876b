"""The bytes of an Internet message (RFC 5322, MIME) as a message, whatever faults they have."""

from __future__ import annotations

import codecs
import email
import email.errors
import email.header
import email.utils
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.message import Message

from index.errors import DamagedFile
from index.loaders import Account, plain
from index.loaders.eml.mail import Attached, Mail
from index.loaders.html import decoded
from index.loaders.txt import decode

OTHER_FORM = "the same text in another form"
_SHOWN = ("From", "To", "Cc", "Date")
_DEEPEST = 40


def parse(raw: bytes, name: str) -> Mail:
    """The message. What cannot be decoded as declared is decoded by a guess."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in raw[:4]:
        raw = decode(raw, name).encode()
    return mail(email.message_from_bytes(raw.removeprefix(codecs.BOM_UTF8)), name)


def mail(message: Message, name: str, depth: int = 0) -> Mail:
    """The message that the `email` package has parsed; parts deeper than 40 are left out."""
    headers: dict[str, str] = {}
    for key, value in message.raw_items():
        headers.setdefault(key.lower(), _header(str(value)))
    bodies: list[tuple[str, str]] = []
    parts: list[Mail | Attached] = []
    leaves = _Leaves(message, name)
    for part in _parts(message, leaves, depth):
        (bodies if isinstance(part, tuple) else parts).append(part)  # type: ignore[arg-type]
    fields = [(key, headers.get(key.lower(), "")) for key in _SHOWN]
    sender = email.utils.parseaddr(headers.get("from", ""))
    date = sent(headers.get("date", ""))
    return Mail(headers.get("subject", ""), sender[0] or sender[1], date, fields, bodies, parts, leaves.account)


def sent(text: str) -> datetime | None:
    """The moment that a date header names, or None."""
    try:
        return email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def text_of(part: Message, name: str) -> str:
    """The characters of a text part."""
    raw = payload(part)
    charset = part.get_param("charset")
    if isinstance(charset, str):
        try:
            return raw.decode(charset)
        except (LookupError, ValueError):
            pass
    try:
        return decoded(raw, name) if part.get_content_type() == "text/html" else decode(raw, name)
    except DamagedFile:
        return raw.decode("cp1252", "replace").replace("\0", "")


def payload(part: Message) -> bytes:
    """The bytes of a part that holds no further ones."""
    try:
        raw = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return b""
    return raw if isinstance(raw, bytes) else b""


class _Leaves:
    """The parts of a message that hold no further ones, those of messages inside left to these; each decoded once."""

    def __init__(self, message: Message, name: str) -> None:
        self.name = name
        self.account = Account()
        self._texts: dict[int, str] = {}
        stack = [message]
        while stack:
            part = stack.pop()
            inner = _inner(part)
            kind = part.get_content_type()
            if kind == "message/delivery-status" and inner:
                lines = ["\n".join(f"{key}: {_header(str(value))}" for key, value in told.items()) for told in inner]
                self._texts[id(part)] = "\n\n".join(lines)
            elif inner:
                stack += [] if kind.startswith("message/") else inner
            elif kind.startswith(("multipart/", "text/")) and not _file(part) and not _is_attached(part):
                self._texts[id(part)] = text_of(part, name).replace("\r\n", "\n")
        for text in self._texts.values():
            self.account.see(text)

    def leaf(self, part: Message) -> tuple[str, str] | Attached:
        """The text of such a part, or what it holds as an attachment."""
        kind = part.get_content_type()
        if id(part) in self._texts:
            return "html" if kind == "text/html" else "plain", self._texts[id(part)]
        return Attached(_file(part) or f"a part of type {kind}", payload(part))

    def leave(self, parts: Sequence[tuple[str, str] | Mail | Attached], reason: str) -> None:
        """Counts the texts that are not kept."""
        for part in parts:
            if isinstance(part, tuple):
                self.account.drop(part[1], reason)


def _parts(message: Message, leaves: _Leaves, depth: int) -> Iterator[tuple[str, str] | Mail | Attached]:
    """The texts, the attachments and the messages inside; of alternatives the plain text, where it says anything."""
    kind = message.get_content_type()
    inner = _inner(message)
    if depth > _DEEPEST:
        leaves.leave([leaves.leaf(part) for part in message.walk() if not _inner(part)], "parts nested too deep")
    elif kind.startswith("message/") and inner and kind != "message/delivery-status":
        yield mail(inner[0], leaves.name, depth + 1)
    elif kind == "multipart/alternative" and inner:
        found = [[*_parts(child, leaves, depth + 1)] for child in inner]
        said = [parts for parts in found if any(_says(part) for part in parts)]
        plainest = [parts for parts in said if all(part[0] == "plain" for part in parts if isinstance(part, tuple))]
        chosen = (plainest or said[-1:] or [[]])[0]
        yield from chosen
        for parts in found:
            if parts is not chosen:
                leaves.leave(parts, OTHER_FORM)
                yield from (part for part in parts if not isinstance(part, tuple))
    elif inner and kind != "message/delivery-status":
        for child in inner:
            yield from _parts(child, leaves, depth + 1)
    else:
        yield leaves.leaf(message)


def _inner(message: Message) -> list[Message]:
    children = message.get_payload() if message.is_multipart() else []
    return [child for child in children if isinstance(child, Message)] if isinstance(children, list) else []


def _file(part: Message) -> str:
    return plain(_header(_file_name(part))).replace("\n", " ").replace("/", "_")


def _is_attached(part: Message) -> bool:
    return (part.get_content_disposition() or "") == "attachment"


def _file_name(part: Message) -> str:
    try:
        return part.get_filename("") or ""
    except (ValueError, LookupError, TypeError, IndexError):
        return ""


def _says(part: tuple[str, str] | Mail | Attached) -> bool:
    return isinstance(part, tuple) and bool(part[1].strip())


def _header(value: str) -> str:
    """A header's text in one line: encoded words decoded, bytes beyond ASCII taken for UTF-8 or Western."""
    raw = value.encode("utf-8", "surrogateescape")
    try:
        value = raw.decode()
    except UnicodeDecodeError:
        value = raw.decode("cp1252", "replace")
    try:
        chunks = email.header.decode_header(value)
    except (email.errors.HeaderParseError, ValueError):
        chunks = [(value, None)]
    return " ".join(plain("".join(_chunk(chunk, charset) for chunk, charset in chunks)).split())


def _chunk(chunk: bytes | str, charset: str | None) -> str:
    if isinstance(chunk, str):
        return chunk
    if charset is None:
        return chunk.decode("raw-unicode-escape", "replace")
    try:
        return chunk.decode(charset, "replace")
    except (LookupError, ValueError):
        return chunk.decode("cp1252", "replace")
