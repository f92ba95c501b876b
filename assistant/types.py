"""What the assistant hands out: turns, claims, citations and answers; and what a reader is given and gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.readers.trained.spans import Reading
from index.types import Document, Hit, Passage, Searched

_NOTHING = Searched(0, 0, 0)
ANSWERED, NOT_FOUND, PLAIN = "answered", "not_found", "plain"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a document, as offsets into its canonical text, that a statement rests on."""

    source: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Citation:
    """A checked quotation: `document.text[start:end] == quote` in the document whose hash is `sha256`.

    `number` counts from 1 within an answer. `page` is the physical page from 1, or None; `label` is what is printed on
    it; `heading` is the path of headings above; `locator` says the place in a person's words, and may be empty; `also`
    are the names of other documents with the same content.
    """

    number: int
    source: str
    sha256: str
    start: int
    end: int
    page: int | None
    label: str
    heading: str
    locator: str
    quote: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer: `answer.text[start:end] == text`; `citations` are the numbers it rests on.

    `verdict` is "quoted" (it is a quotation), "cited" (a model wrote it and named its sources), "matched" (a model
    wrote it and named none; the sentence that says so was found for it), "told" (the assistant says it of its own work,
    such as how many passages it looked through) or "unsupported". `check` is what came of holding it against its
    sources, once it is written: "supported", "partly", "not supported" or "contradicted", with the `reason` in a few
    words, and `by` what gave that verdict: "words", "meaning" or "model" (the chat model, where it is asked); all are
    empty for a quotation, and while an answer is written.
    """

    text: str
    start: int
    end: int
    citations: tuple[int, ...]
    verdict: str
    check: str = ""
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a chat model took for an answer, all requests together.

    `model` is what it is called; `read` and `wrote` are tokens; `first` is how many seconds its first word took, None
    where none came, `seconds` how long it took in all. `counted` is False where a server did not say how many tokens
    there were, so that they are estimated from the characters.
    """

    model: str
    read: int
    wrote: int
    first: float | None
    seconds: float
    counted: bool

    def after(self, before: Cost | None) -> Cost:
        """This and what another request took before it, such as to make a follow-up stand alone."""
        if before is None:
            return self
        read, wrote = before.read + self.read, before.wrote + self.wrote
        counted = before.counted and self.counted
        return Cost(self.model, read, wrote, self.first, before.seconds + self.seconds, counted)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a question that was looked for by itself, and what was found for it.

    `question` is how it was asked, or how it was put where the question only leads over it; `asked` is what was
    searched for. `short` is the bare answer, `spans` are the sentences that say so: none where the documents do not
    hold it. `citations` are their numbers in the answer, `hits` the passages that were read, and `round` is the
    number of searches that had to come before: 0 where the first one was enough.
    """

    question: str
    asked: str = ""
    short: str = ""
    spans: tuple[Span, ...] = ()
    hits: tuple[Hit, ...] = ()
    confidence: float = 0.0
    round: int = 0
    citations: tuple[int, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether the documents hold an answer to this part."""
        return bool(self.spans)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, its claims and their citations; while it streams, each value replaces the one before.

    `text` carries no markers: `claims` say which sentence rests on which citation, and `marked()` writes them in.
    `short` is the bare answer, a part of `text`, or empty. `outcome` is "answered", "not_found" or "plain".
    `confidence` is 0 to 1, the chance that the documents hold the answer. `complete` is False while it streams and
    where a model was cut off. `searched` says how many passages could be found by words and by meaning.
    `stage` is "searching", "reading", "writing" or "done". `notes` are sentences on what went wrong on the way.
    `asked` is the question that was searched for, where a follow-up was resolved into another.
    `seconds` is the wall-clock time so far. `cost` is what a chat model took for it, None where none was asked.
    `parts` are the parts of the question, where each had to be read for by itself.
    """

    question: str
    text: str = ""
    short: str = ""
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    outcome: str = NOT_FOUND
    confidence: float = 0.0
    complete: bool = False
    searched: Searched = _NOTHING
    stage: str = "searching"
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    asked: str = ""
    cost: Cost | None = None
    parts: tuple[Part, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether the documents answered the question."""
        return self.outcome == ANSWERED

    @property
    def tokens(self) -> int | None:
        """The tokens that a chat model read and wrote, or None where none was asked."""
        return None if self.cost is None else self.cost.read + self.cost.wrote

    def marked(self) -> str:
        """The text with "[1]" after each claim that rests on a citation."""
        out, at = [], 0
        for claim in self.claims:
            marks = "".join(f"[{number}]" for number in claim.citations)
            out += [self.text[at : claim.end], " " + marks if marks else ""]
            at = claim.end
        return "".join([*out, self.text[at:]])

    def __str__(self) -> str:
        """The marked text and a line for each citation, as the command line prints it."""
        return "\n".join([self.marked(), *(describe(citation) for citation in self.citations)])


def describe(citation: Citation) -> str:
    """A line such as `[1] handbook.pdf, page 3: "…"`, with the quote's white space folded."""
    place = f", {citation.locator}" if citation.locator else ""
    place += f" (also {', '.join(citation.also)})" if citation.also else ""
    return f'[{citation.number}] {citation.source}{place}: "{" ".join(citation.quote.split())}"'


def part_of(passage: Passage) -> str:
    """Where a passage begins, in a person's words: "page 3" of a PDF, "part 3" of slides, sheets or messages."""
    if passage.page is None:
        return ""
    return f"{'page' if passage.source.lower().endswith('.pdf') else 'part'} {passage.page}"


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was asked earlier, and the answer it got: an `Answer`, or just its text."""

    question: str
    answer: Answer | str

    @property
    def asked(self) -> str:
        """The question as it was searched for, which stands alone."""
        return self.question if isinstance(self.answer, str) else self.answer.asked or self.question


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of a draft and the spans it rests on.

    `quoted` says that the sentence is itself what stands in its spans, but for white space; `matched` that its spans
    were found for it, and not named by who wrote it. `after` is what stands between it and the next one. `also` are
    further places that say the same. `told` says that it is a word of the reader's own, such as a count or a heading,
    which rests on no quotation.
    """

    text: str
    spans: tuple[Span, ...] = ()
    quoted: bool = False
    after: str = " "
    also: tuple[Span, ...] = ()
    told: bool = False
    matched: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reader has so far: statements in order, the short answer, and whether it is found, sure and whole.

    `short` is a part of one statement's text, or empty. `confidence` is 0 to 1. `cost` is what a chat model took.
    `parts` are those of the question, where it was read in parts.
    """

    statements: tuple[Statement, ...] = ()
    short: str = ""
    outcome: str = NOT_FOUND
    confidence: float = 0.0
    complete: bool = True
    notes: tuple[str, ...] = ()
    cost: Cost | None = None
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """What a reader is asked: a question that stands alone, the turns before it, the hits, and a budget of tokens.

    `said` is the question as it was asked, where it leaned on the turns before; else empty.
    """

    question: str
    hits: tuple[Hit, ...]
    history: tuple[Turn, ...] = ()
    budget: int = 3000
    said: str = ""


class Library(Protocol):
    """What a reader may look at beside its hits, all of it within the scope of the question; `View` is one."""

    def search(self, question: str, limit: int = 5) -> list[Hit]:
        """The best passages for another question, such as a part of the one that was asked."""

    def holding(self, words: Sequence[str]) -> list[Passage]:
        """All passages that hold any of these folded words, in their text or above it, oldest document first."""

    def titles(self) -> list[tuple[str, str]]:
        """The source and the title of every document, newest first; the same content counts once."""

    def total(self) -> int:
        """How many passages there are."""

    def similar(self, query: str, texts: Sequence[str]) -> list[float]:
        """The cosine of the query with each text, -1 to 1."""

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        """What the trained reader says of each text; empty where there is none, or none for such a question."""

    def rarity(self, terms: Sequence[str]) -> Mapping[str, float]:
        """How rare each term is in the library: inverse document frequency over passages, 0 and up."""

    def neighbours(self, passage: Passage, before: int = 1, after: int = 1) -> list[Passage]:
        """The passages around one of the same document, in order, itself included."""

    def passages(self, source: str | None = None) -> list[Passage]:
        """All passages of one document, or of all, in document order."""

    def document(self, source: str) -> Document:
        """A document as it was read; raises `index.errors.UnknownDocument`."""

    def dated(self, source: str) -> str:
        """The date that a document itself says it was written or made, or empty where it says none."""


Reader = Callable[[Request, Library], Iterator[Draft]]
"""The one contract of the readers: drafts, each replacing the one before; the last is what it has to say."""
