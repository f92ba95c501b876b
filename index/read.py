"""Reads a file of any known format as a document, and says in one sentence what is wrong where it cannot."""

from __future__ import annotations

import hashlib
import importlib
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from index import loaders
from index.doubts import doubts
from index.errors import DamagedFile, EmptyFile, UnknownFormat, UnreadableFile
from index.named import named, names
from index.packed import crowded
from index.types import Document
from index.web.address import is_address
from index.web.address import title as address_title

Load = Callable[[Path], Document]

_HEAD = 4096
_PIECE = 1 << 20
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
# First bytes of formats that are often renamed by accident; the longest and surest first.
_SIGNATURES = (
    (b"{\\rtf", "an RTF document", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture", "png"),
    (b"\xff\xd8\xff", "a JPEG picture", "png"),
    (b"GIF87a", "a GIF picture", "png"),
    (b"GIF89a", "a GIF picture", "png"),
    (b"II*\0", "a TIFF picture", "png"),
    (b"MM\0*", "a TIFF picture", "png"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\0", "a program"),
    (b"\x1f\x8b\x08", "a gzip archive"),
    (b"7z\xbc\xaf'\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"SQLite format 3\0", "a database"),
    (b"%!PS", "a PostScript document"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARTS = (
    ("word/", "a Word document", "docx"),
    ("xl/", "an Excel workbook", "xlsx"),
    ("ppt/", "a PowerPoint presentation", "pptx"),
    ("META-INF/container.xml", "an EPUB book", "epub"),
    ("content.xml", "an OpenDocument file", ""),
)
# What the part `mimetype` of an archive says begins with one of these.
_MIME_TYPES = (
    (b"application/epub", "an EPUB book", "epub"),
    (b"application/vnd.oasis.opendocument.text", "an OpenDocument text", "odt"),
    (b"application/vnd.oasis.opendocument.presentation", "an OpenDocument presentation", "odp"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "an OpenDocument spreadsheet", "ods"),
)
# The streams by which the programs' old formats are told; a message first, since it may hold the others.
_STREAMS = (
    ("__properties_version1.0", "an Outlook message", "msg"),
    ("PowerPoint Document", "an old PowerPoint presentation (.ppt)", "ppt"),
    ("WordDocument", "an old Word document (.doc)", "doc"),
    ("Workbook", "an old Excel workbook (.xls)", "xls"),
    ("Book\0", "an old Excel workbook (.xls)", "xls"),
)
_OFFICE = ("docx", "xlsx", "pptx")
_MAIL = re.compile(
    rb"(?:(?:Received|Return-Path|From|To|Date|Subject|MIME-Version|Message-ID|Content-Type|Delivered-To|X-[\w-]+):"
    rb".*\r?\n(?:[ \t].*\r?\n)*){3}",
    re.I,
)
_MAILBOX = re.compile(rb"From \S+ .*\d{4}\r?\n[\w-]+:")


def formats() -> list[str]:
    """The suffixes that can be read, without the dot, sorted."""
    return sorted({*names(loaders), *loaders.ALSO})


def read(path: Path, name: str | None = None, load: Load | None = None) -> Document:
    """The document in the file, under `name` where one is given (an upload's, say) and else under the file's own name.

    The format is the suffix's, unless the first bytes plainly say another, which a warning then tells; warnings also
    tell of characters that got lost and of garbled ones. `load` takes the place of the format's loader, for tests.
    Raises `UnreadableFile`, whose message names the file by its name only.
    """
    shown = name or path.name
    raw, sha256 = _bytes(path, shown)
    suffix = Path(path if is_address(shown) else shown).suffix.lower().lstrip(".")
    chosen, warnings = _format(raw, path, shown, suffix)
    try:
        document = (load or _loader(chosen, shown))(path)
    except UnreadableFile as error:
        raise type(error)(shown + str(error).removeprefix(path.name)) from error
    if not document.text or document.text.isspace():
        besides = f" besides what is left out ({', '.join(document.dropped)})" if document.dropped else ""
        raise EmptyFile(f"{shown} holds no text{besides}; add a file with text in it")
    document = replace(
        document,
        source=shown,
        title=_NOT_TEXT.sub(" ", _name(shown) if document.title == path.stem else document.title),
        text=_NOT_TEXT.sub("\ufffd", document.text),
        sha256=sha256,
        dates={"modified": _modified(path), **document.dates},
        warnings=(*warnings, *document.warnings),
    )
    found = doubts(document)
    return replace(document, warnings=(*document.warnings, *found), missing=(*document.missing, *found))


def _loader(chosen: str, shown: str) -> Load:
    """What reads a format; of a page that was fetched from an address, its main text."""
    if chosen == "html" and is_address(shown):
        # Found out here, since trafilatura takes 0.2 s to import, which only such pages are worth.
        return importlib.import_module("index.loaders.html.main").load  # type: ignore[no-any-return]
    return named(loaders, chosen).load  # type: ignore[no-any-return]


def _name(shown: str) -> str:
    return address_title(shown) if is_address(shown) else Path(shown).stem


def _bytes(path: Path, shown: str) -> tuple[bytes, str]:
    """The first bytes of the file (all of an old Office document's), and the hash of all."""
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise UnreadableFile(f"{shown} is no file but a device or a pipe; copy its content into a file")
        with path.open("rb") as file:
            raw = file.read(_HEAD)
            sha256 = _hashed(raw, file)
            if raw.startswith(_OLE):
                raw = path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableFile(f"there is no file {shown}; check the name and the folder") from error
    except IsADirectoryError as error:
        raise UnreadableFile(f"{shown} is a folder; add the files in it") from error
    except PermissionError as error:
        raise UnreadableFile(f"{shown} may not be read by this user; change its permissions or copy it") from error
    except (OSError, ValueError) as error:
        raise UnreadableFile(
            f"{shown} cannot be read from the disk ({error}); copy it elsewhere and add that"
        ) from error
    if not raw:
        raise EmptyFile(f"{shown} is empty (0 bytes); add a file with text in it")
    return raw, sha256


def _hashed(head: bytes, file: BinaryIO) -> str:
    """The hash of a file whose head was read already."""
    sha256 = hashlib.sha256(head)
    while piece := file.read(_PIECE):
        sha256.update(piece)
    return sha256.hexdigest()


def _modified(path: Path) -> str:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()


def _format(raw: bytes, path: Path, shown: str, suffix: str) -> tuple[str, tuple[str, ...]]:
    """The loader's name, and a warning where it is not the one that the suffix names."""
    by_name = loaders.ALSO.get(suffix, suffix)
    known = by_name in names(loaders)
    looks, kind = _looks(raw, path, by_name)
    if known and (kind == by_name or (kind == "html" and by_name in ("txt", "md"))):
        return by_name, ()
    if kind and suffix:
        why = "it was sent as" if is_address(shown) else "its name ends in"
        return kind, (f"{shown} is {looks} although {why} .{suffix}; it was read as what it is",)
    if looks and not kind and (known or not suffix):
        wanted = f".{suffix}" if suffix else _one_of(formats())
        raise DamagedFile(f"{shown} looks like {looks}, not like {wanted}; save it in that format and add it again")
    if suffix and not known:
        there = ", ".join(formats())
        raise UnknownFormat(f"{shown} is of a format that cannot be read (.{suffix}); the formats are {there}")
    return (by_name if known else kind or "txt"), ()


def _looks(raw: bytes, path: Path, by_name: str) -> tuple[str, str]:
    """What the content plainly says it is, in words, and the loader for it; both empty where it says nothing."""
    head = raw[:_HEAD]
    if head.startswith(b"%PDF-"):
        return "a PDF document", "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _looks_inside(path)
    if head.startswith(_OLE):
        return _looks_compound(raw, by_name)
    if _PAGE.match(head):
        return "a web page", "html"
    if not by_name and (_MAILBOX.match(head) or _MAIL.match(head)):
        kind = "mbox" if _MAILBOX.match(head) else "mhtml" if b"multipart/related" in head else "eml"
        return "e-mail", _there(kind)
    return next(
        ((words, _there(*kind)) for start, words, *kind in _SIGNATURES if head.startswith(start)),
        ("", ""),
    )


def _looks_compound(raw: bytes, by_name: str) -> tuple[str, str]:
    """What a compound file holds: a message, an old document, or an encrypted one, of which its loader says so."""
    if "EncryptedPackage".encode("utf-16-le") in raw and "__properties_version1.0".encode("utf-16-le") not in raw:
        return "an encrypted Office document", by_name if by_name in _OFFICE else "docx"
    held = [(words, kind) for stream, words, kind in _STREAMS if stream.encode("utf-16-le") in raw]
    for words, kind in held:
        if kind in ("msg", by_name):
            return words, _there(kind)
    if held:
        return held[0][0], _there(held[0][1])
    return "an old Office document (.doc, .xls, .ppt)", by_name if by_name in ("doc", "xls", "ppt") else ""


def _looks_inside(path: Path) -> tuple[str, str]:
    try:
        if crowded(path):
            return "", ""
        with zipfile.ZipFile(path) as archive:
            parts = set(archive.namelist())
            said = archive.open("mimetype").read(100) if "mimetype" in parts else b""
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError, RuntimeError, zlib.error):
        return "", ""
    for start, words, kind in _MIME_TYPES:
        if said.startswith(start):
            return words, _there(kind)
    for name, words, kind in _PARTS:
        if any(part.startswith(name) for part in parts):
            return words, _there(kind)
    return "a zip archive", ""


def _there(kind: str = "") -> str:
    """The kind, where there is a loader for it."""
    return kind if kind in names(loaders) else ""


def _one_of(suffixes: list[str]) -> str:
    return ", ".join(f".{suffix}" for suffix in suffixes[:-1]) + f" or .{suffixes[-1]}"
