"""Web pages: what a reader sees of them, as paragraphs, list items and table rows."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lxml import etree

from index.errors import DamagedFile, EmptyFile
from index.loaders import Writing, plain
from index.loaders.html.walk import Walk
from index.loaders.txt import decode
from index.types import Document

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]{0,100}encoding=[\"']([\w.:-]+)", re.IGNORECASE
)
# Browsers take these names for the wider encoding (WHATWG Encoding Standard, section 4.2).
_WIDER = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
_MODIFIED = frozenset({"article:modified_time", "last-modified", "dcterms.modified", "date.modified"})
_CREATED = frozenset({"article:published_time", "date", "dcterms.created", "dc.date", "pubdate"})


def load(path: Path) -> Document:
    """The page as a reader sees it; what is not shown (scripts, styles, hidden parts) is counted as dropped.

    Raises `DamagedFile` where the bytes are no text and `EmptyFile` where they hold no page.
    """
    return page([decoded(path.read_bytes(), path.name)], path)


def page(texts: Sequence[str], path: Path) -> Document:
    """The page whose source the first text is; the others, its frames, come after it."""
    trees = [parsed(text, path.name) for text in texts]
    writing = Writing()
    for tree in trees:
        walk = Walk(tree, writing.account)
        writing.take(walk.writing.text(), walk.writing.blocks)
    named = " ".join(plain(trees[0].xpath("string(//title[not(ancestor::svg)])")).split())
    return writing.document(path.name, named or writing.heading() or path.stem, "text/html", _dates(trees[0]))


def decoded(raw: bytes, name: str) -> str:
    """The page's characters, in the encoding of its mark, of its meta element, or guessed as for any text."""
    match = None if raw.startswith(_MARKS) else _CHARSET.search(raw[:4096])
    if match:
        declared = (match.group(1) or match.group(2)).decode("ascii", "replace").lower()
        try:
            return raw.decode(_WIDER.get(declared, declared))
        except (LookupError, UnicodeDecodeError):
            return decode(raw, name)
    return decode(raw, name)


def parsed(text: str, name: str) -> Any:
    """The element tree; nothing is fetched.

    Elements nested deeper than libxml2's limit of 256 would lose all text, so such a page is parsed again with the
    limit for large documents, 2,048.
    """
    raw = text.replace("\0", "").encode("utf-8", "replace")
    for unlimited in (False, True):
        parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=unlimited)
        try:
            tree = etree.fromstring(raw, parser)
        except etree.LxmlError as error:
            raise DamagedFile(f"{name} cannot be read as a web page ({error}); save it again from a browser") from error
        if not any("Excessive depth" in entry.message for entry in parser.error_log):
            break
    else:
        raise DamagedFile(f"{name} nests its elements more than 2,048 deep; save it as text and add that")
    if tree is None:
        raise EmptyFile(f"{name} holds no text; add a page with text in it")
    return tree


def _dates(tree: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        key = (meta.get("property") or meta.get("name") or meta.get("http-equiv") or "").lower()
        content = plain(meta.get("content") or "")
        if content and key in _MODIFIED:
            found.setdefault("modified", content)
        elif content and key in _CREATED:
            found.setdefault("created", content)
    return found
