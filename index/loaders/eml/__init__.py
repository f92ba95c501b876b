"""E-mail messages: the subject, who wrote to whom and when, the text, and what is attached."""

from __future__ import annotations

from pathlib import Path

from index.errors import DamagedFile
from index.loaders.eml.mail import Post
from index.loaders.eml.parse import parse
from index.types import Document


def load(path: Path) -> Document:
    """The message as a page, each attachment that can be read as further pages; the others a warning names."""
    mail = parse(path.read_bytes(), path.name)
    if not any(value for _, value in mail.fields) and not mail.subject:
        raise DamagedFile(f"{path.name} is no e-mail; save it as .txt or as what it is")
    post = Post(path.name)
    post.write(mail)
    dates = {"written": mail.date.date().isoformat()} if mail.date else {}
    return post.document(mail.subject or path.stem, "message/rfc822", dates)
