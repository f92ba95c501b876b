"""The properties of an Outlook message ([MS-OXMSG], [MS-OXPROPS]) as a message."""

from __future__ import annotations

import codecs
import struct
from datetime import UTC, datetime, timedelta
from typing import Any

from index.errors import DamagedFile
from index.loaders import Account, plain
from index.loaders.eml.mail import Attached, Mail
from index.loaders.eml.parse import OTHER_FORM, sent
from index.loaders.html import decoded
from index.loaders.msg.packed import unpacked
from index.loaders.rtf.reader import Reader

_SUBJECT, _SENT, _BODY, _RTF, _HTML, _HEADERS = "0037", 0x0039, "1000", "1009", "1013", "007D"
_SENDER_NAME, _SENDER, _SENDER_SMTP, _TO, _CC = "0C1A", "0C1F", "5D01", "0E04", "0E03"
_CODE_PAGES = (0x3FFD, 0x3FDE)
_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME = "3707", "3704", "3001"
_ATTACHMENT = "__attach_version1.0_#"
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_DEEPEST = 8


def item(opened: Any, folder: tuple[str, ...] = ()) -> Mail:
    """The message whose streams stand in a folder of the compound file; its attachments and theirs with it."""
    values = _fixed(opened, folder)
    encodings = [name for page in _CODE_PAGES if (name := _codec(values.get(page, 0)))]

    def text(key: str) -> str:
        return _text(opened, folder, key, encodings)

    date = _moment(values.get(_SENT, 0)) or sent(_header(text(_HEADERS), "date"))
    name, address = _line(text(_SENDER_NAME)), _line(text(_SENDER_SMTP) or text(_SENDER))
    address = address if "@" in address else ""
    sender = f"{name} <{address}>" if name and address and name != address else name or address
    fields = [("From", sender), ("To", _line(text(_TO))), ("Cc", _line(text(_CC)))]
    fields.append(("Date", f"{date:%Y-%m-%d %H:%M} UTC" if date and date.tzinfo is UTC else str(date or "")))
    account = Account()
    bodies = [body for body in [_body(opened, folder, text(_BODY), encodings, account)] if body[1].strip()]
    parts = _parts(opened, folder, encodings) if len(folder) < 2 * _DEEPEST else []
    return Mail(_line(text(_SUBJECT)), name or address, date, fields, bodies, parts, account)


def _body(opened: Any, folder: tuple[str, ...], text: str, encodings: list[str], account: Account) -> tuple[str, str]:
    """The plain text, or else the page, or else what the packed RTF says, from which Outlook makes the others."""
    page = _page(opened, folder, encodings)
    account.see(text + page)
    if text.strip():
        account.drop(page, OTHER_FORM)
        return "plain", text.replace("\r\n", "\n").replace("\r", "\n")
    if page:
        return "html", page
    reader = Reader()
    reader.read(unpacked(_stream(opened, folder, f"{_RTF}0102")))
    account.add(reader.writing.account)
    return "plain", reader.writing.text()


def _page(opened: Any, folder: tuple[str, ...], encodings: list[str]) -> str:
    raw = _stream(opened, folder, f"{_HTML}0102") or _stream(opened, folder, f"{_HTML}001F")
    if b"charset" in raw[:4_096].lower():
        try:
            return decoded(raw, "the message")
        except DamagedFile:
            pass
    return _decoded(raw, encodings)


def _parts(opened: Any, folder: tuple[str, ...], encodings: list[str]) -> list[Mail | Attached]:
    depth = len(folder)
    inside = {
        entry[depth]
        for entry in map(tuple, opened.listdir(storages=True))
        if len(entry) > depth and entry[:depth] == folder and entry[depth].startswith(_ATTACHMENT)
    }
    found: list[Mail | Attached] = []
    for name in sorted(inside):
        place = (*folder, name)
        raw = _stream(opened, place, "37010102")
        names = (_line(_text(opened, place, key, encodings)) for key in (_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME))
        message = (*place, "__substg1.0_3701000D")
        if opened.exists([*message, "__properties_version1.0"]):
            found.append(item(opened, message))
        else:
            found.append(Attached(next((title for title in names if title), "an attachment without a name"), raw))
    return found


def _fixed(opened: Any, folder: tuple[str, ...]) -> dict[int, int]:
    """The properties of fixed size, as whole numbers of 8 bytes, by their identifier."""
    raw = _read(opened, [*folder, "__properties_version1.0"])
    # The header is 32 bytes long in the message itself, and 24 in one that is attached.
    start = 24 if folder else 32
    entries = (raw[at : at + 16] for at in range(start, len(raw) - 15, 16))
    return {key: value for _, key, _, value in (struct.unpack("<HHIQ", entry) for entry in entries)}


def _text(opened: Any, folder: tuple[str, ...], key: str, encodings: list[str]) -> str:
    raw = _stream(opened, folder, f"{key}001F")
    if raw:
        return raw.decode("utf-16-le", "replace").rstrip("\0")
    return _decoded(_stream(opened, folder, f"{key}001E"), encodings).rstrip("\0")


def _decoded(raw: bytes, encodings: list[str]) -> str:
    """The characters in the first encoding that fits; messages are often in another than they declare."""
    for encoding in (*encodings, "utf-8"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp1252", "replace")


def _stream(opened: Any, folder: tuple[str, ...], key: str) -> bytes:
    return _read(opened, [*folder, f"__substg1.0_{key}"])


def _read(opened: Any, place: list[str]) -> bytes:
    if not opened.exists(place) or opened.get_type(place) != 2:
        return b""
    raw: bytes = opened.openstream(place).read()
    return raw


def _moment(ticks: int) -> datetime | None:
    """The moment after so many tenths of a microsecond since 1601, or None for none."""
    try:
        return _EPOCH + timedelta(microseconds=ticks // 10) if ticks else None
    except OverflowError:
        return None


def _codec(page: int) -> str:
    try:
        return codecs.lookup("utf-8" if page & 0xFFFF == 65_001 else f"cp{page & 0xFFFF}").name
    except LookupError:
        return ""


def _header(text: str, name: str) -> str:
    lines = (line.partition(":") for line in text.splitlines())
    return next((value.strip() for key, _, value in lines if key.lower() == name), "")


def _line(text: str) -> str:
    return " ".join(plain(text).split())
