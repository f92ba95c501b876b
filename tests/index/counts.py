"""Counts the characters of files by cruder means than the loaders', so that each checks the other."""

from __future__ import annotations

import email
import html
import json
import re
import zipfile
from collections.abc import Callable
from email import policy
from html.parser import HTMLParser
from pathlib import Path

import olefile

_OFFICE = re.compile(r"<(?:\w+:)?(?:t|delText|instrText|delInstrText|v|text)(?: [^>]*)?>([^<]*)</")
_ONE = re.compile(r"<w:(?:noBreakHyphen|sym)\b")
_PARTS = re.compile(
    r"word/(document|header|footer|footnotes|comments|chart|glossary/document)[^/]*\.xml|ppt/(slides|notes|comments)/\w+\.xml"
    r"|xl/(worksheets/\w+|comments\d*)\.xml"
)
_ELEMENT = re.compile(r"<[^>]*>")


def ink(text: str) -> int:
    """The characters that are not white space, one by one."""
    return sum(not letter.isspace() for letter in text)


class Page(HTMLParser):
    """All text of a page, its comments, and what its pictures are said to show."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.feed(source)
        self.close()

    def handle_data(self, data: str) -> None:
        """Keeps text."""
        self.said.append(data)

    def handle_comment(self, data: str) -> None:
        """Keeps a comment."""
        self.said.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps the description of a picture."""
        self.said += [value or "" for name, value in attrs if tag == "img" and name == "alt"]


def page(source: str) -> int:
    """The characters of a web page."""
    return ink("".join(Page(source).said))


def as_text(path: Path) -> int:
    """The characters of a text file."""
    return ink(path.read_text(encoding="utf-8"))


def office(path: Path) -> int:
    """The characters of the text elements of an Office document."""
    total = 0
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if _PARTS.fullmatch(name):
                source = archive.read(name).decode()
                total += ink(html.unescape("".join(_OFFICE.findall(source)))) + len(_ONE.findall(source))
    return total


def opened(path: Path) -> int:
    """The characters of an OpenDocument file: all that is no markup in its body, and in its master pages."""
    with zipfile.ZipFile(path) as archive:
        source = archive.read("content.xml").decode().partition("<office:body>")[2]
        if "styles.xml" in archive.namelist():
            source += archive.read("styles.xml").decode().partition("<office:master-styles>")[2]
    return ink(html.unescape(_ELEMENT.sub("", source)))


def book(path: Path) -> int:
    """The characters of the chapters of a book."""
    with zipfile.ZipFile(path) as archive:
        chapters = [name for name in archive.namelist() if "/text/" in name]
        return sum(page(archive.read(name).decode().partition("?>")[2]) for name in chapters)


def message(path: Path) -> int:
    """The characters of a message: what its header says to people, and its texts."""
    raw = path.read_bytes()
    made = email.message_from_bytes(
        raw[raw.index(b"\n") + 1 :] if raw.startswith(b"From ") else raw, policy=policy.default
    )
    shown = [str(made[name] or "") for name in ("Subject", "From", "To", "Cc", "Date")]
    texts = [part.get_content() for part in made.walk() if part.get_content_maintype() == "text"]
    return ink("".join((*shown, *texts)))


def saved_page(path: Path) -> int:
    """The characters of the page in a saved one."""
    made = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    return page(next(part.get_content() for part in made.walk() if part.get_content_type() == "text/html"))


def outlook(path: Path) -> int:
    """The characters of an Outlook message: its subject, its sender, its text, and its date as it is shown."""
    with olefile.OleFileIO(path) as opened_file:
        streams = [f"__substg1.0_{key}001F" for key in ("0037", "0C1A", "1000")]
        texts = [opened_file.openstream(name).read().decode("utf-16-le").rstrip("\0") for name in streams]
    return ink("".join((*texts, "2024-05-03 12:00 UTC")))


def rich_text(path: Path) -> int:
    """The characters of plain Rich Text: what follows the styles, without control words and braces."""
    source = path.read_text(encoding="ascii").partition("}}")[2]
    return ink(re.sub(r"\\[a-z]+-?\d* ?|[{}]", "", source))


def notebook(path: Path) -> int:
    """The characters of the cells of a notebook that gave nothing out."""
    return ink("".join("".join(cell["source"]) for cell in json.loads(path.read_text())["cells"]))


def drawn(path: Path) -> int:
    """The characters that the operators of a PDF draw, whose streams are not packed."""
    return ink("".join(re.findall(r"\((.*)\) Tj", path.read_bytes().decode("cp1252", "replace"))))


COUNTS: dict[str, Callable[[Path], int]] = {
    "csv": as_text,
    "docx": office,
    "eml": message,
    "epub": book,
    "html": lambda path: page(path.read_text(encoding="utf-8")),
    "ipynb": notebook,
    "json": as_text,
    "jsonl": as_text,
    "mbox": message,
    "md": as_text,
    "mhtml": saved_page,
    "msg": outlook,
    "odp": opened,
    "ods": opened,
    "odt": opened,
    "pdf": drawn,
    "pptx": office,
    "rtf": rich_text,
    "tsv": as_text,
    "txt": as_text,
    "xlsx": office,
}
"""The characters of a file of each format that are not white space."""
