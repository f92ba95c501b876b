"""Reads with a chat model: it writes prose and names the numbered sentences that each statement rests on."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.align import aligned
from assistant.context import CHARACTERS_A_TOKEN, Context, context
from assistant.errors import ModelFailed, TooLong
from assistant.marks import Parser
from assistant.models import Told, streamed
from assistant.patience import Patience, patient
from assistant.types import Draft, Library, Reader, Request
from index.words import stems

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

LONGEST_ANSWER = 8_000
"""Characters after which a model that does not end is cut off; its answer is then not complete."""

SHRINKS = 2
"""How often a model that says that it was given too much is given half as much."""

SAME_AGAIN = 0.6
"""The share of words that an answer given again, with its sources, must have in common with the first."""

ENDLESS = "the chat model did not come to an end and was stopped"


def open_reader(model: BaseChatModel, patience: Patience | None = None) -> Reader:
    """The reader that lets `model` write; its drafts grow while the model streams.

    Raises `ModelFailed`, after the drafts that were there where a model breaks off.
    """
    waits = patience or Patience()

    def read(request: Request, library: Library) -> Iterator[Draft]:
        for _ in range(SHRINKS):
            try:
                yield from _answered(model, request, library, waits)
                return
            except TooLong:
                shown = len(context(request).text) // CHARACTERS_A_TOKEN
                request = replace(request, budget=min(request.budget, shown) // 2)
        yield from _answered(model, request, library, waits)

    return read


def _answered(model: BaseChatModel, request: Request, library: Library, patience: Patience) -> Iterator[Draft]:
    """The drafts of one answer, the last of them whole, or cut off with a note that says why."""
    began = time.monotonic()
    shown, told = context(request), Told()
    parser = Parser(shown.spans)
    values = {"passages": shown.text, "fence": shown.fence, "question": request.question}
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
    whole = parser.whole()
    if told.cut:
        yield replace(whole, complete=False, notes=(f"the answer broke off: {told.cut}",), tokens=told.tokens)
        return
    if whole.statements and not any(statement.spans for statement in whole.statements):
        left = began + patience.whole - time.monotonic()
        whole = _sourced(
            model, whole, {**values, "answer": parser.written}, shown, library, patience.within(left), told
        )
    notes = (shown.note,) if shown.note else ()
    yield replace(whole, tokens=told.tokens, notes=notes)


def _sourced(
    model: BaseChatModel,
    draft: Draft,
    values: Mapping[str, object],
    shown: Context,
    library: Library,
    patience: Patience,
    told: Told,
) -> Draft:
    """A draft that names no source, with the numbers that the model adds when it is asked once more.

    They count where it says much the same again; otherwise each statement gets the sentence that says so, where there
    is one, and is marked as matched.
    """
    again = Parser(shown.spans)
    with suppress(ModelFailed), closing(patient(lambda: streamed(model, "cite", None, values, told), patience)) as more:
        for piece in more:
            again.feed(piece[: LONGEST_ANSWER + 1])
            if again.length > LONGEST_ANSWER:
                break
    second = again.whole()
    before, after = (set(stems(" ".join(each.text for each in one.statements))) for one in (draft, second))
    if any(each.spans for each in second.statements) and len(before & after) >= SAME_AGAIN * len(before | after):
        return second
    matched = aligned(draft.statements, shown.said, shown.spans, library)
    supported = sum(1 for statement in matched if statement.spans) / len(matched)
    return replace(draft, statements=matched, confidence=supported)
