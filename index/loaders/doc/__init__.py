"""Old Word documents, which LibreOffice saves anew before they are read (`index.fence.convert`)."""

from __future__ import annotations

from pathlib import Path

from index.loaders.doc.refuse import refusal
from index.types import Document


def load(path: Path) -> Document:
    """Raises `OldFormat` where LibreOffice can save it anew, and else says why it is not read."""
    raise refusal(path, "doc")
