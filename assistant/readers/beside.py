"""Reads for each side of a comparison, and puts the evidence for them side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.agree import shared
from assistant.readers.extract import SAME, Candidate, candidates, quotation
from assistant.short import short
from assistant.types import ANSWERED, NOT_FOUND, Draft, Library, Reader, Request, Statement
from index.words import STOP_WORDS, fold, stem, stems, words

EACH = 2
"""Sentences for each side."""

NAMED = 1 / 3
"""How likely, against what is asked of a look-up, a sentence must be that names one side: the other's words count
against it."""

PASSAGES = 5
"""Passages that are read for each side."""

_COMPARING = {
    stem(word)
    for word in "compare contrast difference between versus vs similarity common differ different distinguish".split()
}
_THE = re.compile(r"^(?:the|a|an|is|are|was|were|both|either) ", re.IGNORECASE)
_SIDES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:between|of|among) (?P<a>.+?) and (?P<b>.+?)(?: (?:according|in terms|with regard|under|for|when)\b.*)?$",
        r"\b(?:compare|contrast) (?P<a>.+?) (?:and|with|to|against|versus|vs\.?) (?P<b>.+)$",
        r"^(?:.*: )?(?P<a>.+?),? (?:versus|vs\.?|compared (?:to|with)) (?P<b>[^:,]+)",
        r"^(?:how|what|in what way)\b.*? (?:do|does|is|are) (?P<a>.+?) (?:differ|compare)\w*"
        r"(?: from| to| with| than)? (?P<b>.+)$",
        r"^(?:how|in what way)\b.*? (?:do|does) (?P<a>.+?) and (?P<b>.+?) (?:differ|compare)\b",
        r"\bdo(?:es)? (?P<a>.+?) and (?P<b>.+?) have in common",
        r"\bdistinguish(?:es)? (?P<a>.+?) (?:from|and) (?P<b>.+)$",
        r"^(?:are|is) (?P<a>.+?) (?:treated )?different(?:ly)? (?:from|than|to) (?P<b>.+)$",
        r"[,:] (?P<a>[^,:]+?),? or (?P<b>[^,:]+)$",
        r"^(?P<a>[^,:]+?) or (?P<b>[^,:]+): ",
    )
)


def open_reader(refuse_below: float) -> Reader:
    """The reader that compares."""

    def read(request: Request, library: Library) -> Iterator[Draft]:
        yield answer(request, library, refuse_below)

    return read


def answer(request: Request, library: Library, refuse_below: float) -> Draft:
    """The draft: for each side its name and the sentences on it; nothing where the sides cannot be told."""
    found = sides(request.question)
    if len(found) != 2:
        return Draft(outcome=NOT_FOUND)
    evidence = [_evidence(side, found[1 - place], request.question, library) for place, side in enumerate(found)]
    likely = max((candidate.likely for each in evidence for candidate in each), default=0.0)
    either = re.search(r"\bor\b", request.question, re.IGNORECASE) is not None
    if likely < refuse_below * NAMED or not any(evidence) or (either and not all(evidence)):
        return Draft(outcome=NOT_FOUND, confidence=likely)
    best = max((candidate for each in evidence for candidate in each), key=lambda candidate: candidate.likely)
    told = " ".join(short(request.question, best.text).split()) if either else ""
    places = {(c.hit.passage.source, c.start) for c in evidence[1]}
    both = [c for c in evidence[0] if (c.hit.passage.source, c.start) in places][:1]
    shown = {(c.hit.passage.source, c.start) for c in both}
    lines = [_line(quotation(candidate, library), last=True) for candidate in both]
    if lines and either:
        named = [side for side in found if side in lines[0].text]
        return Draft(tuple(lines), named[0] if len(named) == 1 else told, ANSWERED, likely)
    for side, each in zip(found, evidence, strict=True):
        own = [c for c in each if (c.hit.passage.source, c.start) not in shown]
        if own:
            lines.append(Statement(f"{_capital(side)}:", told=True))
            lines += [_line(quotation(c, library), last=c is own[-1]) for c in own]
        elif not each:
            lines.append(Statement(f"{_capital(side)}: nothing was found on it.", told=True, after="\n"))
    return Draft(tuple(lines), told, ANSWERED, likely)


def sides(question: str) -> list[str]:
    """The two things that a question compares, as it names them; fewer where they cannot be told."""
    asked = " ".join(question.split()).strip(" ?!.")
    for pattern in _SIDES:
        found = pattern.search(asked)
        if found:
            pair = [_THE.sub("", found.group(name).strip(" ,")) for name in ("a", "b")]
            return pair if all(stems(each) for each in pair) else []
    return _around_or(asked)


def _around_or(asked: str) -> list[str]:
    """The words right before and behind "or", as far as no word such as "in" or "the" comes between."""
    before, _, behind = asked.partition(" or ")
    left: list[str] = []
    for word in reversed(before.split()):
        if fold(word.strip(",")) in STOP_WORDS or (left and word.endswith(",")):
            break
        left.insert(0, word.strip(","))
    right: list[str] = []
    for word in behind.split():
        if fold(word.strip(",")) in STOP_WORDS:
            if right:
                break
            continue
        right.append(word.strip(","))
    # "the buyer or the seller pays": no more words than the shorter side, but at least one.
    size = max(1, min(len(left), len(right)))
    return [" ".join(left[-size:]), " ".join(right[:size])] if left and right else []


def _evidence(side: str, other: str, question: str, library: Library) -> list[Candidate]:
    """The best sentences on one side: those that name it, or stand under a heading that does."""
    gone = set(words(other)) - set(words(side))
    rest = " ".join(word for word in words(question) if word not in gone and stem(word) not in _COMPARING)
    hits = library.search(f"{side} {rest}", PASSAGES)
    named = {stem(word) for word in words(side) if word not in STOP_WORDS}
    ranked = candidates(Request(rest, tuple(hits)), library)
    own = [c for c in ranked if named <= set(stems(c.text))]
    under = [c for c in ranked if named <= set(stems(f"{c.hit.passage.context} {c.text}"))]
    kept: list[Candidate] = []
    for candidate in own or under:
        if len(kept) < EACH and all(shared(candidate.text, each.text) < SAME for each in kept):
            kept.append(candidate)
    best = kept[0].likely if kept else 0.0
    return sorted((c for c in kept if c.likely >= best / 2), key=lambda c: (c.hit.passage.source, c.start))


def _line(statement: Statement, last: bool) -> Statement:
    return Statement(statement.text, statement.spans, quoted=True, after="\n" if last else " ")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
