"""Text as a person sees it: without the characters that show nothing, or make what is shown another text."""

from __future__ import annotations

import re

# Controls but tab and line feed; soft hyphens, fillers, marks of direction, joiners of words, tags, what stands before
# a text as its byte order mark, and halves of characters. Tags and selectors of the last planes carry hidden text.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
# The joiners that Persian, Indic scripts and pictures need; between other letters they only hide.
_JOINER = re.compile("(?<![\u0600-\u1fff\u2600-\u27bf\ufe0f\U0001f000-\U0001ffff])[\u200c\u200d]")


def visible(text: str) -> str:
    """The text without invisible characters; what hides in it becomes part of nothing."""
    return text if text.isascii() and text.isprintable() else _JOINER.sub("", _INVISIBLE.sub("", text))


def in_a_line(text: str, longest: int = 200) -> str:
    """Visible text in one line, cut after so many characters: what a document says of itself ends no line of ours."""
    folded = " ".join(visible(text).split())
    return folded if len(folded) <= longest else folded[: longest - 1] + "…"
