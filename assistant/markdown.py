"""A model's Markdown, rebuilt from what is allowed: paragraphs, lists, quotations and code, all of them plain text.

Images are their alternative text, links their text with the address behind it, raw HTML is gone. The result holds
nothing that Markdown or HTML would make live, so that a page that renders it loads nothing and runs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

NESTING = 12
"""How deep lists and quotations are followed; what lies deeper is left as it was written."""

MOST_SIGNS = 500
"""Signs of Markdown in one text up to which it is parsed: the parser's time is quadratic in them."""

_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<(?:script|style)\b.*?(?:</(?:script|style)\s*>|\Z)|<[^<>]*>", re.S | re.I)
_LIVE = (
    (re.compile(r"!(?=\[)"), ""),
    (re.compile(r"\](?=[(\[:])"), "] "),
    (re.compile(r"<(?=[A-Za-z/!?])"), "< "),
    (re.compile(r"&(?=#?\w{1,31};)"), "& "),
)


def rebuilt(text: str) -> str:
    """The text with nothing but what is allowed; never raises. Signs of emphasis go, unless they stand inside a word.

    A text with more signs than `MOST_SIGNS` is no answer, and stays as it is but for what is live.
    """
    if sum(map(text.count, "[]*_<`!&")) > MOST_SIGNS:
        return inert(text)
    return inert("".join(_blocks(_parser().parse(text))).strip("\n"))


def inert(text: str) -> str:
    """The text with a blank in each place where Markdown or HTML would begin an image, a link, a tag or an entity."""
    for live, instead in _LIVE:
        text = live.sub(instead, text)
    return text


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": True, "maxNesting": NESTING})


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    """The text of all blocks, each with a blank line after it; those of a list each on a line with its mark."""
    for token in tokens:
        if token.type == "list_item_open":
            yield f"{token.info}{token.markup} " if token.info else "- "
        elif token.type == "inline":
            yield _inline(token.children or ()) + ("\n" if token.level > 1 else "\n\n")
        elif token.type in ("fence", "code_block"):
            yield token.content.rstrip("\n") + "\n\n"
        elif token.type == "html_block":
            yield _TAG.sub("", token.content).rstrip("\n") + "\n\n"
        elif token.type in ("bullet_list_close", "ordered_list_close") and token.level == 0:
            yield "\n"


def _inline(children: Sequence[Token]) -> str:
    out = ""
    kept: list[bool] = []
    links: list[tuple[int, str]] = []
    for token in children:
        if token.type in ("text", "code_inline"):
            out += token.content
        elif token.type in ("softbreak", "hardbreak"):
            out += "\n"
        elif token.type == "image":
            out += _inline(token.children or ())
        elif token.type in ("em_open", "strong_open"):
            # "2*3*4" is arithmetic.
            kept.append(out[-1:].isalnum())
            out += token.markup if kept[-1] else ""
        elif token.type in ("em_close", "strong_close"):
            out += token.markup if kept and kept.pop() else ""
        elif token.type == "link_open":
            links.append((len(out), str(token.attrs.get("href", ""))))
        elif token.type == "link_close" and links:
            at, address = links.pop()
            out += f" ({address})" if address and address != out[at:] else ""
    return out
