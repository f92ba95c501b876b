"""Questions that a document answers, made from its definitions, names, numbers, dates and headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.questions import of_heading, of_sentence
from assistant.route import LOOK_UP, YES_NO, route
from assistant.types import Answer
from index.sentences import sentences
from index.types import Passage
from index.words import STOP_WORDS, fold, words

READ = 200
"""Passages of a document that questions are made from, the first ones."""

TRIED = 4
"""Questions that are asked to see whether they are answered, for each one that is wanted."""

SHORTEST = 150
"""Characters that stand under a heading at least for a question about it."""

TOPIC = "topic"

LAST = 3
"""Rounds after which a topic is asked about: a heading tells less than a sentence what is worth asking."""

_SMALL = re.compile(r"\b[^\W\d_A-ZÀ-Þ][\w'’-]*")


def always() -> bool:
    """Yes."""
    return True


@dataclass(frozen=True, slots=True)
class Suggested:
    """A question, what kind of thing it asks for, and the sentence that should answer it."""

    question: str
    kind: str
    source: str
    start: int
    end: int


def made_from(passages: Sequence[Passage]) -> Iterator[Suggested]:
    """The questions that the sentences of these passages answer, and those for their headings, in order."""
    headings: set[str] = set()
    known = {word for passage in passages for word in _SMALL.findall(passage.text)}
    for passage in passages:
        above, _, heading = passage.heading.rpartition(" › ")
        if above and heading not in headings and len(passage.text) > len(heading) + SHORTEST:
            headings.add(heading)
            question = of_heading(heading, known)
            if question:
                kind = "heading" if question.endswith("?") else TOPIC
                yield Suggested(question, kind, passage.source, passage.start, passage.end)
        for start, end in sentences(passage.text):
            found = of_sentence(" ".join(passage.text[start:end].split()), known)
            if found is not None:
                yield Suggested(found[1], found[0], passage.source, passage.start + start, passage.start + end)


def answerable(
    made: Iterable[Suggested],
    ask: Callable[[str], Answer],
    limit: int,
    known: Sequence[str] = (),
    going: Callable[[], bool] = always,
) -> list[str]:
    """At most `limit` of the questions, of as many kinds as can be, each answered with the very sentence it is from.

    `known` are questions that were asked already. Where `going` says no, nothing more is tried.
    """
    seen = {_key(question) for question in known}
    tried = 0
    found: list[str] = []
    for each in _varied(made):
        if len(found) == limit or tried == TRIED * limit:
            break
        if _key(each.question) in seen or route(each.question) not in (LOOK_UP, YES_NO):
            continue
        if not going():
            break
        seen.add(_key(each.question))
        tried += 1
        answer = ask(each.question)
        cited = answer.citations[:1] if answer.answered else ()
        if any(c.source == each.source and c.start < each.end and each.start < c.end for c in cited):
            found.append(each.question)
    return found


def _varied(made: Iterable[Suggested]) -> Iterator[Suggested]:
    """The questions in rounds: one of each kind first, then a second of each, each round in order."""
    counts: Counter[str] = Counter()
    placed = []
    for order, each in enumerate(made):
        placed.append((counts[each.kind] + LAST * (each.kind == TOPIC), order, each))
        counts[each.kind] += 1
    yield from (each for _, _, each in sorted(placed, key=lambda item: item[:2]))


def _key(question: str) -> str:
    return " ".join(word for word in words(fold(question)) if word not in STOP_WORDS) or fold(question)
