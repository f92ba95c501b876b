"""Mailboxes: messages one after the other in one file (RFC 4155)."""

from __future__ import annotations

import re
from pathlib import Path

from index.errors import DamagedFile
from index.loaders.eml.mail import Post
from index.loaders.eml.parse import parse
from index.types import Document

_START = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\n]*\n(?=[!-9;-~]+:|>From )")
_LOOSE = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\n]*\n")
_MASKED = re.compile(rb"^>(>*From )", re.MULTILINE)


def load(path: Path) -> Document:
    """Each message as a page: "message 4, from Ann, 3 May 2024". Raises `DamagedFile` where there is none."""
    raw = path.read_bytes()
    starts = [match.span() for match in (_START if _START.match(raw) else _LOOSE).finditer(raw)]
    if not starts:
        raise DamagedFile(f"{path.name} holds no messages; export the mailbox again, or save the message as .eml")
    post = Post(path.name)
    title = ""
    for number, (_, begin) in enumerate(starts, 1):
        end = starts[number][0] if number < len(starts) else len(raw)
        mail = parse(_MASKED.sub(rb"\1", raw[begin:end]), path.name)
        title = mail.subject if len(starts) == 1 else ""
        post.write(mail, f"message {number}")
    return post.document(title or path.stem, "application/mbox", {})
