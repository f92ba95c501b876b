"""Asks the assistant one question as a user would, and looks at what came of it from outside."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assistant.errors import AssistantError
from assistant.evaluation.diagnose import Trail, diagnosed
from assistant.evaluation.locate import Shelf, located
from assistant.evaluation.overlap import Stretch, ranked
from assistant.evaluation.types import ERROR, Case, Place, Result
from assistant.types import ANSWERED, Answer, Citation, Turn
from index.errors import LibraryError
from index.types import Document, Entry, Hit, Progress, Receipt

SEARCHED = "searched"

# An assistant's own errors, and the builtin ones that a fault in it shows as: all of them say something about one
# question, and none of them that the run cannot go on. Interrupts, exits and a lack of memory are not among them.
FAILURES = (
    AssistantError,
    LibraryError,
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


class Answerer(Protocol):
    """What an evaluation needs of an assistant; `assistant.Assistant` is one."""

    def add(self, path: str | Path, *, name: str | None = None, wait: bool = True) -> list[Receipt]:
        """Adds a file, under `name` where one is given, or all files of a folder."""

    def add_texts(self, texts: Sequence[tuple[str, str, str]], *, wait: bool = True) -> list[Receipt]:
        """Adds texts as (source, title, text)."""

    def wait(self, progress: Callable[[Progress], None] | None = None) -> None:
        """Returns when every passage can be found by meaning too."""

    def warm(self) -> None:
        """Loads what the first question would have to wait for."""

    def documents(self) -> list[Entry]:
        """The documents of the library."""

    def document(self, source: str) -> Document:
        """One document, with its canonical text."""

    def search(self, question: str, limit: int = 5) -> list[Hit]:
        """The best passages for a question."""

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The answer to a question."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The assistant that is measured, its library, and how deep to look.

    `depth` is how many passages are searched for to see where evidence lies, `kept` how many of them a result keeps.
    `asks` is False where a search is enough: then the `first` passages stand for what a reader would be given.
    `passages` gives the stretches of a source, where the library tells.
    """

    assistant: Answerer
    shelf: Shelf
    depth: int
    kept: int
    asks: bool = True
    first: int = 5
    passages: Callable[[str], Sequence[Stretch]] | None = None


def asked(case: Case, subject: Subject) -> Result:
    """What the assistant makes of a case: its answer, a deeper search, and what became of the evidence.

    It is asked before it is searched, so that the time is that of a question never seen. An error is a result.
    """
    evidence = located(case.evidence, subject.shelf)
    start = time.perf_counter()
    try:
        answer = subject.assistant.ask(case.question, _turns(case)) if subject.asks else None
        seconds = time.perf_counter() - start
        hits = subject.assistant.search(case.question, limit=subject.depth)
    except FAILURES as error:
        what = f"{type(error).__name__}: {error}"
        return Result(case.id, evidence, outcome=ERROR, seconds=time.perf_counter() - start, error=what)
    found = tuple(place_of(hit) for hit in hits)
    head = tuple(ranked(found, evidence)[: subject.kept])
    given = tuple(place_of(hit) for hit in answer.hits) if answer else head[: subject.first]
    citations = tuple(cited(citation, subject.shelf) for citation in answer.citations) if answer else ()
    trail = Trail(subject.shelf.sources, subject.passages, found, given, citations, answer is not None)
    return Result(
        id=case.id,
        evidence=evidence,
        text=answer.text if answer else "",
        short=answer.short if answer else "",
        outcome=answer.outcome if answer else SEARCHED,
        confidence=answer.confidence if answer else 0.0,
        citations=citations,
        hits=given if answer else (),
        found=head,
        losses=diagnosed(evidence, trail),
        seconds=seconds if answer else time.perf_counter() - start,
        tokens=answer.tokens if answer else None,
        cost=answer.cost if answer else None,
        notes=answer.notes if answer else (),
    )


def place_of(hit: Hit) -> Place:
    """Where a hit lies, with the rank that each search gave it."""
    passage = hit.passage
    ranks = {search: found.rank for search, found in hit.by.items()}
    return Place(passage.source, passage.start, passage.end, passage.page, ranks or None)


def cited(citation: Citation, shelf: Shelf) -> Place:
    """Where a citation lies, and whether its quote is what the document says there."""
    exact = citation.source in shelf.sources
    if exact:
        exact = shelf.text(citation.source)[citation.start : citation.end] == citation.quote
    return Place(citation.source, citation.start, citation.end, citation.page, None, citation.quote, exact)


def shelf_of(assistant: Answerer) -> Shelf:
    """The library's documents, each read once and then kept."""
    read: dict[str, tuple[str, int]] = {}

    def look(source: str) -> tuple[str, int]:
        if source not in read:
            document = assistant.document(source)
            read[source] = document.text, len(document.pages)
        return read[source]

    sources = frozenset(entry.source for entry in assistant.documents())
    return Shelf(sources, lambda source: look(source)[0], lambda source: look(source)[1])


def _turns(case: Case) -> tuple[Turn, ...]:
    return tuple(
        Turn(question, Answer(question, answer, short=answer, outcome=ANSWERED, complete=True, stage="done"))
        for question, answer in case.history
    )
