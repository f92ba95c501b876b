"""What stands under an answer: its facts in one quiet line, what can be done with it, and what was said of it."""

from __future__ import annotations

from assistant.types import NOT_FOUND, PLAIN, Answer
from assistant.window.escape import attribute, counted, lasted, name
from assistant.window.said import DONE, Said
from assistant.window.verdict import Verdict, buttons, form, told


def foot(said: Said, number: int, verdict: Verdict) -> str:
    """The foot of an answer that is over; only one that came to its end, from the documents, can be judged."""
    answer = said.answer
    copy = f'<button type="button" class="quiet" data-copy="{attribute(str(answer))}">Copy answer</button>'
    copy = copy if answer.outcome != NOT_FOUND or said.state != DONE else ""
    if not judged(said):
        return facts(answer, copy)
    return (
        f'<div class="under" data-turn="{number}">{facts(answer, buttons(verdict) + copy)}{told(verdict)}'
        f"{form(answer.outcome == NOT_FOUND)}</div>"
    )


def judged(said: Said) -> bool:
    """Whether an answer can be judged: it is whole, and no greeting."""
    return said.state == DONE and said.answer.outcome != PLAIN


def facts(answer: Answer, doing: str) -> str:
    """How many sources there are, where they were found, how long it took, and the buttons `doing`, as HTML."""
    sources = list(dict.fromkeys(each.source for each in answer.citations))
    said = [counted(len(answer.citations), "source")] if sources else []
    if len(sources) == 1:
        said.append(f"found in {name(sources[0])}")
    elif sources:
        said.append(f"found in {len(sources)} documents")
    said.append(lasted(answer.seconds))
    return f'<div class="facts"><span>{" · ".join(said)}</span>{doing}</div>'
