"""What the package of an e-book says: the files in their order, the titles of the chapters, what is encrypted."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from index.errors import DamagedFile
from index.loaders import plain
from index.loaders.docx.archive import Archive

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
# Fonts are scrambled in books that are free to read.
_FONTS = (".otf", ".ttf", ".woff", ".woff2")


@dataclass(frozen=True, slots=True)
class Book:
    """Its title and date, the files of its text in order, their titles in the contents, and the encrypted ones."""

    title: str
    date: str
    parts: list[str]
    chapters: dict[str, str]
    locked: set[str]


def opened(archive: Archive, name: str) -> Book:
    """The book (EPUB 2 and 3). Raises `DamagedFile` where the archive holds none."""
    package = ""
    if _CONTAINER in archive.names:
        files = archive.xml(_CONTAINER).iter("{*}rootfile")
        package = next((str(found.get("full-path", "")) for found in files), "")
    if package not in archive.names:
        package = next((part for part in archive.names if part.endswith(".opf")), "")
    if not package:
        raise DamagedFile(f"{name} holds no EPUB book; save it as .epub in the program that wrote it")
    root = archive.xml(package)
    items = {str(item.get("id")): item for item in root.iter("{*}item")}
    places = {key: _place(package, item.get("href", "")) for key, item in items.items()}
    parts = [places[entry.get("idref", "")] for entry in root.iter("{*}itemref") if entry.get("idref", "") in places]
    texts = {place for key, place in places.items() if "html" in items[key].get("media-type", "html")}
    contents = [places[key] for key, item in items.items() if "nav" in (item.get("properties") or "").split()]
    contents += [place for key, place in places.items() if "ncx" in items[key].get("media-type", "")]
    chapters: dict[str, str] = {}
    for part in contents:
        if part in archive.names:
            chapters = {**_chapters(archive, part), **chapters}
    title, date = (
        next((plain(found.text or "") for found in root.iter(f"{{*}}{tag}")), "") for tag in ("title", "date")
    )
    kept = [part for part in dict.fromkeys(parts) if part in texts]
    return Book(" ".join(title.split()), date, kept, chapters, _locked(archive))


def _chapters(archive: Archive, part: str) -> dict[str, str]:
    """The first title that the contents give each file, from a page of links or from an NCX."""
    found: dict[str, str] = {}
    try:
        root = archive.xml(part)
    except DamagedFile:
        return found
    for link in root.iter("{*}a"):
        found.setdefault(_place(part, link.get("href", "")), _line("".join(link.itertext())))
    for point in root.iter("{*}navPoint"):
        content, label = point.find("{*}content"), point.find("{*}navLabel/{*}text")
        if content is not None and label is not None:
            found.setdefault(_place(part, content.get("src", "")), _line(label.text or ""))
    return found


def _locked(archive: Archive) -> set[str]:
    if _ENCRYPTION not in archive.names:
        return set()
    found: list[Any] = [*archive.xml(_ENCRYPTION).iter("{*}CipherReference")]
    return {unquote(entry.get("URI", "")) for entry in found if not entry.get("URI", "").lower().endswith(_FONTS)}


def _place(part: str, link: str) -> str:
    """The part that a link in another points to."""
    target = unquote(link.partition("#")[0])
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")


def _line(text: str) -> str:
    return " ".join(plain(text).split())
