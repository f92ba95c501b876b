"""Questions that a document answers, made from its definitions, names, numbers, dates and headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.route import LOOK_UP, YES_NO, route
from assistant.types import Answer
from index.sentences import sentences
from index.types import Passage
from index.words import STOP_WORDS, fold, words

READ = 200
"""Passages of a document that questions are made from, the first ones."""

TRIED = 4
"""Questions that are asked to see whether they are answered, for each one that is wanted."""

LONGEST = 80
"""Characters of a question that is read at a glance."""

_X = r"(?P<x>(?:The|A|An) (?:[\w'’-]+ ){0,4}?[\w'’-]+)"
_NAME = r"(?P<name>(?:Dr\. |Admiral |Sir )?[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’-]+)+)"
_MONEY = r"(?:[$€£]\s?\d|\d[\d.,]* (?:pounds|euros|dollars|million))"
_YEAR = r"(?:(?:\d{1,2} )?[A-Z]\w+ \d{4}|\d{4}|\d{1,2} [A-Z]\w+)\b"
_MANY = r"(?:at least |about |in all,? |nearly )?\d[\d.,]*"
_NOUN = r"(?P<noun>(?:[a-z]+s|people|children|women|men))"
_PATTERNS = tuple(
    (name, re.compile(pattern), made)
    for name, pattern, made in (
        ("person", rf"The (?P<x>(?:[a-z-]+ ){{0,3}}?[a-z-]+) (?P<is>is|was) {_NAME}[.,;]", "Who {is} the {x}?"),
        (
            "person",
            rf"{_NAME} (?P<does>[a-z]+s|[a-z]+ed) (?P<x>the (?:[a-z-]+ ){{0,3}}?[a-z-]+)[.,;]",
            "Who {does} {x}?",
        ),
        ("person", rf"{_X} was (?P<did>[a-z]+ed|led|built|paid for) by [A-Z]", "Who {did} {x}?"),
        ("person", rf"{_NAME}, (?:the|a|an) [a-z]", "Who is {name}?"),
        ("definition", rf"{_X} (?P<is>is|are) (?:an?|any|every) [a-z]", "What {is} {x}?"),
        ("definition", r"(?P<x>[A-Z][\w'’-]+(?: [a-z]+)?) (?:means|refers to|stands for) ", "What does {x} mean?"),
        ("cost", rf"{_X} costs {_MONEY}", "How much does {x} cost?"),
        ("cost", rf"{_X} (?P<is>is|was) {_MONEY}", "How much {is} {x}?"),
        ("long", rf"{_X} lasts (?:for )?(?:\d|\w+ (?:days|weeks|months|years|hours))", "How long does {x} last?"),
        (
            "when",
            rf"{_X} (?P<was>was|were) (?P<did>[a-z]+ed|built|held)\b[^.;,]*? (?:in|on|between) {_YEAR}",
            "When {was} {x} {did}?",
        ),
        ("when", rf"{_X} (?P<does>takes place|begins|starts|opens|ends) on {_YEAR}", "When does {x} {base}?"),
        (
            "many",
            rf"(?i:{_MANY}) {_NOUN} (?P<did>(?:had been|have been|were|are) [a-z]+ed|took part|dropped out)",
            "How many {noun} {did}?",
        ),
        ("many", rf"There (?P<are>are|were) {_MANY} {_NOUN}[.,;]", "How many {noun} {are} there?"),
        (
            "many",
            rf"{_X} has (?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten) {_NOUN}[.,;]",
            "How many {noun} does {x} have?",
        ),
        ("why", rf"{_X} (?P<was>was|were|is|are) (?P<rest>[^,.;]{{3,50}}?) because ", "Why {was} {x} {rest}?"),
        (
            "rule",
            r"(?P<x>[A-Z][a-z]+) (?P<is>is|are) (?:not allowed|forbidden|allowed) (?P<rest>(?:in|on|at) the [a-z]+)\.",
            "{Is} {x} allowed {rest}?",
        ),
    )
)
_UNNAMED = re.compile(
    r"\b(?:it|this|that|these|those|there|such|same|other|latter|former|following|next)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Suggested:
    """A question, what kind of thing it asks for, and the sentence that should answer it."""

    question: str
    kind: str
    source: str
    start: int
    end: int


def made_from(passages: Sequence[Passage]) -> Iterator[Suggested]:
    """The questions that the sentences of these passages answer, in order."""
    for passage in passages:
        for start, end in sentences(passage.text):
            text = " ".join(passage.text[start:end].split())
            place = (passage.source, passage.start + start, passage.start + end)
            if text.endswith("?") and text.strip("# ") in passage.heading and 12 < len(text) <= LONGEST:
                yield Suggested(text, "heading", *place)
            for name, question in _asked_of(text):
                yield Suggested(question, name, *place)


def answerable(
    made: Iterable[Suggested], ask: Callable[[str], Answer], limit: int, known: Sequence[str] = ()
) -> list[str]:
    """At most `limit` of the questions, of as many kinds as can be, each answered with the very sentence it is from.

    `known` are questions that were asked already.
    """
    seen = {_key(question) for question in known}
    tried = 0
    found: list[str] = []
    for each in _varied(made):
        if len(found) == limit or tried == TRIED * limit:
            break
        if _key(each.question) in seen or route(each.question) not in (LOOK_UP, YES_NO):
            continue
        seen.add(_key(each.question))
        tried += 1
        answer = ask(each.question)
        cited = answer.citations[:1] if answer.answered else ()
        if any(c.source == each.source and c.start < each.end and each.start < c.end for c in cited):
            found.append(each.question)
    return found


def _asked_of(text: str) -> Iterator[tuple[str, str]]:
    """What a sentence answers, as (kind, question)."""
    for name, pattern, made in _PATTERNS:
        match = pattern.match(text) or (pattern.search(text) if name == "many" else None)
        if match is None:
            continue
        parts = {key: value or "" for key, value in match.groupdict().items()}
        if _UNNAMED.search(parts.get("x", "")) or set(words(parts.get("x", "x"))) <= STOP_WORDS:
            continue
        if (
            name in ("definition", "cost", "long", "when", "why", "rule")
            or "{x} have" in made
            or made.startswith("Who {did}")
        ):
            parts["x"] = parts["x"][:1].lower() + parts["x"][1:]
        parts["base"] = re.sub(r"^(\w+?)s\b", r"\1", parts.get("does", ""))
        parts["Is"] = parts.get("is", "").capitalize()
        question = made.format(**parts)
        if len(question) <= LONGEST:
            yield name, question
            return


def _varied(made: Iterable[Suggested]) -> Iterator[Suggested]:
    """The questions in rounds: one of each kind first, then a second of each, each round in order."""
    counts: Counter[str] = Counter()
    placed = []
    for order, each in enumerate(made):
        placed.append((counts[each.kind], order, each))
        counts[each.kind] += 1
    yield from (each for _, _, each in sorted(placed, key=lambda item: item[:2]))


def _key(question: str) -> str:
    return " ".join(word for word in words(fold(question)) if word not in STOP_WORDS) or fold(question)
