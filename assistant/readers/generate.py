"""Reads with a chat model: it writes prose and names the numbered sentences that each statement rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.errors import ModelFailed, TooLong
from assistant.marks import Parser
from assistant.models import Told, streamed
from assistant.patience import Patience, patient
from assistant.types import Draft, Library, Reader, Request, Span
from index.sentences import sentences
from index.types import Hit

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

CHARACTERS_A_TOKEN = 4
"""English text in the tokenizers of current chat models; used only to stay inside the budget."""

LONGEST_ANSWER = 8_000
"""Characters after which a model that does not end is cut off; its answer is then not complete."""

SHRINKS = 2
"""How often a model that says that it was given too much is given half as much."""

ENDLESS = "the chat model did not come to an end and was stopped"


def open_reader(model: BaseChatModel, patience: Patience | None = None) -> Reader:
    """The reader that lets `model` write; its drafts grow while the model streams.

    Raises `ModelFailed`, after the drafts that were there where a model breaks off.
    """
    waits = patience or Patience()

    def read(request: Request, library: Library) -> Iterator[Draft]:
        for _ in range(SHRINKS):
            try:
                yield from _answered(model, request, waits)
                return
            except TooLong:
                shown = len(number(request)[0]) // CHARACTERS_A_TOKEN
                request = replace(request, budget=min(request.budget, shown) // 2)
        yield from _answered(model, request, waits)

    return read


def _answered(model: BaseChatModel, request: Request, patience: Patience) -> Iterator[Draft]:
    """The drafts of one answer, the last of them whole, or cut off with a note that says why."""
    passages, spans = number(request)
    values = {"passages": passages, "question": request.question}
    told, parser = Told(), Parser(spans)
    for piece in patient(lambda: streamed(model, "answer", "answer_rules", values, told), patience):
        parser.feed(piece[: LONGEST_ANSWER + 1])
        if parser.length > LONGEST_ANSWER:
            yield replace(parser.draft(), notes=(ENDLESS,), tokens=told.tokens)
            return
        draft = parser.draft()
        if piece.strip() and draft.statements:
            yield draft
    if not parser.written.strip():
        raise ModelFailed("the chat model failed: it sent an empty answer")
    whole = replace(parser.whole(), tokens=told.tokens)
    if told.cut:
        whole = replace(whole, complete=False, notes=(f"the answer broke off: {told.cut}",))
    yield whole


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
