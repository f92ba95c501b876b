"""What happens when somebody asks, stops, starts over or opens a quotation: from events to HTML."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any, cast

import gradio as gr

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.types import Answer
from assistant.window import source
from assistant.window.answers import conversation
from assistant.window.detail import number, words
from assistant.window.said import BUSY, DONE, FAILED, STOPPED, Said, history, place, settled
from index.errors import LibraryError

BETWEEN = 0.05  # seconds between two snapshots that are sent to the browser; more often than that cannot be seen
NO_DOCUMENTS = "There is nothing to search yet: drop a file into the window, then ask."
BROKEN = "Something went wrong while answering; the details are in the program's log. Ask again, or in other words."

Shown = tuple[Any, Any, Any]  # the conversation as HTML, the turns, what the composer says


class Talk:
    """The conversation's events over one assistant; each visitor's turns come in and go out as `said`."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def ask(self, said: tuple[Said, ...], event: gr.EventData) -> Iterator[Shown]:
        """The conversation again and again while the answer to the event's question grows."""
        question = words(event, "question").strip()
        said = settled(said, STOPPED)
        if not question:
            yield gr.skip(), gr.skip(), {"hint": "Type a question first."}
            return
        try:
            if not self._assistant.documents():
                yield gr.skip(), gr.skip(), {"hint": NO_DOCUMENTS, "question": question}
                return
            for turn in self._growing(said, question):
                yield _shown((*said, turn))
        except (AssistantError, LibraryError) as error:
            yield _shown((*said, Said(question, Answer(question), FAILED, str(error))))

    def _growing(self, said: tuple[Said, ...], question: str) -> Iterator[Said]:
        answer, sent = Answer(question), time.monotonic()
        yield Said(question, answer)
        with closing(cast("Any", self._assistant.stream(question, history(said)))) as snapshots:
            for answer in snapshots:
                if time.monotonic() - sent >= BETWEEN:
                    sent = time.monotonic()
                    yield Said(question, answer)
        yield Said(question, answer, DONE)

    def stop(self, said: tuple[Said, ...]) -> Shown:
        """The conversation with the answer in progress as far as it came."""
        return _shown(settled(said, STOPPED))

    def fail(self, said: tuple[Said, ...]) -> Shown:
        """The conversation after an error that nobody foresaw."""
        return _shown(settled(said, FAILED, BROKEN))

    def clear(self) -> tuple[Any, Any, Any, Any]:
        """An empty conversation and an empty source pane."""
        return (*_shown(()), source.EMPTY)

    def open(self, said: tuple[Said, ...], event: gr.EventData) -> str:
        """The source pane for the link that was followed."""
        found = place(said, words(event, "link"))
        if found is None:
            return source.lost()
        try:
            document = self._assistant.document(found.source)
        except LibraryError:
            return source.alone(found, "This document is no longer in your library. The words were:")
        return source.opened(found, document, number(event, "around") or source.AROUND)


def _shown(said: tuple[Said, ...]) -> Shown:
    busy = bool(said) and said[-1].state == BUSY
    return conversation(said), said, gr.skip() if busy else {"hint": ""}
