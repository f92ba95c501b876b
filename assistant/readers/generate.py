"""Reads with a chat model: it writes prose and names the numbered sentences that each statement rests on."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.align import aligned
from assistant.context import Context, context
from assistant.errors import ModelFailed, TooLong
from assistant.marks import Parser
from assistant.models import Message, listener, room, streamed
from assistant.patience import Patience, patient
from assistant.told import CHARACTERS_A_TOKEN, Told
from assistant.types import Draft, Library, Reader, Request
from index.words import stems
from prompts import OURS, Prompts

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

LONGEST_ANSWER = 8_000
"""Characters after which a model that does not end is cut off; its answer is then not complete."""

SHRINKS = 2
"""How often a model that says that it was given too much is given half as much."""

SAME_AGAIN = 0.6
"""The share of words that an answer given again, with its sources, must have in common with the first."""

ENDLESS = "the chat model did not come to an end and was stopped"


@dataclass(frozen=True, slots=True)
class Before:
    """An answer that is to be written anew, and the name of the prompt that says how: "shorter", say."""

    text: str
    style: str


def open_reader(
    model: BaseChatModel, patience: Patience | None = None, prompts: Prompts = OURS, before: Before | None = None
) -> Reader:
    """The reader that lets `model` write, or write the answer `before` anew; its drafts grow while the model streams.

    Raises `ModelFailed`, after the drafts that were there where a model breaks off.
    """
    writer = _Writer(model, patience or Patience(), prompts, before)

    def read(request: Request, library: Library) -> Iterator[Draft]:
        request = replace(request, budget=room(model, request.budget))
        for _ in range(SHRINKS):
            try:
                yield from writer.answered(request, library)
                return
            except TooLong:
                shown = len(context(request, library.dated).text) // CHARACTERS_A_TOKEN
                request = replace(request, budget=min(request.budget, shown) // 2)
        yield from writer.answered(request, library)

    return read


@dataclass(frozen=True, slots=True)
class _Writer:
    """A chat model, how long it is waited for, and what is said to it."""

    model: BaseChatModel
    patience: Patience
    prompts: Prompts
    before: Before | None

    def answered(self, request: Request, library: Library) -> Iterator[Draft]:
        """The drafts of one answer, the last of them whole, or cut off with a note that says why."""
        began = time.monotonic()
        shown, told = context(request, library.dated), listener(self.model)
        parser = Parser(shown.spans)
        values = {"passages": shown.text, "fence": shown.fence, "question": request.question}
        message = self._message(values)
        for piece in patient(lambda: streamed(self.model, message, told), self.patience):
            parser.feed(piece[: LONGEST_ANSWER + 1])
            if parser.length > LONGEST_ANSWER:
                yield replace(parser.draft(), notes=(ENDLESS,), cost=told.cost)
                return
            draft = parser.draft()
            if piece.strip() and draft.statements:
                yield replace(draft, cost=told.cost)
        if not parser.written.strip():
            raise ModelFailed("the chat model failed: it sent an empty answer")
        whole = parser.whole()
        if told.cut:
            yield replace(whole, complete=False, notes=(f"the answer broke off: {told.cut}",), cost=told.cost)
            return
        if whole.statements and not any(statement.spans for statement in whole.statements):
            left = began + self.patience.whole - time.monotonic()
            again = self._again({**values, "answer": parser.written}, shown, self.patience.within(left), told)
            whole = again if _same(whole, again) else _matched(whole, shown, library)
        yield replace(whole, cost=told.cost, notes=(shown.note,) if shown.note else ())

    def _message(self, values: Mapping[str, object]) -> Message:
        """What the model is asked: for an answer, or for the answer before in another way."""
        if self.before is None:
            return Message("answer", values, "answer_rules", self.prompts)
        wish = self.prompts.render(self.before.style)
        return Message("again", {**values, "answer": self.before.text, "wish": wish}, "answer_rules", self.prompts)

    def _again(self, values: Mapping[str, object], shown: Context, patience: Patience, told: Told) -> Draft:
        """The answer as the model gives it when it is asked once more, with its sources; it may be anything."""
        parser, message = Parser(shown.spans), Message("cite", values, None, self.prompts)
        with suppress(ModelFailed), closing(patient(lambda: streamed(self.model, message, told), patience)) as pieces:
            for piece in pieces:
                parser.feed(piece[: LONGEST_ANSWER + 1])
                if parser.length > LONGEST_ANSWER:
                    break
        return parser.whole()


def _same(first: Draft, second: Draft) -> bool:
    """Whether the second names sources, and says much the same as the first."""
    before, after = (set(stems(" ".join(each.text for each in one.statements))) for one in (first, second))
    named = any(statement.spans for statement in second.statements)
    return named and len(before & after) >= SAME_AGAIN * len(before | after)


def _matched(draft: Draft, shown: Context, library: Library) -> Draft:
    """The draft, each statement with the sentence that says so, where there is one, and marked as matched."""
    statements = aligned(draft.statements, shown.said, shown.spans, library)
    supported = sum(1 for statement in statements if statement.spans) / len(statements)
    return replace(draft, statements=statements, confidence=supported)
