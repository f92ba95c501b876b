"""Web pages: what a reader sees of them, as paragraphs, list items and table rows."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from pathlib import Path
from typing import Any

from lxml import etree

from index.errors import DamagedFile, EmptyFile
from index.loaders import Writing, plain
from index.loaders.txt import decode
from index.types import Document

_DROPPED = frozenset({"script", "style", "template", "noscript", "head", "iframe", "noframes", "noembed", "object"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LINES = frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol optgroup option p pre search"
    " section select summary table tbody td textarea tfoot th thead tr ul".split()
)
_LAYOUT = "table|h1|h2|h3|h4|h5|h6|ul|ol|dl|pre|form|article|section"
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]{0,100}encoding=[\"']([\w.:-]+)", re.I)
_MODIFIED = ("article:modified_time", "last-modified", "dcterms.modified", "date.modified")
_CREATED = ("article:published_time", "date", "dcterms.created", "dc.date", "pubdate")
_BREAK = "\ue000"


def load(path: Path) -> Document:
    """The page as a reader sees it; what is not shown (scripts, styles, hidden parts) is counted in `dropped`.

    Raises `DamagedFile` where the bytes are no text and `EmptyFile` where they hold no page.
    """
    tree = _parsed(_decoded(path.read_bytes(), path.name), path.name)
    walk = _Walk()
    walk.over(tree)
    blocks = walk.writing.blocks
    text = walk.writing.text()
    heading = next((text[block.start : block.end] for block in blocks if block.kind == "heading"), "")
    title = plain(" ".join(tree.xpath("string(//head/title | //title)").split())) or heading.replace("\n", " ")
    dropped = {reason: count for reason, count in walk.dropped.items() if count}
    return Document(
        path.name, title or path.stem, text, tuple(blocks), (), "", "text/html", _dates(tree), (), dropped
    )


def _decoded(raw: bytes, name: str) -> str:
    """The page's characters, in the encoding of its mark, of its meta element, or as any text."""
    match = None if raw.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else _CHARSET.search(raw[:4096])
    if match:
        declared = (match.group(1) or match.group(2)).decode("ascii").lower()
        try:
            # Browsers take these names for the wider encoding (WHATWG Encoding Standard, section 4.2).
            encoding = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "gb2312": "gb18030"}.get(declared, declared)
            return raw.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(raw, name)


def _parsed(text: str, name: str) -> Any:
    """The element tree; nothing is fetched. Deep nesting is parsed again without the limit, which would lose all text."""
    raw = text.replace("\0", "").encode("utf-8", "replace")
    for unlimited in (False, True):
        parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=unlimited)
        try:
            tree = etree.fromstring(raw, parser)
        except etree.LxmlError as error:
            raise DamagedFile(f"{name} cannot be read as a web page ({error}); save it again from a browser") from error
        if not any("Excessive depth" in entry.message for entry in parser.error_log):
            break
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


class _Walk:
    """One pass over the tree, without recursion: pages nest elements thousands deep."""

    def __init__(self) -> None:
        self.writing = Writing()
        self.dropped: Counter[str] = Counter()
        self._pending: list[str] = []
        self._cells: list[list[str]] = []
        self._kinds: list[tuple[str, int]] = [("text", 0)]
        self._verbatim = 0

    def over(self, tree: Any) -> None:
        """Writes the whole tree."""
        events = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
        for event, element in events:
            if event == "start":
                reason = self._reason(element)
                if reason:
                    self.dropped[reason] += len("".join(element.itertext()).strip())
                    events.skip_subtree()
                    self._kinds.append(self._kinds[-1])
                    continue
                self._open(element)
            elif event == "end":
                self._close(element)
            else:
                self.dropped["comment"] += len((element.text or "").strip())
                self._pending.append(element.tail or "")
        self._flush()
