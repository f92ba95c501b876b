"""What flows through the index: a document, its passages, the hits of a search, the receipt of an addition."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

Box = tuple[float, float, float, float]

_SLICE = 1 << 20
_WHITE = b"\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f "
_FURTHER_WHITE = re.compile("[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")


def ink(text: str) -> int:
    """How many characters of a text are not white space: what no change of layout adds or takes away.

    Takes 2 ns a character of English text, where splitting it takes 14; every document is counted several times.
    """
    if len(text) > _SLICE:
        return sum(ink(text[start : start + _SLICE]) for start in range(0, len(text), _SLICE))
    raw = text.encode("utf-8", "surrogatepass")
    white = len(raw) - len(raw.translate(None, _WHITE))
    return len(text) - white - (len(_FURTHER_WHITE.findall(text)) if len(raw) > len(text) else 0)


@dataclass(frozen=True, slots=True)
class Block:
    """Where one stretch of a document's canonical text lies in the original.

    `start` and `end` are offsets into `Document.text`, in Unicode code points. `kind` is "text", "heading",
    "item" (of a list), "row" (of a table) or "code". `level` is the depth of a heading, 1 to 6, and 0 for all else.
    `page` counts from 1, or is None where the format has no pages. `box` is (left, top, right, bottom) as fractions
    of the page's width and height, from its upper left corner, or None where the format has no places. `context` says
    what its text means and does not itself say: the column names of a row, the path of a value. `cell` is the place
    in a table or a tree: "B7:D7", "row 7", "items › 3".
    """

    start: int
    end: int
    kind: str = "text"
    level: int = 0
    page: int | None = None
    box: Box | None = None
    context: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its number from 1, its label, and its stretch of the canonical text.

    The label is what is printed on a physical page ("iv"), and says in words of its own what any other is: "slide 3",
    a sheet's name, "message 4, from Ann".
    """

    number: int
    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read: one canonical text, and the way back from each stretch of it to the original.

    `source` is the document's identity in a library. `sha256` is the hash of the file's bytes, in hexadecimal.
    `warnings` are sentences for a person, such as which pages hold no text; `missing` are those of them that tell of
    something in the file that could not be read. `also` are the other names under which the same content was added to
    the library.

    The account of its characters, white space not counted (see `ink`): `seen` is what the extractor found in the file,
    or None where the loader does not count; `dropped` what was left out on purpose, by reason; `written` what the
    loader put in of its own (a bar between cells, the number of a list's item). All is explained where
    `seen + written == ink(text) + sum(dropped.values())`.
    """

    source: str
    title: str
    text: str
    blocks: tuple[Block, ...]
    pages: tuple[Page, ...]
    sha256: str
    media_type: str
    dates: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    seen: int | None = None
    written: int = 0
    also: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def printed(self) -> bool:
        """Whether pages are of paper, over whose ends sentences run on; else each (a slide, a message) is by itself."""
        return self.media_type == "application/pdf" or self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document that is searched as one: always `document.text[start:end] == text`.

    `page` is the physical page on which it starts, from 1, or None. `heading` is the path of headings above it,
    outermost first, joined by " › ". `context` is searched and shown to a model, and never quoted.
    """

    id: str
    source: str
    text: str
    start: int
    end: int
    page: int | None = None
    heading: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look; each part that is given narrows it further.

    `documents` are names, or None for all. `folders` are those of names such as "hr/handbook.pdf", `types` suffixes
    ("pdf"), `tags` what documents were tagged with: any one of them will do. `since` and `until` are ISO dates, whole
    or cut short ("2024"), that the document's own date lies between, both included: when it was written, or else
    modified, or else created. `pages` are (first, last), counted from 1; a passage that reaches into one is in.
    """

    documents: tuple[str, ...] | None = None
    folders: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    pages: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What one search gave a passage: its rank there, from 1, and its score (higher is better)."""

    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found. Scores are comparable within one list of hits only.

    `by` says what each search gave it: keys "words" (bm25, negated so that higher is better) and "meaning" (cosine,
    -1 to 1). "document" is the bm25 that the words of its document add where that is short, "neighbours" what the
    passages around it in its document added to its score, "together" the share of the question's neighbouring words
    that it holds together (of the best 30), "rank" what a re-ranker gave it. What gave it nothing is absent.
    """

    passage: Passage
    score: float
    by: Mapping[str, Found]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of a passage that was expected for a question.

    `stage` is "found", "cut at 5", "not found", "out of scope", "split apart" or "not in the library"; `sentence` says
    it to a person. `rank` counts from 1 among all that was found; `by` is each search's own; `matched` are the words
    that the words search met.
    """

    stage: str
    sentence: str
    passage: Passage | None = None
    rank: int | None = None
    by: Mapping[str, Found] = field(default_factory=dict)
    matched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Searched:
    """How much a search could see: the passages in scope, and how many of them by words and by meaning.

    `documents` are the different documents that hold them.
    """

    words: int
    meaning: int
    total: int
    documents: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an added document.

    `state` is "added", "replaced", "unchanged", "removed", "refused" or "cancelled", or "damaged" where a disk has
    changed it since. `problem` is the sentence that says why it is not there, and empty otherwise. `seconds` is
    wall-clock time. Counts are of the document as it now stands in the library. `seen`, `written`, `dropped`,
    `warnings` and `missing` are those of `Document`; `kept` are the characters of all passages that are not white
    space. `same_as` names the document that was there with the same content, which is stored once.
    """

    source: str
    state: str
    pages: int = 0
    characters: int = 0
    passages: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    problem: str = ""
    seconds: float = 0.0
    seen: int | None = None
    written: int = 0
    kept: int = 0
    same_as: str = ""
    missing: tuple[str, ...] = ()

    @property
    def unexplained(self) -> int:
        """Characters that went missing (or, below 0, came from nowhere) with no reason to name: 0 when all is well."""
        if self.seen is None:
            return 0
        return self.seen + self.written - self.kept - sum(self.dropped.values())


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of a library, as a list shows it.

    `ready` counts the passages that are found by meaning too; `also` are other names with the same content; `tags` are
    what it was tagged with; `dated` is the ISO date that a scope goes by, or empty where it has none.
    """

    source: str
    title: str
    sha256: str
    media_type: str
    pages: int
    characters: int
    passages: int
    ready: int
    added: str
    receipt: Receipt
    also: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    dated: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far adding is.

    `files` are being added or were since all was last done, and `read` of them are; of the `passages` of the library,
    `ready` are found by meaning too. `left` is the time it will take from now, in seconds, or None while that cannot
    be told. `paused` says that passages wait for `Index.resume`. Where a file of many pages is being read, the reader
    is at `page` of its `of` pages; both are 0 otherwise.
    """

    files: int
    read: int
    passages: int
    ready: int
    left: float | None = None
    paused: bool = False
    page: int = 0
    of: int = 0

    @property
    def done(self) -> bool:
        """Whether nothing is left to do."""
        return self.read == self.files and self.ready == self.passages
