"""The main text of a web page, without its navigation: trafilatura says which, and the page's own blocks are kept."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import count, pairwise
from pathlib import Path
from typing import Any

from lxml import etree
from lxml.html import HTMLParser
from trafilatura.core import bare_extraction

from index.errors import EmptyFile, LockedFile
from index.loaders import Writing
from index.loaders.html import decoded, page
from index.loaders.html.walk import Walk
from index.types import Block, Document, ink

REST = "navigation and other parts around the main text"
"""Why the rest of a page is left out."""

WHOLE = "its main text could not be told from the rest of the page, so all of it was kept"

LEAST = 250
"""Characters below which a main text is not believed to be one: what trafilatura itself sets."""

LARGEST = 5_000_000
"""Characters of a page's source beyond which all of it is kept: telling the main text takes 1 to 2 s a million."""

# A stretch of text is marked by two letters, one of each half of Tangut: last written in 1502, and still letters, which
# trafilatura keeps. Enough for 9 million stretches.
_FIRST, _SECOND, _END = 0x17000, 0x17BFC, 0x187F8
_MARK = re.compile(f"[{chr(_FIRST)}-{chr(_SECOND - 1)}][{chr(_SECOND)}-{chr(_END - 1)}]")
_MOST = (_SECOND - _FIRST) * (_END - _SECOND)
_LETTER = re.compile(f"[{chr(_FIRST)}-{chr(_END - 1)}]")
# What the parser lets through and the tree does not take back.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_UNTOUCHED = frozenset({"script", "style", "title", "template", "textarea", "option"})
# What trafilatura is known to raise for pages that are broken in ways of their own.
_BAFFLED = (etree.LxmlError, ValueError, TypeError, AttributeError, LookupError, AssertionError, RecursionError)
# Blocks between two of the main text that are kept too: who wrote it and when, captions, facts in a line of their own.
# Losing those is worse than a button's label.
_GAP = 5
# Characters of a page that is but a login.
_FEW = 600


def load(path: Path) -> Document:
    """The page without what stands around its main text, which is counted as dropped; all of it where there is none.

    In front of the suffix may stand the encoding that the server said (`page.koi8-r.html`). Raises what the loader
    of pages raises, `EmptyFile` where a script is to fill the page, and `LockedFile` where it is but a login.
    """
    text = _decoded(path)
    whole = page([text], path)
    if not whole.text.strip():
        raise EmptyFile(
            f"{path.name} holds no text before its scripts have run; open it in a browser, save it as a web page and "
            "add the file"
        )
    kept = _kept(text, whole) if len(text) <= LARGEST else []
    document = _without(whole, kept) if any(kept) else None
    if document is None or ink(document.text) < LEAST:
        if _is_login(text) and ink(whole.text) <= _FEW:
            raise LockedFile(f"{path.name} asks for a login; save the page from a browser and add the file")
        return replace(whole, warnings=(*whole.warnings, f"{path.name}: {WHOLE}"))
    return document


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    encoding = Path(path.stem).suffix.removeprefix(".")
    if encoding and not raw.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return raw.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            return decoded(raw, path.name)
    return decoded(raw, path.name)


def _kept(text: str, whole: Document) -> list[bool]:
    """For each block of the page whether it is of the main text; nothing where that cannot be told."""
    if _LETTER.search(text):
        return []
    try:
        tree = etree.fromstring(text.replace("\0", "").encode("utf-8", "replace"), HTMLParser(encoding="utf-8"))
        _mark(tree)
        walked = Walk(tree).writing
        found: Any = bare_extraction(tree, include_comments=False, favor_recall=True)
    except _BAFFLED:
        return []
    all_of_it = walked.text()
    marked = [all_of_it[block.start : block.end] for block in walked.blocks]
    if found is None or [_MARK.sub("", words) for words in marked] != [_words(whole, b) for b in whole.blocks]:
        return []
    main = set(_MARK.findall("".join(found.body.itertext())))
    kept = _filled([not main.isdisjoint(_MARK.findall(words)) for words in marked])
    return _with_headings(whole.blocks, kept)


def _mark(tree: Any) -> None:
    """Puts a mark of its own behind each stretch of text, so that it can be told again wherever it turns up."""
    numbers = count()

    def marked(text: str | None) -> str | None:
        if not text or not text.strip():
            return text
        first, second = divmod(next(numbers) % _MOST, _END - _SECOND)
        text = _NOT_XML.sub(lambda found: " " if found.group().isspace() else "", text)
        words = text.rstrip()
        return f"{words}{chr(_FIRST + first)}{chr(_SECOND + second)}{text[len(words) :]}"

    for element in tree.iter():
        if isinstance(element.tag, str) and element.tag not in _UNTOUCHED:
            element.text = marked(element.text)
            for child in element:
                child.tail = marked(child.tail)


def _filled(kept: list[bool]) -> list[bool]:
    """The same with short gaps closed."""
    at = [index for index, keep in enumerate(kept) if keep]
    filled = list(kept)
    for one, two in pairwise(at):
        if two - one - 1 <= _GAP:
            filled[one:two] = [True] * (two - one)
    return filled


def _with_headings(blocks: Sequence[Block], kept: list[bool]) -> list[bool]:
    """The same with the headings that stand right above what is kept, and the page's own above it all."""
    kept = list(kept)
    for at in [at for at, keep in enumerate(kept) if keep and blocks[at].kind != "heading"]:
        level, above = 7, at - 1
        while above >= 0 and blocks[above].kind == "heading" and blocks[above].level < level:
            kept[above], level = True, blocks[above].level
            above -= 1
    if any(kept):
        tops = [at for at in range(kept.index(True)) if blocks[at].kind == "heading" and blocks[at].level == 1]
        for at in tops[-1:]:
            kept[at] = True
    return kept


def _without(whole: Document, kept: Sequence[bool]) -> Document:
    """The document of the blocks that are kept, the others counted as dropped."""
    writing = Writing()
    end, last = 0, False
    for block, keep in zip(whole.blocks, kept, strict=True):
        if keep:
            gap = whole.text[end : block.start] if last else "\n\n"
            writing.put(gap if writing.blocks else "", _words(whole, block), block)
        end, last = block.end, keep
    rest = sum(ink(_words(whole, block)) for block, keep in zip(whole.blocks, kept, strict=True) if not keep)
    dropped = {**whole.dropped, REST: rest} if rest else whole.dropped
    return replace(whole, text=writing.text(), blocks=tuple(writing.blocks), dropped=dropped)


def _words(document: Document, block: Block) -> str:
    return document.text[block.start : block.end]


def _is_login(text: str) -> bool:
    return re.search(r"<input[^>]{0,200}?type\s*=\s*[\"']?password", text, re.IGNORECASE) is not None
