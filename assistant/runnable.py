"""An assistant as a LangChain runnable: questions in, answers out, whole or as they are written."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig
from langchain_core.runnables.config import ensure_config, get_callback_manager_for_config, run_in_executor

from assistant.assistant import Assistant
from assistant.types import Answer, Turn

Asked = str | Mapping[str, Any]
"""A question, or a mapping with "question" and, where wanted, "history" and "within" as `Assistant.ask` takes them.

A history may also be pairs of a question and the text of its answer.
"""


class AnswerRunnable(Runnable[Asked, Any]):
    """`invoke` gives the `Answer`; `stream` gives the text as it comes and ends with the `Answer`.

    Only text that stands is streamed: where a written answer replaces the quoted one, the written one alone.
    `batch`, `ainvoke`, `astream` and `abatch` come with it. Raises what `Assistant.ask` raises.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def invoke(self, input: Asked, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """The answer to a question."""
        answer: Answer = self._call_with_config(self._ask, input, config, run_type="chain", **kwargs)
        return answer

    def stream(self, input: Asked, config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[str | Answer]:
        """Pieces of the answer's text, which together are all of it, and the `Answer` behind them."""
        manager = get_callback_manager_for_config(ensure_config(config))
        run = manager.on_chain_start(None, input, name=self.get_name())
        latest, sent = Answer(_question(input)), ""
        try:
            for latest in self._assistant.stream(*_parts(input)):
                # Until a model writes, the quoted answer may still be replaced.
                if latest.stage == "writing" and latest.text.startswith(sent) and self._written(latest):
                    yield latest.text[len(sent) :]
                    sent = latest.text
            yield from self._rest(latest, sent)
        except BaseException as error:
            run.on_chain_error(error)
            raise
        run.on_chain_end(latest)

    async def astream(
        self, input: Asked, config: RunnableConfig | None = None, **kwargs: Any
    ) -> AsyncIterator[str | Answer]:
        """What `stream` gives, without holding up the event loop."""
        pieces = self.stream(input, config, **kwargs)
        while True:
            piece = await run_in_executor(config, next, pieces, None)
            if piece is None:
                return
            yield piece

    def _rest(self, latest: Answer, sent: str) -> Iterator[str | Answer]:
        if not latest.text.startswith(sent):
            # What was streamed did not stand in the end: the text that does comes whole, on a line of its own.
            yield "\n\n" + latest.text
        elif latest.text != sent:
            yield latest.text[len(sent) :]
        yield latest

    def _ask(self, input: Asked) -> Answer:
        return self._assistant.ask(*_parts(input))

    def _written(self, answer: Answer) -> bool:
        return any(claim.verdict not in ("quoted", "told") for claim in answer.claims)


def _question(asked: Asked) -> str:
    if isinstance(asked, str):
        return asked
    question = asked.get("question")
    if not isinstance(question, str):
        raise ValueError('the input has no question; give a string, or a mapping with "question"')
    return question


def _parts(asked: Asked) -> tuple[str, list[Turn], Any]:
    question = _question(asked)
    if isinstance(asked, str):
        return question, [], None
    return question, [_turn(turn) for turn in asked.get("history") or ()], asked.get("within")


def _turn(turn: Any) -> Turn:
    if isinstance(turn, Turn):
        return turn
    question, text = turn
    return Turn(str(question), text)
