"""The parts of a question in the window: each with its own line, its bare answer and the links to its evidence."""

from __future__ import annotations

from collections.abc import Callable

from assistant.account import UNFOUND, parts_beside
from assistant.types import Answer, Claim, Part
from assistant.window.escape import escape

MOST = 0.8  # of a sentence: what is all bold stands out no more


def opens(answer: Answer, claim: Claim) -> Part | None:
    """The part that a sentence of ours opens in the text; None where it is any other sentence."""
    if claim.verdict != "told":
        return None
    return next((part for part in answer.parts if part.question == claim.text), None)


def beside(answer: Answer, links: Callable[[Part], str]) -> str:
    """The parts below an answer whose text does not take them one by one; empty for any other.

    `links` gives the links to a part's evidence as HTML.
    """
    parts = parts_beside(answer)
    if not any(part.answered for part in parts):
        return ""
    lines = "".join(f"<li>{_line(part)}{links(part)}</li>" for part in parts)
    return f'<ul class="parts" aria-label="Parts of the question">{lines}</ul>'


def bare(claim: Claim, part: Part) -> tuple[int, int]:
    """Where the bare answer to a part stands in a sentence of the text; an empty stretch where it is most of that."""
    at = claim.text.find(part.short) if part.short and len(part.short) <= MOST * len(claim.text) else -1
    return (claim.start + at, claim.start + at + len(part.short)) if at >= 0 else (0, 0)


def _line(part: Part) -> str:
    found = f"<strong>{escape(part.short)}</strong>" if part.answered else escape(UNFOUND)
    return f'<span class="part" dir="auto">{escape(part.question)}</span> <span dir="auto">{found}</span>'
