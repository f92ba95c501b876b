"""Rich Text Format: headings, paragraphs, lists, tables and notes, in the order of the text."""

from __future__ import annotations

from pathlib import Path

from index.errors import DamagedFile
from index.loaders.rtf.reader import Reader
from index.types import Document


def load(path: Path) -> Document:
    """The document's text; headers, comments, hidden and deleted text are counted as dropped."""
    raw = path.read_bytes()
    start = raw.find(b"{\\rtf", 0, 4_096)
    if start < 0:
        raise DamagedFile(f"{path.name} is no RTF document; save it as .rtf in the program that wrote it")
    reader = Reader()
    reader.read(raw[start:])
    title = reader.title() or reader.writing.heading() or path.stem
    warnings = ("the file breaks off before its end",) if reader.is_cut else ()
    return reader.writing.document(path.name, title, "application/rtf", {}, warnings)
