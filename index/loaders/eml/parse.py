"""The bytes of an Internet message (RFC 5322, MIME) as a message, whatever faults they have."""

from __future__ import annotations

import codecs
import email
import email.errors
import email.header
import email.utils
from collections.abc import Iterator
from datetime import datetime
from email.message import Message

from index.errors import DamagedFile
from index.loaders import plain
from index.loaders.eml.mail import Attached, Mail
from index.loaders.html import decoded
from index.loaders.txt import decode

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
    for part in _parts(message, name, depth):
        (bodies if isinstance(part, tuple) else parts).append(part)  # type: ignore[arg-type]
    fields = [(key, headers.get(key.lower(), "")) for key in _SHOWN]
    sender = email.utils.parseaddr(headers.get("from", ""))
    return Mail(
        headers.get("subject", ""), sender[0] or sender[1], sent(headers.get("date", "")), fields, bodies, parts
    )


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


def _parts(message: Message, name: str, depth: int) -> Iterator[tuple[str, str] | Mail | Attached]:
    """The texts, the attachments and the messages inside; of alternatives the plain text, where it says anything."""
    kind = message.get_content_type()
    children = message.get_payload() if message.is_multipart() else []
    inner = [child for child in children if isinstance(child, Message)] if isinstance(children, list) else []
    if depth > _DEEPEST:
        return
    if kind.startswith("message/") and inner and kind != "message/delivery-status":
        yield mail(inner[0], name, depth + 1)
    elif kind == "multipart/alternative":
        found = [[*_parts(child, name, depth + 1)] for child in inner]
        said = [parts for parts in found if any(_says(part) for part in parts)]
        plainest = [parts for parts in said if all(part[0] == "plain" for part in parts if isinstance(part, tuple))]
        yield from (plainest or said[-1:] or [[]])[0]
        chosen = (plainest or said[-1:] or [[]])[0]
        yield from (part for parts in found if parts is not chosen for part in parts if not isinstance(part, tuple))
    elif inner:
        for child in inner:
            yield from _parts(child, name, depth + 1)
    else:
        yield from _leaf(message, name)


def _leaf(part: Message, name: str) -> Iterator[tuple[str, str] | Attached]:
    kind = part.get_content_type()
    file = plain(_header(_file_name(part))).replace("\n", " ").replace("/", "_")
    attached = (part.get_content_disposition() or "") == "attachment"
    if kind in ("text/plain", "text/html", "message/delivery-status") and not file and not attached:
        yield ("html" if kind == "text/html" else "plain", text_of(part, name).replace("\r\n", "\n"))
    elif file or attached or not kind.startswith(("multipart/", "text/")):
        yield Attached(file or f"a part of type {kind}", payload(part))
    else:
        yield ("plain", text_of(part, name).replace("\r\n", "\n"))


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
