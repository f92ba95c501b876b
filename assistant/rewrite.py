"""A follow-up question to one that stands alone."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from assistant.follow import carry
from assistant.models import Message, streamed
from assistant.patience import Patience, patient
from assistant.told import Told
from assistant.types import Answer, Turn
from prompts import OURS, Prompts

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

REMEMBERED = 4
"""Turns of the conversation that a model is shown."""

LONGEST_REPLY = 4_000
"""Characters after which a rewriting that does not end is not waited for."""


def rewrite(
    question: str,
    history: Sequence[Turn],
    model: BaseChatModel | None,
    patience: Patience | None = None,
    prompts: Prompts = OURS,
    told: Told | None = None,
) -> str:
    """The question so that it can be understood without the conversation; unchanged where there is none.

    `told` listens to what it takes. Raises `ModelFailed`; the caller falls back on `carry`.
    """
    if not history or model is None:
        return carry(question, history)
    said = "\n".join(f"User: {turn.question}\nAssistant: {_said(turn)}" for turn in history[-REMEMBERED:])
    message = Message("rewrite", {"history": said, "question": question}, None, prompts)
    reply = ""
    with closing(patient(lambda: streamed(model, message, told), patience or Patience())) as pieces:
        for piece in pieces:
            reply += piece
            if "\n" in reply.lstrip() or len(reply) > LONGEST_REPLY:
                break
    first = next((line.strip().strip('"') for line in reply.splitlines() if line.strip()), "")
    return first if 0 < len(first) <= max(300, 3 * len(question)) else carry(question, history)


def _said(turn: Turn) -> str:
    text = turn.answer.text if isinstance(turn.answer, Answer) else turn.answer
    return " ".join(text.split())[:400]
