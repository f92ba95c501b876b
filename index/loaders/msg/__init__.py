"""Outlook messages: the subject, who wrote to whom and when, the text, and what is attached."""

from __future__ import annotations

from pathlib import Path

import olefile

from index.errors import DamagedFile
from index.loaders.eml.mail import Post
from index.loaders.msg.item import item
from index.types import Document


def load(path: Path) -> Document:
    """The message as a page, each attachment that can be read as further pages; the others a warning names."""
    try:
        with olefile.OleFileIO(path) as opened:
            if not opened.exists("__properties_version1.0"):
                raise DamagedFile(f"{path.name} holds no Outlook message; save it as .eml from the mail program")
            mail = item(opened)
    except (OSError, ValueError, IndexError, TypeError, AttributeError, RecursionError, MemoryError) as error:
        raise DamagedFile(f"{path.name} is broken or cut short; save the message as .eml and add that") from error
    post = Post(path.name)
    post.write(mail)
    dates = {"written": mail.date.date().isoformat()} if mail.date else {}
    return post.document(mail.subject or path.stem, "application/vnd.ms-outlook", dates)
