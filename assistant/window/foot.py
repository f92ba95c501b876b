"""What stands under an answer: its facts in one quiet line, what can be done with it, and what was said of it."""

from __future__ import annotations

from assistant.types import NOT_FOUND, PLAIN, Answer
from assistant.window.escape import attribute, counted, escape, folded, lasted, name
from assistant.window.said import DONE, STOPPED, Said
from assistant.window.scoped import in_words
from assistant.window.verdict import Verdict, buttons, form, told
from assistant.window.why import Why, button, explained, panel
from index.types import Scope

STYLES = {"anew": "Try again", "shorter": "Shorter", "longer": "Longer", "simpler": "Simpler"}
FIRST = "Write it out"  # what an answer that was quoted offers


def foot(said: Said, number: int, verdict: Verdict, why: Why | None = None, last: bool = False) -> str:
    """The foot of an answer that is over; only one that came to its end, from the documents, can be judged.

    `why` is what its opened panel on the passages says. The `last` answer can be written in another way.
    """
    opener = button(number, why is not None) if explained(said) else ""
    opened = panel(said.answer, number, why) if opener and why is not None else ""
    ways = again(said, number) if last else ""
    return _row(said, number, verdict, opener) + cost(said.answer) + ways + opened


def again(said: Said, number: int) -> str:
    """The ways to write an answer again from the same passages; the page shows them where a chat model writes."""
    answer = said.answer
    if said.state not in (DONE, STOPPED) or not answer.answered or not answer.hits:
        return ""
    written = any(claim.verdict not in ("quoted", "told") for claim in answer.claims)
    ways = STYLES if written else {"anew": FIRST}
    chips = "".join(
        f'<button type="button" class="quiet" data-again="{style}" data-of="{number}">{said}</button>'
        for style, said in ways.items()
    )
    return f'<div class="again" role="group" aria-label="Write this answer again from the same passages">{chips}</div>'


def cost(answer: Answer) -> str:
    """Who wrote the answer, how long its first word took and how many tokens it took, in one quiet line."""
    cost = answer.cost
    if cost is None:
        return ""
    about = "" if cost.counted else "about "
    first = f" · first word in {lasted(cost.first)}" if cost.first is not None else ""
    tip = "" if cost.counted else ' title="Estimated from the length of the texts: the server does not count"'
    return (
        f'<p class="cost"><span dir="auto">{escape(folded(cost.model, 60))}</span>{first} · '
        f"<span{tip}>{about}{counted(cost.read, 'token')} read, {cost.wrote:,} written</span></p>"
    )


def _row(said: Said, number: int, verdict: Verdict, opener: str) -> str:
    answer = said.answer
    copy = f'<button type="button" class="quiet" data-copy="{attribute(str(answer))}">Copy answer</button>'
    copy = copy if answer.outcome != NOT_FOUND or said.state != DONE else ""
    if not judged(said):
        return facts(said, opener + copy)
    return (
        f'<div class="under" data-turn="{number}">{facts(said, buttons(verdict) + opener + copy)}{told(verdict)}'
        f"{form(answer.outcome == NOT_FOUND)}</div>"
    )


def judged(said: Said) -> bool:
    """Whether an answer can be judged: it is whole, no greeting, and there was something to look in."""
    return said.state == DONE and said.answer.outcome != PLAIN and not said.nothing


def scope(within: Scope | None, answer: Answer) -> str:
    """Where an answer was looked for, where that was not all documents."""
    if within is None or answer.outcome == PLAIN or not answer.searched.total:
        return ""
    documents = counted(answer.searched.documents, "document")
    return f'<p class="asked-in">Asked in <span dir="auto">{escape(in_words(within))}</span> ({documents})</p>'


def facts(said: Said, doing: str) -> str:
    """Where was asked, how many sources there are and where, how long it took, and the buttons `doing`, as HTML."""
    answer = said.answer
    sources = list(dict.fromkeys(each.source for each in answer.citations))
    known = [counted(len(answer.citations), "source")] if sources else []
    if len(sources) == 1:
        known.append(f"found in {name(sources[0])}")
    elif sources:
        known.append(f"found in {len(sources)} of {max(len(sources), answer.searched.documents):,} documents")
    known.append(lasted(answer.seconds))
    return (
        f'<div class="facts">{scope(said.within, answer)}<span>{" · ".join(known)}</span>'
        f'{f"""<div class="doing">{doing}</div>""" if doing else ""}</div>'
    )
