"""Reads with a chat model: it writes prose and names the numbered sentences that each statement rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.models import Usage, chain, translated
from assistant.types import ANSWERED, NOT_FOUND, Draft, Library, Reader, Request, Span, Statement
from index.sentences import sentences
from index.types import Hit

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

REFUSAL = "NOT IN THE DOCUMENTS"
CHARACTERS_A_TOKEN = 4
"""English text in the tokenizers of current chat models; used only to stay inside the budget."""

LONGEST_ANSWER = 8_000
"""Characters after which a model that does not end is cut off; its answer is then not complete."""

TOO_LONG = "the chat model did not come to an end and was stopped"

_MARK = re.compile(r"\s*\[((?:\d+(?:\.\d+)?)(?:\s*[,;]\s*\d+(?:\.\d+)?)*)\]")
_OPEN_MARK = re.compile(r"\s*\[[\d.,;\s]*$")

Numbered = Mapping[str, Span]


def open_reader(model: BaseChatModel) -> Reader:
    """The reader that lets `model` write; its drafts grow while the model streams."""

    def read(request: Request, library: Library) -> Iterator[Draft]:
        passages, spans = number(request)
        written, usage = "", Usage()
        with translated():
            for piece in chain(model, "answer", rules="answer_rules").stream(
                {"passages": passages, "question": request.question}, usage.config
            ):
                written += piece
                if len(written) > LONGEST_ANSWER:
                    yield replace(parse(written, spans, complete=False), notes=(TOO_LONG,))
                    return
                if not REFUSAL.startswith(written.strip()[: len(REFUSAL)]):
                    yield parse(written, spans, complete=False)
        yield replace(parse(written, spans, complete=True), tokens=usage.tokens)

    return read


def number(request: Request) -> tuple[str, dict[str, Span]]:
    """The sentences of the hits as numbered lines, best passage first, and the span behind each number.

    A sentence is numbered by its passage and its place in it ("2.3"); a passage number alone ("2") stands for all of
    the passage. Passages that do not fit the request's budget of tokens are left out.
    """
    lines: list[str] = []
    spans: dict[str, Span] = {}
    room = request.budget * CHARACTERS_A_TOKEN
    for place, hit in enumerate(request.hits, start=1):
        block, found = _numbered(place, hit)
        if lines and room < len(block):
            break
        room -= len(block)
        lines.append(block)
        spans |= found
    return "\n\n".join(lines), spans


def _numbered(place: int, hit: Hit) -> tuple[str, dict[str, Span]]:
    passage = hit.passage
    lines = [f"Passage {place} ({passage.source}{f', {passage.heading}' if passage.heading else ''}):"]
    found = sentences(passage.text)
    spans = {}
    for count, (start, end) in enumerate(found, start=1):
        lines.append(f"[{place}.{count}] {' '.join(passage.text[start:end].split())}")
        spans[f"{place}.{count}"] = Span(passage.source, passage.start + start, passage.start + end)
    if found:
        spans[str(place)] = Span(passage.source, passage.start + found[0][0], passage.start + found[-1][1])
    return "\n".join(lines), spans


def parse(written: str, spans: Numbered, complete: bool) -> Draft:
    """What a model has written so far as statements with the spans they rest on; never raises, whatever it wrote.

    Marks that name nothing are dropped. A mark belongs to the sentence before it. While the answer is not complete, a
    mark that has just been opened at its end is held back.
    """
    if written.strip().strip(".*\"' ").upper().startswith(REFUSAL):
        return Draft(outcome=NOT_FOUND, confidence=0.0, complete=complete)
    text = written if complete else _OPEN_MARK.sub("", written)
    plain, marks = _without_marks(text)
    found = sentences(plain)
    statements = []
    for place, (start, end) in enumerate(found):
        following = found[place + 1][0] if place + 1 < len(found) else len(plain)
        named = [number for at, numbers in marks if start < at <= following for number in numbers]
        known = tuple(dict.fromkeys(spans[number] for number in named if number in spans))
        gap = plain[end:following]
        statements.append(Statement(plain[start:end], known, after="\n\n" if "\n" in gap else " "))
    if not statements:
        return Draft(outcome=NOT_FOUND, complete=complete)
    supported = sum(1 for statement in statements if statement.spans) / len(statements)
    return Draft(tuple(statements), _short(statements), ANSWERED, supported, complete)


def _without_marks(text: str) -> tuple[str, list[tuple[int, list[str]]]]:
    """The text without its marks, and for each mark where it stood (as an offset into that text) and what it names."""
    plain = ""
    marks = []
    at = 0
    for mark in _MARK.finditer(text):
        plain += text[at : mark.start()]
        marks.append((len(plain), re.split(r"\s*[,;]\s*", mark.group(1))))
        at = mark.end()
    return plain + text[at:], marks


def _short(statements: Sequence[Statement]) -> str:
    """The first statement where it is short enough to be an answer by itself."""
    first = statements[0].text
    return first if len(first) <= 60 else ""
