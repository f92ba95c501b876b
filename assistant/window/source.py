"""A document as HTML, opened at a quotation: the words highlighted, what stands around them, and where they are."""

from __future__ import annotations

from assistant.window.escape import attribute, escape, name
from assistant.window.excerpt import excerpt
from assistant.window.said import Place
from index.types import Document

AROUND = 3000  # characters shown before and after a quotation at first
KINDS = {"cite": "Quoted", "hit": "Close passage", "found": "Found passage", "expected": "Expected passage"}
EMPTY = (
    '<div class="nothing" data-key="nothing"><p>The words behind an answer open here.</p>'
    "<p>Choose a number in an answer, such as <span class='cite'>1</span>.</p></div>"
)


def opened(place: Place, document: Document, around: int = AROUND) -> str:
    """The pane for a place: its file and where in it, the text around it, and the way to the others of the answer.

    Where the document is not the one that was quoted any more, the quotation is shown on its own, and a sentence why.
    """
    replaced = place.sha256 and place.sha256 != document.sha256
    if replaced or document.text[place.start : place.end] != place.text:
        return alone(place, "This document has changed since it was quoted. The words were:")
    return _pane(place, f'<div class="paper">{excerpt(place, document, around)}</div>', also(document))


def alone(place: Place, reason: str) -> str:
    """The pane for a quotation whose document cannot be opened, and the sentence that says why."""
    quote = f'<blockquote dir="auto"><mark>{escape(place.text)}</mark></blockquote>'
    return _pane(place, f'<p class="problem" role="alert">{escape(reason)}</p>{quote}')


def lost() -> str:
    """The pane for a link that leads to nothing."""
    return '<p class="problem" role="alert" data-key="lost">That answer is gone; ask the question again.</p>'


def also(document: Document) -> str:
    """Under which other names the same content is there."""
    names = ", ".join(name(each) for each in document.also)
    return f'<p class="also">also in {names}</p>' if names else ""


def _pane(place: Place, body: str, beside: str = "") -> str:
    where = f'<p dir="auto" title="{attribute(place.where)}">{escape(place.brief())}</p>'
    kind = KINDS[place.kind]
    return (
        f'<header class="where" data-key="where"><h2>{name(place.source)}</h2>'
        f"{where}{beside}</header>"
        f'<div class="reading" data-key="{place.link()}" tabindex="0" role="region" aria-label="{kind}">{body}</div>'
        f'<nav class="steps" data-key="steps" aria-label="Places of this answer">{steps(place)}</nav>'
    )


def steps(place: Place) -> str:
    """The way to the previous and the next place of the same answer."""
    if place.count == 1:
        return ""
    one = "quotation" if place.kind == "cite" else "passage"
    back = f'<a rel="prev" class="step" href="{place.link(-1)}" aria-label="Previous {one}" title="Previous (k)">◂</a>'
    on = f'<a rel="next" class="step" href="{place.link(1)}" aria-label="Next {one}" title="Next (j)">▸</a>'
    none = '<span class="step" aria-hidden="true">{}</span>'
    return (
        f"{back if place.number > 1 else none.format('◂')}"
        f"<span>{place.number} of {place.count}</span>"
        f"{on if place.number < place.count else none.format('▸')}"
    )
