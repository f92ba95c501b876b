"""Old PowerPoint presentations, through LibreOffice where it is installed."""

from __future__ import annotations

from pathlib import Path

from index.loaders.doc.convert import converted
from index.types import Document


def load(path: Path) -> Document:
    """The presentation as `index.loaders.pptx` reads it once LibreOffice has saved it anew."""
    return converted(path, "pptx")
