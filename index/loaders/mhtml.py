"""Web pages that a browser saved with their pictures in one file (RFC 2557)."""

from __future__ import annotations

import email
from dataclasses import replace
from pathlib import Path

from index.errors import DamagedFile
from index.loaders.eml.parse import text_of
from index.loaders.html import page
from index.types import Document


def load(path: Path) -> Document:
    """The page, and the pages in its frames after it. Raises `DamagedFile` where the file holds none."""
    message = email.message_from_bytes(path.read_bytes())
    found = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    if not found:
        raise DamagedFile(f"{path.name} holds no web page; save it again from a browser")
    return replace(page([text_of(part, path.name) for part in found], path), media_type="multipart/related")
