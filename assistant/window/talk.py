"""What happens when somebody asks, stops, starts over or opens a quotation: from events to HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypedDict

import gradio as gr

from assistant import Assistant
from assistant.types import Answer
from assistant.window import source
from assistant.window.answers import conversation
from assistant.window.asking import BROKEN, Asking
from assistant.window.cases import Cases
from assistant.window.detail import number, words
from assistant.window.said import BUSY, DONE, FAILED, STOPPED, Said, history, place, settled
from assistant.window.verdict import Verdict
from index.errors import LibraryError

NO_DOCUMENTS = "There is nothing to search yet: drop a file into the window, then ask."

Shown = tuple[Any, Any, Any]  # the conversation as HTML, the turns, what the composer says


class Visit(TypedDict, total=False):
    """What is kept up for one visitor: what is being answered, to be stopped, and the verdict on each turn."""

    asking: Asking
    verdicts: dict[int, Verdict]


class Talk:
    """The conversation's events over one assistant.

    Each visitor's turns come in and go out as `said`; `visit` is theirs alone, and is changed in place.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._cases = Cases(assistant)

    def ask(self, said: tuple[Said, ...], visit: Visit, event: gr.EventData) -> Iterator[Shown]:
        """The conversation again and again while the answer to the event's question grows."""
        question = words(event, "question").strip()
        said = settled(said, STOPPED)
        if not question:
            yield gr.skip(), gr.skip(), {"hint": "Type a question first."}
        elif not self._has_documents():
            yield gr.skip(), gr.skip(), {"hint": NO_DOCUMENTS, "question": question}
        else:
            asking = Asking(lambda: self._assistant.stream(question, history(said)), Answer(question))
            visit["asking"] = asking
            visit["verdicts"] = _old(visit, len(said))
            for answer in asking.growing():
                yield _shown((*said, Said(question, answer)), visit)
            yield _shown((*said, _ended(question, asking)), visit)

    def _has_documents(self) -> bool:
        try:
            return bool(self._assistant.documents())
        except LibraryError:
            return True  # the question itself will say what is wrong with the library

    def stop(self, visit: Visit) -> None:
        """Stops what is being answered; `ask` then shows it as far as it came."""
        if "asking" in visit:
            visit["asking"].stop()

    def fail(self, said: tuple[Said, ...], visit: Visit) -> Shown:
        """The conversation after an error that nobody foresaw."""
        return _shown(settled(said, FAILED, BROKEN), visit)

    def judge(self, said: tuple[Said, ...], visit: Visit, event: gr.EventData) -> Any:
        """The conversation with the event's verdict on an answer; while another grows, `ask` shows that instead."""
        turn = number(event, "turn")
        verdict = self._cases.keep(said, turn, words(event, "verdict"), words(event, "correction"))
        if verdict is None:
            return gr.skip()
        before = _old(visit, len(said))
        kept = replace(verdict, kind=before[turn].kind) if verdict.problem and turn in before else verdict
        visit["verdicts"] = {**before, turn: kept}
        return gr.skip() if said[-1].state == BUSY else conversation(said, visit["verdicts"])

    def clear(self) -> tuple[Any, Any, Any, Any]:
        """An empty conversation and an empty source pane."""
        return (*_shown((), {}), source.EMPTY)

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


def _ended(question: str, asking: Asking) -> Said:
    if asking.whole:
        return Said(question, asking.latest, DONE)
    if asking.stopped and asking.problem == BROKEN:
        return Said(question, asking.latest, STOPPED)
    return Said(question, asking.latest, FAILED, asking.problem)


def _old(visit: Visit, turns: int) -> dict[int, Verdict]:
    """The verdicts on so many turns, without the news of what became of them."""
    known = visit.get("verdicts", {})
    return {turn: Verdict(each.kind) for turn, each in known.items() if turn <= turns}


def _shown(said: tuple[Said, ...], visit: Visit) -> Shown:
    busy = bool(said) and said[-1].state == BUSY
    return conversation(said, visit.get("verdicts", {})), said, gr.skip() if busy else {"hint": ""}
