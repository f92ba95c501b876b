"""Reads the last answer again: where it stands, or what the documents say beyond it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.agree import shared
from assistant.readers.extract import SAME, Candidate, candidates, quotation
from assistant.types import (
    ANSWERED,
    NOT_FOUND,
    Answer,
    Citation,
    Draft,
    Library,
    Reader,
    Request,
    Span,
    Statement,
    Turn,
)
from index.sentences import sentences

SHOWN = 5
"""Sources of the last answer that are shown."""

FURTHER = 3
"""Further sentences."""


def open_source() -> Reader:
    """The reader that says where the last answer stands."""

    def read(request: Request, library: Library) -> Iterator[Draft]:
        lines: list[Statement] = []
        for citation in _cited(request.history[-1:], library)[:SHOWN]:
            place = ", ".join(part for part in (citation.source, citation.locator) if part)
            span = Span(citation.source, citation.start, citation.end)
            said = " ".join(citation.quote.split())
            lines += [Statement(f"{place}:", told=True), Statement(said, (span,), quoted=True, after="\n")]
        yield Draft(tuple(lines), "", ANSWERED if lines else NOT_FOUND, 1.0 if lines else 0.0)

    return read


def open_more(refuse_below: float) -> Reader:
    """The reader that goes on from the last answer: what comes right behind it, and what else was found."""

    def read(request: Request, library: Library) -> Iterator[Draft]:
        cited = _cited(request.history, library)
        if not cited:
            yield Draft(outcome=NOT_FOUND)
            return
        last = _cited(request.history[-1:], library) or cited[-1:]
        lines = _behind(last[-1], cited, library)
        ranked = [c for c in candidates(request, library) if c.likely >= refuse_below and _fresh(c, cited, lines)]
        kept: list[Candidate] = []
        for candidate in ranked:
            if len(lines) + len(kept) < FURTHER and all(shared(candidate.text, o.text) < SAME for o in kept):
                kept.append(candidate)
        lines += [
            quotation(candidate, library) for candidate in sorted(kept, key=lambda c: (c.hit.passage.source, c.start))
        ]
        if lines:
            yield Draft(tuple(lines), "", ANSWERED, 1.0)
        else:
            yield Draft((Statement("Your documents say no more on this.", told=True),), outcome=NOT_FOUND)

    return read


def _cited(history: Sequence[Turn], library: Library) -> list[Citation]:
    """All citations of these turns that still lie within the library, oldest first."""
    every = [c for turn in history if isinstance(turn.answer, Answer) for c in turn.answer.citations]
    inside = {source: library.passages(source) for source in {c.source for c in every}}
    return [c for c in every if any(p.start <= c.start < p.end for p in inside[c.source])]


def _behind(citation: Citation, cited: Sequence[Citation], library: Library) -> list[Statement]:
    """The sentences that follow a quotation in its own paragraph, at most two."""
    passages = [
        p for p in library.passages(citation.source) if p.start < citation.end + 1_000 and p.end > citation.start
    ]
    text, offset = "".join(passage.text for passage in passages), passages[0].start if passages else 0
    lines: list[Statement] = []
    at = citation.end
    for start, end in ((offset + a, offset + b) for a, b in sentences(text)):
        if start < citation.end:
            continue
        if "\n\n" in text[at - offset : start - offset] or len(lines) == 2:
            break
        at = end
        if not any(each.source == citation.source and each.start < end and start < each.end for each in cited):
            said = " ".join(text[start - offset : end - offset].split())
            lines.append(Statement(said, (Span(citation.source, start, end),), quoted=True))
    return lines


def _fresh(candidate: Candidate, cited: Sequence[Citation], lines: Sequence[Statement]) -> bool:
    """Whether a sentence was neither cited before nor is among the lines."""
    source = candidate.hit.passage.source
    taken = [(each.source, each.start, each.end, each.quote) for each in cited]
    taken += [(span.source, span.start, span.end, line.text) for line in lines for span in line.spans]
    return not any(
        (name == source and start < candidate.end and candidate.start < end) or shared(quote, candidate.text) >= 0.8
        for name, start, end, quote in taken
    )
