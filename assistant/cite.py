"""A draft to an answer whose every quotation is a slice of its document."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace

from assistant.types import ANSWERED, Answer, Citation, Claim, Draft, Span, Statement
from index.errors import UnknownDocument
from index.types import Document

QUOTED, CITED, UNSUPPORTED = "quoted", "cited", "unsupported"


def cite(draft: Draft, answer: Answer, document: Callable[[str], Document], strict: bool = False) -> Answer:
    """`answer` with the draft's text, claims and citations, each checked against the document it names.

    A span that is not a slice of its document is dropped; a quotation that is not what stands in its spans is dropped
    with its sentence. A statement that rests on nothing is marked "unsupported", or left out where `strict`.
    """
    check = _Check(document)
    claims: list[Claim] = []
    text = ""
    left_out = 0
    for statement in draft.statements:
        numbers, verdict = check.judged(statement)
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
    outcome = draft.outcome if claims or draft.outcome != ANSWERED else "not_found"
    return replace(
        answer,
        text=text,
        short=draft.short if draft.short in text else "",
        claims=tuple(claims),
        citations=tuple(check.citations),
        outcome=outcome,
        confidence=draft.confidence,
        complete=draft.complete,
        notes=(*answer.notes, *notes),
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
        spans = [span for span in statement.spans if self._slice(span).strip()]
        if statement.quoted:
            quote = " ".join(" ".join(self._slice(span) for span in spans).split())
            if not spans or quote != " ".join(statement.text.split()):
                return (), UNSUPPORTED
        numbers = tuple(dict.fromkeys(self._number(span) for span in spans))
        return numbers, (QUOTED if statement.quoted else CITED) if numbers else UNSUPPORTED

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


def citation(document: Document, start: int, end: int, number: int) -> Citation:
    """The citation of `document.text[start:end]`, with its page, its headings and its place in words."""
    pages = document.pages
    page = pages[max(0, bisect_right([p.start for p in pages], start) - 1)] if pages else None
    heading = _heading(document, start)
    if page is not None:
        locator = f"page {page.label or page.number}"
    else:
        locator = f'section "{heading.rsplit(" › ", 1)[-1]}"' if heading else ""
    return Citation(
        number=number,
        source=document.source,
        sha256=document.sha256,
        start=start,
        end=end,
        page=page.number if page else None,
        label=page.label if page else "",
        heading=heading,
        locator=locator,
        quote=document.text[start:end],
    )


def _heading(document: Document, start: int) -> str:
    """The path of headings above an offset, outermost first."""
    levels: list[tuple[int, str]] = []
    for block in document.blocks:
        if block.start > start:
            break
        if block.kind == "heading":
            title = " ".join(document.text[block.start : block.end].strip("#=- \t\n").split())
            levels = [*(item for item in levels if item[0] < block.level), (block.level, title)]
    return " › ".join(title for _, title in levels)
