"""What flows through an evaluation: a question set, its cases, and what the assistant made of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.types import ANSWERED, Cost

ERROR = "error"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place in a document that answers a question: a quote, a stretch, a page, or the whole document.

    `start` and `end` are offsets into `Document.text` in Unicode code points, None until they are known. `page` is
    physical, from 1; `slack` is how many pages off still counts as right. `grade` is how relevant it is, above 0.
    """

    document: str
    quote: str = ""
    start: int | None = None
    end: int | None = None
    page: int | None = None
    slack: int = 0
    grade: float = 1.0

    @property
    def whole(self) -> bool:
        """Whether the document as a whole is the evidence."""
        return not self.quote and self.start is None and self.page is None


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what is known about its answer.

    `answers` are the accepted strings, any of which is right. `reference` is an answer in full sentences, for people
    to compare with; nothing scores it. `kind` is a free label that the report slices by. `history` are the earlier
    questions and answers. `line` is where the case stands in its file, from 1, or 0.
    """

    id: str
    question: str
    answers: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    answerable: bool = True
    kind: str = ""
    history: tuple[tuple[str, str], ...] = ()
    reference: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    """A document that a question set carries with it."""

    source: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The cases of a set, the documents it carries, and the files beside it that it names.

    `path` is the file or folder it was read from; what lies there is never taken for a document. `sha256` is of the
    set's own files, in hexadecimal: it changes when the questions do.
    """

    name: str
    cases: tuple[Case, ...]
    texts: tuple[Text, ...] = ()
    files: tuple[Path, ...] = ()
    sha256: str = ""
    path: Path | None = None

    def __iter__(self) -> Iterator[Case]:
        return iter(self.cases)

    def __len__(self) -> int:
        return len(self.cases)

    def __getitem__(self, at: int) -> Case:
        return self.cases[at]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage or a citation lies: offsets in code points, the physical page from 1 or None.

    `by` is the rank that each search gave it, from 1. `exact` says whether a citation's quote is a slice of its
    document, None where that could not be checked.
    """

    source: str
    start: int
    end: int
    page: int | None = None
    by: Mapping[str, int] | None = None
    quote: str = ""
    exact: bool | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """What became of one piece of evidence.

    `stage` is one of `diagnose.STAGES`. `rank` is that of the first passage that holds it among all that were found,
    from 1, or None; `by` is the rank that each search gave that passage.
    """

    stage: str
    rank: int | None = None
    by: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What the assistant made of one case.

    `evidence` is the case's own, with offsets where they were found. `outcome` is "answered", "not_found", "plain",
    "error", or "searched" where nothing was asked. `hits` are the passages that the reader was given; `found` is the
    head of a deeper search. `losses` go with `evidence`. `seconds` is the wall-clock time of asking, `tokens` what a
    chat model read and wrote, `cost` the parts of that. `scores` hold a number, or several for a metric that needs more
    than one, by the metric's name. `error` is empty, or says why there is no answer.
    """

    id: str
    evidence: tuple[Evidence, ...] = ()
    text: str = ""
    short: str = ""
    outcome: str = ERROR
    confidence: float = 0.0
    citations: tuple[Place, ...] = ()
    hits: tuple[Place, ...] = ()
    found: tuple[Place, ...] = ()
    losses: tuple[Loss, ...] = ()
    seconds: float | None = None
    tokens: int | None = None
    cost: Cost | None = None
    error: str = ""
    notes: tuple[str, ...] = ()
    scores: Mapping[str, tuple[float, ...]] | None = None

    @property
    def answered(self) -> bool:
        """Whether an answer was given."""
        return self.outcome == ANSWERED
