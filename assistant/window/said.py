"""What was said in one visit: the questions, their answers so far, and how each of them ended."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from assistant.types import NOT_FOUND, Answer, Citation, Turn, part_of
from assistant.window.escape import joined, trail
from index.types import Passage, Scope

BUSY, DONE, STOPPED, FAILED = "busy", "done", "stopped", "failed"
CLOSEST = 3  # passages that a refusal shows
LINK = re.compile(r"#(cite|hit|found|expected)-(\d{1,6})-(\d{1,6})")
UNEXPECTED: Mapping[int, Passage] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Said:
    """A question and its answer so far; `state` is "busy", "done", "stopped" or "failed"; `problem` says why.

    `within` is the scope that was asked in. Where nothing is in it, `help` says what would be in a wider one.
    """

    question: str
    answer: Answer
    state: str = BUSY
    problem: str = ""
    within: Scope | None = None
    help: str = ""

    @property
    def nothing(self) -> bool:
        """Whether there was nothing to look in."""
        return self.within is not None and self.answer.outcome == NOT_FOUND and not self.answer.searched.total


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a document that the source pane can show, and where it stands among its answer's others.

    `kind` is "cite" for a checked quotation, "hit" for a passage that came close, "found" for one of all that were
    found, and "expected" for one that somebody expected. `number` counts from 1 to
    `count`. `sha256` is empty where the version of the document is not known.
    """

    kind: str
    turn: int
    number: int
    count: int
    source: str
    sha256: str
    start: int
    text: str
    page: str
    heading: str

    @property
    def end(self) -> int:
        """The offset after the last character."""
        return self.start + len(self.text)

    @property
    def where(self) -> str:
        """The page and all headings above."""
        return joined(self.page, self.heading)

    def brief(self) -> str:
        """The page and the innermost headings above."""
        return joined(self.page, trail(self.heading))

    def link(self, step: int = 0) -> str:
        """The link to this place, or to the one `step` places on in the same answer."""
        return f"#{self.kind}-{self.turn}-{self.number + step}"


def history(said: tuple[Said, ...]) -> list[Turn]:
    """The turns that a next question may refer to: those that came to an end."""
    return [Turn(each.question, each.answer) for each in said if each.state in (DONE, STOPPED)]


def settled(said: tuple[Said, ...], state: str, problem: str = "") -> tuple[Said, ...]:
    """The same turns, the last of them ended as `state` where it was still busy."""
    if not said or said[-1].state != BUSY:
        return said
    return (*said[:-1], replace(said[-1], state=state, problem=problem))


def place(said: tuple[Said, ...], link: str, expected: Mapping[int, Passage] = UNEXPECTED) -> Place | None:
    """What a link such as "#cite-2-1" or "#hit-2-1" points to, or None where there is no such thing.

    `expected` are the passages that were expected, by turn.
    """
    found = LINK.fullmatch(link)
    if found is None:
        return None
    kind, turn, number = found.group(1), int(found.group(2)), int(found.group(3))
    if not 1 <= turn <= len(said):
        return None
    answer = said[turn - 1].answer
    if kind == "cite":
        return _cited(answer, turn, number)
    passages = [hit.passage for hit in answer.hits]
    if kind == "expected":
        passages = [expected[turn]] if turn in expected else []
    if not 1 <= number <= len(passages):
        return None
    count = min(len(passages), CLOSEST) if kind == "hit" else len(passages)
    return _passage(passages[number - 1], kind, (turn, number, count))


def _cited(answer: Answer, turn: int, number: int) -> Place | None:
    for each in answer.citations:
        if each.number == number:
            found = (each.source, each.sha256, each.start, each.quote, page_of(each), each.heading)
            return Place("cite", turn, number, len(answer.citations), *found)
    return None


def _passage(passage: Passage, kind: str, at: tuple[int, int, int]) -> Place:
    page = part_of(passage)
    return Place(kind, *at, passage.source, "", passage.start, passage.text, page, passage.heading)


def page_of(citation: Citation) -> str:
    """The page as a person says it, or what else there is to say where the headings do not say it."""
    if citation.page:
        return citation.locator
    return "" if citation.heading else citation.locator
