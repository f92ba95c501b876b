"""A follow-up question to one that stands alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.follow import carry
from assistant.models import chain, translated
from assistant.types import Answer, Turn

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

REMEMBERED = 4
"""Turns of the conversation that a model is shown."""


def rewrite(question: str, history: Sequence[Turn], model: BaseChatModel | None) -> str:
    """The question so that it can be understood without the conversation; unchanged where there is none.

    Raises `ModelFailed`; the caller falls back on `carry`.
    """
    if not history or model is None:
        return carry(question, history)
    said = "\n".join(f"User: {turn.question}\nAssistant: {_said(turn)}" for turn in history[-REMEMBERED:])
    with translated():
        reply = chain(model, "rewrite").invoke({"history": said, "question": question})
    first = next((line.strip().strip('"') for line in reply.splitlines() if line.strip()), "")
    return first if 0 < len(first) <= max(300, 3 * len(question)) else carry(question, history)


def _said(turn: Turn) -> str:
    text = turn.answer.text if isinstance(turn.answer, Answer) else turn.answer
    return " ".join(text.split())[:400]
