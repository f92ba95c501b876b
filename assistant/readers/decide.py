"""Reads for the sentence that decides a question of yes or no, and for what takes it back or says otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.agree import shared
from assistant.readers.extract import NEARLY, SAME, Candidate, candidates, quotation
from assistant.short import short
from assistant.types import ANSWERED, NOT_FOUND, Draft, Library, Reader, Request, Span, Statement
from index.sentences import sentences

RULES = re.compile(
    r"\b(?:must|may|shall|should|can|cannot|not|no|never|only|always|nobody|none|except|unless|allow(?:s|ed)?|"
    r"permit(?:s|ted)?|prohibit(?:s|ed)?|forbidden|banned|required?|entitled|free|included?|exclud(?:es?|ed)|covers?|"
    r"covered)\b|n['’]t\b",
    re.IGNORECASE,
)
"""Words that decide whether something may be, must be or is so."""

_ASKS_RULE = re.compile(
    r"\b(?:can|may|must|should|shall|allowed|permitted|required|need|have to|cover|entitled|free)\b", re.I
)
_DENIES = re.compile(
    r"\b(?:not|no|never|nobody|none|cannot|without|prohibit\w*|forbidden|banned|exclud\w*)\b|n['’]t\b", re.I
)
_TAKES_BACK = re.compile(
    r"(?:however|but|except|unless|this does not|this applies only|the exception|only)\b", re.IGNORECASE
)


def open_reader(refuse_below: float) -> Reader:
    """The reader that decides, silent where the best sentence is less likely than `refuse_below` to answer."""

    def read(request: Request, library: Library) -> Iterator[Draft]:
        yield answer(request, library, refuse_below)

    return read


def answer(request: Request, library: Library, refuse_below: float) -> Draft:
    """The draft: the sentence that decides, what follows and takes it back, and one that says the opposite."""
    ranked = candidates(request, library)
    if not ranked or ranked[0].likely < refuse_below:
        return Draft(outcome=NOT_FOUND, confidence=ranked[0].likely if ranked else 0.0)
    best = _deciding(request.question, ranked)
    lines = [quotation(best, library), *_taken_back(best, library)]
    other = next((c for c in ranked if _opposed(c, best) and c.likely >= NEARLY * best.likely), None)
    if other is not None:
        lines.append(quotation(other, library))
    told = " ".join(short(request.question, best.text).split())
    return Draft(tuple(lines), told, ANSWERED, ranked[0].likely)


def _deciding(question: str, ranked: Sequence[Candidate]) -> Candidate:
    """The best sentence; where a rule is asked for, the best of those nearly as likely that state one."""
    near = [c for c in ranked[:6] if c.likely >= NEARLY * ranked[0].likely]
    ruling = [c for c in near if RULES.search(c.text)] if _ASKS_RULE.search(question) else []
    return (ruling or near)[0]


def _taken_back(best: Candidate, library: Library) -> list[Statement]:
    """The next sentence, where it opens with "however", "except" or the like."""
    around = library.neighbours(best.hit.passage, before=0, after=1)
    if not around:
        return []
    offset, text = around[0].start, "".join(part.text for part in around)
    following = [(offset + a, offset + b) for a, b in sentences(text) if offset + a >= best.end]
    if not following or "\n\n" in text[best.end - offset : following[0][0] - offset]:
        return []
    start, end = following[0]
    said = " ".join(text[start - offset : end - offset].split())
    return (
        [Statement(said, (Span(best.hit.passage.source, start, end),), quoted=True)] if _TAKES_BACK.match(said) else []
    )


def _opposed(candidate: Candidate, best: Candidate) -> bool:
    """Whether a sentence says much the same as the best one, and one of the two denies it."""
    same = shared(candidate.text, best.text) >= SAME
    return same and bool(_DENIES.search(candidate.text)) != bool(_DENIES.search(best.text))
