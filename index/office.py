"""Old Office formats, and the LibreOffice that saves them anew."""

from __future__ import annotations

import mmap
import shutil
import sys
from pathlib import Path

NEW = {"doc": "docx", "xls": "xlsx", "ppt": "pptx"}
"""What each old format is saved as."""

OUT_OF_PROCESSOR = 124
"""What `index.fence.launch` exits with where the processor time was used up; else 0, or 1 where LibreOffice failed."""

PIPES = Path("/tmp")
"""Where LibreOffice makes its pipe, whatever it is told; and where it finds its folder, if it has mounts of its own."""


_PROGRAMS = ("soffice", "libreoffice")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The streams by which the formats are told, as in `index.read`.
_STREAMS = (("PowerPoint Document", "ppt"), ("WordDocument", "doc"), ("Workbook", "xls"), ("Book\0", "xls"))


def program() -> Path | None:
    """The LibreOffice that is installed, or None where there is none that can be started behind a fence."""
    if sys.platform == "win32":
        return None
    found = (shutil.which(name) for name in _PROGRAMS)
    return next((Path(place).resolve() for place in found if place), None)


def kind_of(path: Path, by_name: str) -> str:
    """The old format whose streams the file has, the one of its name first, and else the one of its name."""
    with path.open("rb") as opened:
        if opened.read(len(_OLE)) != _OLE:
            return by_name
        with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as raw:
            held = [kind for stream, kind in _STREAMS if raw.find(stream.encode("utf-16-le")) >= 0]
    return by_name if by_name in held or not held else held[0]
