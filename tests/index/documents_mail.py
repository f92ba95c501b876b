"""Writes small messages for the tests."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from html import escape
from pathlib import Path


def message(heading: str, paragraphs: Sequence[str]) -> EmailMessage:
    """A message from Ann to Bob."""
    made = EmailMessage()
    made["Subject"] = heading
    made["From"] = "Ann Ålund <ann@example.org>"
    made["To"] = "bob@example.org"
    made["Date"] = "Fri, 03 May 2024 14:30:00 +0200"
    made.set_content("\n\n".join(paragraphs), cte="8bit")
    return made


def write_eml(path: Path, heading: str, paragraphs: Sequence[str]) -> Path:
    """Writes a message."""
    path.write_bytes(bytes(message(heading, paragraphs)))
    return path


def write_mbox(path: Path, heading: str, paragraphs: Sequence[str]) -> Path:
    """Writes a mailbox of one message."""
    return write_mailbox(path, [message(heading, paragraphs)])


def write_mailbox(path: Path, messages: Sequence[EmailMessage]) -> Path:
    """Writes a mailbox."""
    path.write_bytes(b"\n".join(b"From ann@example.org Fri May  3 14:30:00 2024\n" + bytes(made) for made in messages))
    return path


def write_mhtml(path: Path, heading: str, paragraphs: Sequence[str]) -> Path:
    """Writes a web page as a browser saves it in one file."""
    made = EmailMessage()
    made["From"] = "<Saved by a browser>"
    made["Subject"] = heading
    made["MIME-Version"] = "1.0"
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    made.set_content(f"<html><body><h1>{escape(heading)}</h1>{body}</body></html>", subtype="html", cte="8bit")
    made.add_related(b"\x89PNG", "image", "png")
    path.write_bytes(bytes(made))
    return path


Tree = Mapping[str, "bytes | Tree"]
_END, _FREE, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFF


def write_msg(path: Path, heading: str, paragraphs: Sequence[str]) -> Path:
    """Writes an Outlook message from Ann."""
    return write_compound(path, outlook({"0037": heading, "0C1A": "Ann", "1000": "\r\n\r\n".join(paragraphs)}))


def outlook(texts: Mapping[str, str], further: Tree | None = None, size: int = 32) -> Tree:
    """The streams of a message that was sent on 3 May 2024, by the identifiers of their properties."""
    sent = struct.pack("<HHIQ", 0x40, 0x39, 6, 133_592_040_000_000_000)
    streams = {f"__substg1.0_{key}001F": text.encode("utf-16-le") for key, text in texts.items()}
    return {"__properties_version1.0": bytes(size) + sent, **streams, **(further or {})}


def write_compound(path: Path, tree: Tree) -> Path:
    """Writes a compound file ([MS-CFB], version 3); each stream is filled up with zeros to 4,096 bytes."""
    entries: list[list[object]] = [["Root Entry", 5, _NONE, _NONE, b""]]
    _grow(entries, 0, tree)
    streams = [bytes(entry[4]).ljust(4_096, b"\0") if entry[1] == 2 else b"" for entry in entries]
    folders = -(-len(entries) // 4)
    sectors = folders + sum(-(-len(stream) // 512) for stream in streams)
    tables = next(count for count in range(1, 100) if count * 128 >= sectors + count)
    chain: list[int] = [0xFFFFFFFD] * tables
    chain += [*range(tables + 1, tables + folders), _END]
    starts = []
    for stream in streams:
        count = -(-len(stream) // 512)
        starts.append(len(chain) if count else _END)
        chain += [*range(len(chain) + 1, len(chain) + count), _END] if count else []
    chain += [_FREE] * (tables * 128 - len(chain))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, tables, 0, 4_096, _END, 0, _END, 0)
    head += struct.pack("<109I", *[*range(tables), *[_FREE] * (109 - tables)])
    rows = b"".join(_row(entry, start, len(data)) for entry, start, data in zip(entries, starts, streams, strict=True))
    body = struct.pack(f"<{len(chain)}I", *chain) + rows.ljust(folders * 512, b"\0")
    path.write_bytes(head + body + b"".join(stream.ljust(-(-len(stream) // 512) * 512, b"\0") for stream in streams))
    return path


def _grow(entries: list[list[object]], parent: int, tree: Tree) -> None:
    before = -1
    for name, held in tree.items():
        number = len(entries)
        is_stream = isinstance(held, bytes)
        entries.append([name, 2 if is_stream else 1, _NONE, _NONE, held if is_stream else b""])
        entries[parent if before < 0 else before][3 if before < 0 else 2] = number
        before = number
        if not isinstance(held, bytes):
            _grow(entries, number, held)


def _row(entry: Sequence[object], start: int, size: int) -> bytes:
    name, kind, right, child, _ = entry
    words = str(name).encode("utf-16-le") + b"\0\0"
    place = struct.pack("<HBBIII36xIQ", len(words), kind, 1, _NONE, right, child, start, size)
    return words.ljust(64, b"\0") + place
