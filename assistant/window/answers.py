"""Answers as HTML: sentences with numbered links, sources, facts, and what is said when nothing was found."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from assistant.cite import TOLD
from assistant.short import short
from assistant.types import NOT_FOUND, Answer, Citation, Claim, part_of
from assistant.window.escape import attribute, counted, escape, folded, innermost, joined, name, sentence
from assistant.window.foot import foot
from assistant.window.parts import MOST, bare, beside, opens
from assistant.window.said import BUSY, CLOSEST, FAILED, STOPPED, Said, page_of
from assistant.window.scoped import in_words
from assistant.window.verdict import NONE, Verdict
from assistant.window.why import Why, opening
from index.sentences import sentences as spans

JOINER = "\u2060"  # keeps a link on the line of the word before it
STAGES = {
    "searching": "Searching your documents",
    "reading": "Reading what was found",
    "writing": "Writing the answer",
}
DOUBTS = {
    "partly": ("partly", "Its sources say this in part only"),
    "not supported": ("unsupported", "Its sources do not say this"),
    "contradicted": ("unsupported", "Its sources say otherwise"),
}
OTHERWISE = "says otherwise:"  # how the quoting reader ends what it says before a sentence with another value
UNJUDGED: Mapping[int, Verdict] = MappingProxyType({})
CLOSED: Mapping[int, Why] = MappingProxyType({})


def conversation(
    said: tuple[Said, ...], verdicts: Mapping[int, Verdict] = UNJUDGED, whys: Mapping[int, Why] = CLOSED
) -> str:
    """All turns, oldest first, with what was said of their answers and which of them are explained, by turn."""
    return "".join(
        turn(each, number, verdicts.get(number, NONE), whys.get(number), number == len(said))
        for number, each in enumerate(said, start=1)
    )


def turn(said: Said, number: int, verdict: Verdict, why: Why | None, last: bool = False) -> str:
    """One question and what came of it; `number` counts from 1 and is part of each link, `last` is true of one turn."""
    bare = said.state == BUSY and not said.answer.text
    body = working(said.answer) if bare else answered(said, number, verdict, why, last)
    if said.state == FAILED:
        body += f'<p class="problem" role="alert">{sentence(said.problem)}</p>'
    busy = "true" if said.state == BUSY else "false"
    return (
        f'<article class="turn" data-key="turn-{number}" data-state="{said.state}" aria-busy="{busy}">'
        f'<h3 class="asked"><span class="aside">You asked: </span><span dir="auto">{escape(said.question)}</span></h3>'
        f'<div class="reply">{body}</div></article>'
    )


def working(answer: Answer) -> str:
    """The stage in words, while there is no text yet."""
    stage = STAGES.get(answer.stage, STAGES["searching"])
    return f'<p class="working" role="status"><span class="dots" aria-hidden="true"></span>{escape(stage)}…</p>'


def answered(said: Said, number: int, verdict: Verdict, why: Why | None, last: bool = False) -> str:
    """What the answer says, its sources, its facts and what was said of it."""
    answer = said.answer
    over = said.state != BUSY
    if answer.outcome == NOT_FOUND and over and said.state not in (STOPPED, FAILED):
        return refusal(said, number) + notes(answer) + foot(said, number, verdict, why, last)
    parts = [f'<div class="text" dir="auto">{sentences(answer, number, over)}</div>'] if answer.text else []
    if not over:
        return "".join([*parts, working(answer)])
    parts += [beside(answer, lambda part: chips(answer, part.citations, number)), cards(answer, number), notes(answer)]
    if said.state == STOPPED:
        parts.append('<p class="note">You stopped this answer; it may not be whole.</p>')
    elif said.state != FAILED and not answer.complete:
        parts.append('<p class="note">This answer was cut off; it may not be whole.</p>')
    if answer.text:
        parts.append(foot(said, number, verdict, why, last))
    return "".join(parts)


def sentences(answer: Answer, number: int, over: bool = True) -> str:
    """The text with the short answer in bold, and after each sentence the links to what it rests on.

    While it is not `over`, nothing is said against the last sentence: its sources are yet to come.
    """
    bold = shortest(answer)
    out, at, other = [], 0, False
    cited = {each.number: each for each in answer.citations}
    part = None
    for claim in answer.claims:
        part = opens(answer, claim) or part
        if part is not None:
            bold = bare(claim, part)
        out.append(emphasised(answer.text, at, claim.start, bold))
        here = otherwise(answer, claim) if other else bold
        looks = kind(answer, claim) if over or claim.verdict == TOLD or claim is not answer.claims[-1] else ""
        out.append(f"<span{looks}>{emphasised(answer.text, claim.start, claim.end, here)}</span>")
        out += [chip(cited[each], number) for each in claim.citations if each in cited]
        out.append('<small class="matched">matched, not cited</small>' if claim.verdict == "matched" else "")
        # A part of the question stands on a line of its own, and the blank behind it would begin the next.
        at = claim.end + (opens(answer, claim) is not None)
        other = claim.text.endswith(OTHERWISE)
    return "".join([*out, emphasised(answer.text, at, len(answer.text), bold)])


def kind(answer: Answer, claim: Claim) -> str:
    """The attributes of a sentence: one that opens a part of the question, one in doubt; empty for any other."""
    return ' class="part"' if opens(answer, claim) else look(claim)


def look(claim: Claim) -> str:
    """The attributes of a sentence: that of a label in front of others, or of one that is doubted."""
    return ' class="told"' if claim.verdict == TOLD and claim.text.endswith(":") else doubt(claim)


def otherwise(answer: Answer, claim: Claim) -> tuple[int, int]:
    """Where the value stands in the text of a source that says otherwise than the one before it."""
    value = short(answer.asked or answer.question, claim.text)
    start = answer.text.find(value, claim.start, claim.end)
    return (start, start + len(value)) if start >= 0 and len(value) <= MOST * len(claim.text) else (0, 0)


def doubt(claim: Claim) -> str:
    """The attributes of a sentence that its sources do not bear out, or only in part; empty for any other."""
    if claim.verdict == "unsupported":
        return ' class="unsupported" title="No quotation supports this sentence"'
    if claim.check not in DOUBTS:
        return ""
    kind, said = DOUBTS[claim.check]
    return f' class="{kind}" title="{attribute(f"{said}: {claim.reason}" if claim.reason else said)}"'


def shortest(answer: Answer) -> tuple[int, int]:
    """Where the short answer stands in the text, first as words of its own.

    An empty stretch where it does not stand there, or is most of a sentence: what is all bold stands out no more.
    """
    held = [claim.text for claim in answer.claims if answer.short in claim.text]
    whole = [text[start:end] for text in held for start, end in spans(text) if answer.short in text[start:end]]
    if not answer.short or any(MOST * len(text) < len(answer.short) for text in whole or held):
        return (0, 0)
    words = r"\s+".join(re.escape(word) for word in answer.short.split())
    found = re.search(rf"(?<!\w){words}(?!\w)", answer.text) or re.search(words, answer.text)
    return found.span() if found else (0, 0)


def emphasised(text: str, start: int, end: int, bold: tuple[int, int]) -> str:
    """A stretch of the text as HTML, with the part of it that lies in `bold` emphasised."""
    first, last = max(start, bold[0]), min(end, bold[1])
    if first >= last:
        return escape(text[start:end])
    return f"{escape(text[start:first])}<strong>{escape(text[first:last])}</strong>{escape(text[last:end])}"


def chips(answer: Answer, numbers: Sequence[int], turn: int) -> str:
    """The numbered links to some of an answer's quotations."""
    return "".join(chip(each, turn) for each in answer.citations if each.number in numbers)


def chip(citation: Citation, turn: int) -> str:
    """The numbered link to a quotation."""
    label = attribute(f"Source {citation.number}: {place_of(citation)}")
    return (
        f'<a class="cite" href="#cite-{turn}-{citation.number}" aria-label="{label}" title="{label}">'
        f"<i>{JOINER}[</i>{citation.number}<i>]</i></a>"
    )


def place_of(citation: Citation) -> str:
    """The file and the place in a person's words."""
    others = f"also in {', '.join(citation.also)}" if citation.also else ""
    return joined(citation.source, page_of(citation), citation.heading, others)


def cards(answer: Answer, number: int) -> str:
    """One card a source: its number, its file, its page and heading, and how the quotation begins."""
    if not answer.citations:
        return ""
    items = "".join(f"<li>{card(each, number)}</li>" for each in answer.citations)
    return f'<ol class="cards" aria-label="Sources of this answer">{items}</ol>'


def card(citation: Citation, turn: int) -> str:
    """A source as a link that opens it at its words."""
    where = joined(page_of(citation), innermost(citation.heading))
    return (
        f'<a class="card" href="#cite-{turn}-{citation.number}"><span class="number">{citation.number}</span>'
        f'<span class="file">{name(citation.source)}</span>'
        f'<span class="where" dir="auto">{escape(where)}</span>'
        f'<span class="quote" dir="auto">{escape(folded(citation.quote, 120))}</span></a>'
    )


def refusal(said: Said, number: int) -> str:
    """The card that says that the documents do not hold the answer, with the passages that came closest."""
    answer = said.answer
    close = "".join(f"<li>{closest(answer, number, at)}</li>" for at in range(1, min(CLOSEST, len(answer.hits)) + 1))
    below = f'<p>These passages came closest:</p><ol class="closest">{close}</ol>' if close else ""
    tip = "" if close or said.within else "<p>Try other words, or add the document that should know.</p>"
    text = f'<p class="text" dir="auto">{escape(answer.text)}</p>' if answer.text else ""
    title = "Not in your documents" if said.within is None else "Not found where you asked"
    return (
        f'<section class="refusal"><h4>{"Nothing to look in" if said.nothing else title}</h4>'
        f"{text or f'<p>{unfound(said)}</p>'}{wider(said)}{below}{tip}</section>"
    )


def unfound(said: Said) -> str:
    """In a sentence, that there is no answer where it was looked for, or nothing there, and then what would help."""
    if said.within is None:
        return "I could not find this in your documents."
    where = f'<b dir="auto">{escape(in_words(said.within))}</b>'
    if not said.nothing:
        return f"I could not find this in {where}."
    return f"Nothing in your documents matches {where}{f'; {escape(said.help)}' if said.help else ''}."


def wider(said: Said) -> str:
    """The way to ask the same in all documents, where a scope was in the way."""
    if said.within is None:
        return ""
    ask = f'data-everywhere data-ask="{attribute(said.question)}"'
    return f'<p><button type="button" class="plain" {ask}>Ask in all documents</button></p>'


def closest(answer: Answer, turn: int, at: int) -> str:
    """A passage that came close, as a link that opens it."""
    passage = answer.hits[at - 1].passage
    where = joined(part_of(passage), innermost(passage.heading))
    return (
        f'<a class="card" href="#hit-{turn}-{at}"><span class="file">{name(passage.source)}</span>'
        f'<span class="where" dir="auto">{escape(where)}</span>'
        f'<span class="quote" dir="auto">{escape(opening(passage))}</span></a>'
    )


def notes(answer: Answer) -> str:
    """What went wrong on the way, and how much of the documents could not be searched by meaning yet."""
    said = [f'<p class="note" dir="auto">{escape(note)}</p>' for note in answer.notes]
    if answer.asked and answer.asked != answer.question:
        said.insert(0, f'<p class="note">Searched for: <q dir="auto">{escape(answer.asked)}</q></p>')
    searched = answer.searched
    if searched.meaning < searched.total:
        said.append(
            f'<p class="note">Still reading: {searched.meaning:,} of {counted(searched.total, "passage")} could be '
            "searched by meaning so far, all others by their words.</p>"
        )
    return "".join(said)
