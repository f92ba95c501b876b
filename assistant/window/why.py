"""Why the passages of an answer were found, as HTML, and what became of one that somebody expected."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.spoken import ordinal
from assistant.types import Answer, part_of
from assistant.window.escape import attribute, counted, escape, folded, innermost, joined, name, sentence
from assistant.window.said import DONE, STOPPED, Said
from index.explain import matched
from index.types import Explanation, Found, Passage

HEADINGS = re.compile(r"^#{1,6} .*$", re.MULTILINE)  # Markdown's; the card names them already
WORD = re.compile(r"\w+")
OPENING = 200  # characters of a passage


@dataclass(frozen=True, slots=True)
class Why:
    """An open panel, and what became of the passage that was `expected`, or the `problem` with asking for it.

    `times` is how often that was asked: the page waits for a change.
    """

    expected: str = ""
    explanation: Explanation | None = None
    problem: str = ""
    times: int = 0


def explained(said: Said) -> bool:
    """Whether there is anything to say of how an answer's passages were found."""
    return bool(said.answer.hits) and said.state in (DONE, STOPPED)


def button(number: int, opened: bool) -> str:
    """What opens and closes the panel of a turn."""
    return (
        f'<button type="button" class="quiet" data-why="{number}" aria-expanded="{"true" if opened else "false"}">'
        "Why these passages?</button>"
    )


def panel(answer: Answer, number: int, why: Why) -> str:
    """The passages that an answer was read from, best first, each with its reasons; and the way to ask for another."""
    asked = answer.asked or answer.question
    rows = "".join(row(answer, number, at, asked) for at in range(1, len(answer.hits) + 1))
    title = f"The {counted(len(answer.hits), 'passage')} that came first, of {answer.searched.total:,}"
    return (
        f'<section class="why" data-key="why-{number}" aria-label="Why these passages"><p class="lead">{title}</p>'
        f'<ol class="found">{rows}</ol>{expectation(number, why, asked)}</section>'
    )


def row(answer: Answer, number: int, at: int, asked: str) -> str:
    """One passage as a link that opens it, and why it was found."""
    hit = answer.hits[at - 1]
    return passage(hit.passage, f"#found-{number}-{at}", at, hit.by, (asked, cited(answer, hit.passage)))


def passage(
    found: Passage, link: str, rank: int | None, by: Mapping[str, Found], told: tuple[str, Sequence[int]]
) -> str:
    """A passage with its rank in all, its opening words, and its reasons; `told` is the question and who cites it."""
    asked, citations = told
    words = matched(asked, found)
    sources = f'<span class="used">{escape(_used(citations))}</span>' if citations else ""
    return (
        f'<li><a class="card" href="{link}"><span class="number">{rank or "–"}</span>'
        f'<span class="file">{name(found.source)}</span>{sources}'
        f'<span class="where" dir="auto">{escape(joined(part_of(found), innermost(found.heading)))}</span>'
        f'<span class="quote" dir="auto">{marked(opening(found), words)}</span></a>'
        f'<p class="reasons">{escape(ranks(by))}<br>{said_words(words)}</p></li>'
    )


def cited(answer: Answer, found: Passage) -> list[int]:
    """The numbers of the quotations that stand in a passage, wholly or in part."""
    there = [each for each in answer.citations if each.source == found.source]
    return [each.number for each in there if each.start < found.end and each.end > found.start]


def opening(found: Passage) -> str:
    """How a passage begins, on one line."""
    return folded(HEADINGS.sub("", found.text) or found.text, OPENING)


def marked(text: str, words: Sequence[str]) -> str:
    """The text as HTML, the words that matched in `mark`."""
    out, at = [], 0
    for word in WORD.finditer(text):
        if word.group().lower() in words:
            out += [escape(text[at : word.start()]), f"<mark>{escape(word.group())}</mark>"]
            at = word.end()
    return "".join([*out, escape(text[at:])])


def ranks(by: Mapping[str, Found]) -> str:
    """What each search made of a passage: "3rd by words (score 7.4), 1st by meaning (62% alike)"."""
    scores = {"words": "score {:.1f}", "meaning": "{:.0%} alike"}
    said = []
    for search, score in scores.items():
        found = by.get(search)
        told = f"{ordinal(found.rank)} by {search} ({score.format(max(0.0, found.score))})" if found else ""
        said.append(told or f"not found by {search}")
    return ", ".join(said)


def said_words(words: Sequence[str]) -> str:
    """Which words matched."""
    if not words:
        return "none of the question’s words stands in it"
    return "words that match: " + ", ".join(f"<mark>{escape(word)}</mark>" for word in words)


def expectation(number: int, why: Why, asked: str) -> str:
    """The field for words of a passage that was expected, and what became of that."""
    told, card = "", ""
    if why.problem:
        told = f'<p class="problem" role="alert">{sentence(why.problem)}</p>'
    elif why.explanation is not None:
        found = why.explanation
        told = f'<p class="fate" role="status" dir="auto">{sentence(found.sentence)}</p>'
        if found.passage is not None:
            one = passage(found.passage, f"#expected-{number}-1", found.rank, found.by, (asked, ()))
            card = f'<ol class="found">{one}</ol>'
    return (
        f'<form class="expected" data-turn="{number}" data-times="{why.times}"><label>Expected something else?'
        f'<input type="text" name="expected" value="{attribute(why.expected)}" maxlength="4000" '
        'autocomplete="off" dir="auto" placeholder="words of the passage you expected"></label>'
        f'<button type="submit" class="plain">Find out</button></form>{told}{card}'
    )


def _used(citations: Sequence[int]) -> str:
    return f"cited as {', '.join(map(str, citations))}"
