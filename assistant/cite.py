"""A draft to an answer whose every quotation is a slice of its document."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace

from assistant.types import ANSWERED, Answer, Citation, Claim, Draft, Part, Span, Statement
from index.errors import UnknownDocument
from index.types import Document, Page

_RANGE = re.compile(r"[A-Z]{1,3}(\d+)(?::[A-Z]{1,3}(\d+))?")
_COLUMN = re.compile("[A-Z]+")
# Names of sheets that formulas need no quotes for.
_PLAIN_NAME = re.compile(r"[^\W\d][\w.]*")

QUOTED, CITED, MATCHED, TOLD, UNSUPPORTED = "quoted", "cited", "matched", "told", "unsupported"

AROUND = 400
"""Characters on both sides of what is cited in which quoted words may stand too."""

_QUOTATION = re.compile('["“„«]([^"“”„«»]{1,2000})["”“»]')


def cite(draft: Draft, answer: Answer, document: Callable[[str], Document], strict: bool = False) -> Answer:
    """`answer` with the draft's text, claims and citations, each checked against the document it names.

    A span that is not a slice of its document is dropped; a quotation that is not what stands in its spans is dropped
    with its sentence. A statement that rests on nothing is marked "unsupported", or left out where `strict`. What the
    reader tells of its own work stands as it is, and nothing but that is no answer.
    """
    check = _Check(document)
    claims: list[Claim] = []
    text = ""
    left_out = 0
    for statement in draft.statements:
        numbers, verdict = check.judged(statement)
        statement = check.unquoted(statement)
        if verdict == UNSUPPORTED and (statement.quoted or strict):
            left_out += 1
            continue
        text += statement.text
        claims.append(Claim(statement.text, len(text) - len(statement.text), len(text), numbers, verdict))
        text += statement.after
    notes = draft.notes
    if left_out:
        notes = (
            *notes,
            f"{left_out} {'sentence was' if left_out == 1 else 'sentences were'} left out for want of a source",
        )
    text = text.rstrip()
    holds = any(claim.verdict != TOLD for claim in claims)
    outcome = draft.outcome if holds or draft.outcome != ANSWERED else "not_found"
    # Evidence of parts is no source of an answer that names none itself.
    named = bool(check.citations) or draft.outcome != ANSWERED
    parts = tuple(check.evident(part) if named else part for part in draft.parts or answer.parts)
    return replace(
        answer,
        text=text,
        short=draft.short if draft.short in text else "",
        claims=tuple(claims),
        citations=tuple(check.citations),
        outcome=outcome,
        confidence=draft.confidence,
        complete=draft.complete,
        cost=draft.cost.after(answer.cost) if draft.cost else answer.cost,
        notes=(*answer.notes, *notes),
        parts=parts,
    )


class _Check:
    """Numbers the citations of one answer, in the order in which they are first needed."""

    def __init__(self, document: Callable[[str], Document]) -> None:
        self.citations: list[Citation] = []
        self._numbers: dict[Span, int] = {}
        self._documents: dict[str, Document | None] = {}
        self._document = document

    def judged(self, statement: Statement) -> tuple[tuple[int, ...], str]:
        """The numbers of a statement's citations that hold, and its verdict."""
        if statement.told:
            return (), TOLD
        spans = [span for span in statement.spans if self._slice(span).strip()]
        if statement.quoted:
            quote = " ".join(" ".join(self._slice(span) for span in spans).split())
            if not spans or quote != " ".join(statement.text.split()):
                return (), UNSUPPORTED
        spans += [span for span in statement.also if self._slice(span).strip()]
        numbers = tuple(dict.fromkeys(self._number(span) for span in spans))
        named = MATCHED if statement.matched else CITED
        return numbers, (QUOTED if statement.quoted else named) if numbers else UNSUPPORTED

    def evident(self, part: Part) -> Part:
        """The part with the numbers of its evidence, which is cited here where no statement cites it yet."""
        numbers = [self._holding(span) or self._number(span) for span in part.spans if self._slice(span).strip()]
        return replace(part, citations=tuple(dict.fromkeys(numbers)))

    def unquoted(self, statement: Statement) -> Statement:
        """The statement without the quotation marks around words, three at least, that do not stand at its sources."""
        if statement.quoted or statement.told:
            return statement
        held = " … ".join(_folded(self._near(span)) for span in statement.spans)

        def judged(found: re.Match[str]) -> str:
            words = _folded(found.group(1)).strip(" .,;:")
            return found.group() if len(words.split()) < 3 or words in held else found.group(1)

        return replace(statement, text=_QUOTATION.sub(judged, statement.text))

    def _near(self, span: Span) -> str:
        document = self._open(span.source)
        return document.text[max(0, span.start - AROUND) : span.end + AROUND] if document else ""

    def _holding(self, span: Span) -> int:
        """The number of a citation that holds a span; 0 where there is none."""
        return next(
            (
                n
                for s, n in self._numbers.items()
                if s.source == span.source and s.start <= span.start < span.end <= s.end
            ),
            0,
        )

    def _number(self, span: Span) -> int:
        if span not in self._numbers:
            self._numbers[span] = len(self.citations) + 1
            document = self._open(span.source)
            assert document is not None
            self.citations.append(citation(document, span.start, span.end, self._numbers[span]))
        return self._numbers[span]

    def _slice(self, span: Span) -> str:
        document = self._open(span.source)
        if document is None or not 0 <= span.start < span.end <= len(document.text):
            return ""
        return document.text[span.start : span.end]

    def _open(self, source: str) -> Document | None:
        if source not in self._documents:
            try:
                self._documents[source] = self._document(source)
            except UnknownDocument:
                self._documents[source] = None
        return self._documents[source]


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())


def citation(document: Document, start: int, end: int, number: int) -> Citation:
    """The citation of `document.text[start:end]`, with its page, its headings and its place in words."""
    pages = document.pages
    page = pages[max(0, bisect_right([p.start for p in pages], start) - 1)] if pages else None
    heading = _heading(document, start, page.start if page and not document.printed else 0)
    return Citation(
        number=number,
        source=document.source,
        sha256=document.sha256,
        start=start,
        end=end,
        page=page.number if page else None,
        label=page.label if page else "",
        heading=heading,
        locator=_locator(document, page, _cells(document, start, end), heading),
        quote=document.text[start:end],
        also=document.also,
    )


def _locator(document: Document, page: Page | None, cells: str, heading: str) -> str:
    """The place in a person's words: "page iv", "slide 3", "Budget!B7:D7", "row 7", or the section's title."""
    if page is not None and (document.printed or not page.label):
        return f"page {page.label or page.number}"
    if page is not None and _RANGE.fullmatch(cells):
        name = page.label if _PLAIN_NAME.fullmatch(page.label) else "'" + page.label.replace("'", "''") + "'"
        return f"{name}!{cells}"
    if page is not None:
        return f"{page.label}, {cells}" if cells else page.label
    if cells:
        return cells
    return f'section "{heading.rsplit(" › ", 1)[-1]}"' if heading else ""


def _cells(document: Document, start: int, end: int) -> str:
    """The cells that a stretch lies in: one range of a sheet, or the first and the last place; empty for none."""
    places = [block.cell for block in document.blocks if block.start < end and block.end > start and block.cell]
    if not places:
        return ""
    one, two = _RANGE.fullmatch(places[0]), _RANGE.fullmatch(places[-1])
    if not one or not two:
        return places[0] if places[0] == places[-1] else f"{places[0]} to {places[-1]}"
    columns = [column for place in places for column in _COLUMN.findall(place)]
    columns.sort(key=lambda column: (len(column), column))
    first, last = columns[0] + one.group(1), columns[-1] + (two.group(2) or two.group(1))
    return first if first == last else f"{first}:{last}"


def _heading(document: Document, start: int, after: int) -> str:
    """The path of headings above an offset, outermost first, from `after` on."""
    levels: list[tuple[int, str]] = []
    for block in document.blocks:
        if block.start > start:
            break
        if block.kind == "heading" and block.start >= after:
            title = " ".join(document.text[block.start : block.end].strip("#=- \t\n").split())
            levels = [*(item for item in levels if item[0] < block.level), (block.level, title)]
    return " › ".join(title for _, title in levels)
