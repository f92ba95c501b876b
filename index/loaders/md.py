"""Markdown; the canonical text is the file's own characters, markup included, so that a quotation is what you see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.loaders.txt import decode
from index.types import Block, Document, ink

_FRONT = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_KEYS = re.compile(r"^[\w-]+[ \t]*:", re.MULTILINE)
_FIELD = re.compile(r"^(title|date)[ \t]*:[ \t]*(.*?)[ \t]*$", re.MULTILINE | re.IGNORECASE)
_FENCE = re.compile(r"[ \t>]*(?:`{3,}|~{3,})[ \t]*$")
_LONGEST_NAMES = 500
_KINDS = {
    "heading_open": "heading",
    "paragraph_open": "text",
    "tr_open": "row",
    "fence": "code",
    "code_block": "code",
    "html_block": "text",
}


def load(path: Path) -> Document:
    """The Markdown file: headings, paragraphs, list items, table rows and code as blocks, each with its marks."""
    text = decode(path.read_bytes(), path.name)
    front = _front(text)
    body = "\n" * text.count("\n", 0, front) + text[front:]
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    lines = _line_starts(text)
    fields = {key.lower(): value.strip("\"'") for key, value in _FIELD.findall(text[:front])}
    blocks = [Block(0, len(text[:front].rstrip()), "code")] if front else []
    blocks += _apart(sorted(_blocks(tokens, text, lines), key=lambda block: (block.start, -block.end)))
    title = fields.get("title") or _first_heading(tokens) or path.stem
    dates = {"written": fields["date"]} if fields.get("date") else {}
    return Document(path.name, title, text, tuple(blocks), (), "", "text/markdown", dates, seen=ink(text))


def marked(text: str) -> list[Block]:
    """The blocks of Markdown that has no front matter."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return _apart(sorted(_blocks(tokens, text, _line_starts(text)), key=lambda block: (block.start, -block.end)))


def _front(text: str) -> int:
    """Where the front matter ends, or 0: `---`, lines with keys, `---`, at the very top."""
    match = _FRONT.match(text)
    return match.end() if match and _KEYS.search(match.group(1)) else 0


def _line_starts(text: str) -> list[int]:
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    return [*starts, len(text)] if starts[-1] != len(text) else starts


def _blocks(tokens: Sequence[Token], text: str, lines: Sequence[int]) -> Iterator[Block]:
    depth, columns = 0, ""
    for token in tokens:
        columns = "" if token.type == "table_open" else columns
        depth += (token.type == "list_item_open") - (token.type == "list_item_close")
        if token.map is None or token.type not in _KINDS:
            continue
        first, last = token.map
        if token.type == "fence":
            first, last = first + 1, _last_of_fence(text, lines, first + 1, last)
        kind = "item" if depth and token.type == "paragraph_open" else _KINDS[token.type]
        level = int(token.tag[1]) if kind == "heading" else 0
        stretch = text[lines[min(first, len(lines) - 1)] : lines[min(last, len(lines) - 1)]]
        start = lines[min(first, len(lines) - 1)] + len(stretch) - len(stretch.lstrip())
        yield Block(start, start + len(stretch.strip()), kind, level, context=columns if kind == "row" else "")
        if kind == "row" and not columns:
            columns = " | ".join(cell.strip() for cell in stretch.strip(" \t\n|").split("|"))[:_LONGEST_NAMES]


def _last_of_fence(text: str, lines: Sequence[int], first: int, last: int) -> int:
    closing = last > first and _FENCE.match(text[lines[last - 1] : lines[min(last, len(lines) - 1)]].rstrip("\n"))
    return last - 1 if closing else last


def _apart(blocks: Sequence[Block]) -> list[Block]:
    """The blocks that are not empty, each cut off where the next one starts."""
    kept: list[Block] = []
    for block in blocks:
        if block.start >= block.end or (kept and block.start < kept[-1].end):
            continue
        kept.append(block)
    return kept


def _first_heading(tokens: Sequence[Token]) -> str:
    for token, following in zip(tokens, tokens[1:], strict=False):
        if token.type == "heading_open":
            parts = following.children or []
            return "".join(part.content for part in parts if part.type in ("text", "code_inline")).strip()
    return ""
