"""Writes small messages for the tests."""

from __future__ import annotations

from collections.abc import Sequence
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
