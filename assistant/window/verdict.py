"""What a person says of an answer, as HTML: two buttons, the form for a wrong one, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.window.escape import escape, sentence

GOOD, WRONG, MISSING = "good", "wrong", "missing"
THUMB = (
    '<svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true"><path d="M3 9h3.2v8H3zM6.2 9.2 9.3 3c1.4 0 '
    '2.2 1 2 2.4L10.9 8h4.3c1.2 0 2 1 1.8 2.1l-.9 5.3c-.2 1-.9 1.6-1.9 1.6h-8"></path></svg>'
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was said of an answer: `kind` is "good", "wrong", "missing" (not in the documents) or still "".

    `folder` is the name of the folder that it was saved in, `problem` why it was not; both are empty once that is
    old news.
    """

    kind: str = ""
    folder: str = ""
    problem: str = ""


NONE = Verdict()


def buttons(verdict: Verdict) -> str:
    """The two buttons, the one that holds pressed."""
    good, wrong = verdict.kind == GOOD, verdict.kind in (WRONG, MISSING)
    return (
        f'<div class="judging" role="group" aria-label="Was this answer right?">{button(GOOD, "Good answer", good)}'
        f"{button('open', 'Wrong answer', wrong)}</div>"
    )


def button(verdict: str, label: str, pressed: bool) -> str:
    """One of the two; `verdict` is what the page makes of a click."""
    return (
        f'<button type="button" class="quiet judge" data-verdict="{verdict}" aria-label="{label}" title="{label}" '
        f'aria-pressed="{"true" if pressed else "false"}">{THUMB}</button>'
    )


def told(verdict: Verdict) -> str:
    """Where the last verdict was saved, or why it was not; empty when there is nothing new to say."""
    if verdict.problem:
        return f'<p class="told failed" role="status">{sentence(verdict.problem)}</p>'
    said = f'Saved to cases.jsonl in <bdi class="name">{escape(verdict.folder)}</bdi>' if verdict.folder else ""
    return f'<p class="told" role="status">{said}</p>'


def form(refused: bool) -> str:
    """The form for a wrong answer, closed at first; one that said "not in your documents" is not told that again."""
    missing = f'<button type="button" class="plain" data-verdict="{MISSING}">Not in my documents</button>'
    return (
        '<dialog class="correction" aria-label="Wrong answer"><label>What should it have said? '
        '<span class="aside">(optional)</span><textarea rows="2" maxlength="4000" dir="auto"></textarea></label>'
        f'<div class="choices"><button type="button" class="main" data-verdict="{WRONG}">Save</button>'
        f'{"" if refused else missing}<button type="button" class="quiet" data-verdict="close">Cancel</button>'
        "</div></dialog>"
    )
