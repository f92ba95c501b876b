"""Old Excel workbooks, through LibreOffice where it is installed."""

from __future__ import annotations

from pathlib import Path

from index.loaders.doc.convert import converted
from index.types import Document


def load(path: Path) -> Document:
    """The workbook as `index.loaders.xlsx` reads it once LibreOffice has saved it anew."""
    return converted(path, "xlsx")
