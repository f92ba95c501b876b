"""What happens when somebody asks, stops, starts over or opens a quotation: from events to HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import gradio as gr

from assistant import Assistant
from assistant.cite import CITED, MATCHED
from assistant.errors import AssistantError
from assistant.types import Answer
from assistant.window import source
from assistant.window.answers import conversation
from assistant.window.asking import BROKEN, Asking
from assistant.window.cases import Cases
from assistant.window.choice import choice_of
from assistant.window.detail import number, words
from assistant.window.escape import plain_sentence
from assistant.window.foot import STYLES
from assistant.window.looking import chosen, loosened
from assistant.window.said import BUSY, DONE, FAILED, STOPPED, Said, history, place, settled
from assistant.window.suggesting import Suggesting, further
from assistant.window.verdict import Verdict
from assistant.window.visit import Visit
from assistant.window.why import Why, explained
from index.errors import LibraryError
from index.types import Entry

NO_DOCUMENTS = "There is nothing to search yet: drop a file into the window, then ask."

Shown = tuple[Any, Any, Any]  # the conversation as HTML, the turns, what the composer says


class Talk:
    """The conversation's events over one assistant.

    Each visitor's turns come in and go out as `said`; `visit` is theirs alone, and is changed in place.
    """

    def __init__(self, assistant: Assistant, suggesting: Suggesting | None = None) -> None:
        self._assistant = assistant
        self._suggesting = suggesting
        self._cases = Cases(assistant)

    def ask(self, said: tuple[Said, ...], visit: Visit, event: gr.EventData) -> Iterator[Shown]:
        """The conversation again and again while the answer to the event's question grows."""
        question = words(event, "question").strip()
        said = settled(said, STOPPED)
        entries = self._documents()
        if not question:
            yield gr.skip(), gr.skip(), {"hint": "Type a question first."}
        elif entries is not None and not entries:
            yield _refused(visit, NO_DOCUMENTS, question)
        else:
            visit["choice"] = choice = choice_of(event, entries or [], chosen(visit))
            problem = next(iter(choice.problems().values()), "")
            if problem:
                yield _refused(visit, plain_sentence(problem), question)
            else:
                yield from self._answer(
                    said, visit, Said(question, Answer(question), within=choice.scope(entries or []))
                )

    def _answer(self, said: tuple[Said, ...], visit: Visit, begun: Said) -> Iterator[Shown]:
        writer = visit.get("writer", self._assistant)
        asking = Asking(lambda: writer.stream(begun.question, history(said), begun.within), Answer(begun.question))
        yield from self._growing(said, visit, begun, asking)

    def again(self, said: tuple[Said, ...], visit: Visit, event: gr.EventData) -> Iterator[Shown]:
        """The conversation while its last answer is written in another way; the one before stands until then."""
        said = settled(said, STOPPED)
        writer, style = visit.get("writer", self._assistant), words(event, "style")
        if not said or number(event, "turn") != len(said) or not writer.model_name or style not in STYLES:
            yield gr.skip(), gr.skip(), {"hint": ""}
            return
        last = said[-1]
        begun = replace(last, state=BUSY, problem="")
        asking = Asking(lambda: writer.stream_again(last.answer, style), last.answer)
        yield from self._growing(said[:-1], visit, begun, asking)

    def _growing(self, said: tuple[Said, ...], visit: Visit, begun: Said, asking: Asking) -> Iterator[Shown]:
        visit["asking"] = asking
        visit["verdicts"] = _old(visit, len(said))
        visit["whys"] = {turn: why for turn, why in visit.get("whys", {}).items() if turn <= len(said)}
        with self._suggesting.asked if self._suggesting else nullcontext():
            for answer in asking.growing():
                yield _shown((*said, replace(begun, answer=answer)), visit)
        ended = _ended(begun, asking)
        if ended.state == STOPPED and any(claim.verdict in (CITED, MATCHED) for claim in ended.answer.claims):
            ended = replace(ended, answer=self._assistant.checked(ended.answer))
        yield _shown((*said, replace(ended, help=self._help(ended))), visit)

    def _documents(self) -> Sequence[Entry] | None:
        """The documents, or None where they cannot be listed: the question itself will say why."""
        try:
            return self._assistant.documents()
        except LibraryError:
            return None

    def _help(self, said: Said) -> str:
        if said.within is None or not said.nothing:
            return ""
        try:
            return loosened(self._assistant, said.within)
        except LibraryError:
            return ""

    def stop(self, visit: Visit) -> None:
        """Stops what is being answered; `ask` then shows it as far as it came."""
        if "asking" in visit:
            visit["asking"].stop()

    def further(self, said: tuple[Said, ...], visit: Visit) -> Iterator[str]:
        """Nothing at first, and then what to ask after the last answer, unless something else was asked meanwhile."""
        yield ""
        asking = visit.get("asking")
        if self._suggesting is None or not said or said[-1].state != DONE:
            return
        last = said[-1]
        found = self._suggesting.further(last.answer, last.within, lambda: visit.get("asking") is asking)
        if found and visit.get("asking") is asking:
            yield further(found, len(said))

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
        return _again(said, visit)

    def explain(self, said: tuple[Said, ...], visit: Visit, event: gr.EventData) -> Any:
        """The conversation with the passages of an answer explained, or no longer."""
        turn = number(event, "turn")
        if not _explained(said, turn):
            return gr.skip()
        whys = visit.get("whys", {})
        visit["whys"] = {**whys, turn: Why()} if turn not in whys else _all_but(whys, turn)
        return _again(said, visit)

    def expect(self, said: tuple[Said, ...], visit: Visit, event: gr.EventData) -> Any:
        """The conversation with what became of a passage that was expected."""
        turn, text = number(event, "turn"), words(event, "expected")
        if not _explained(said, turn):
            return gr.skip()
        asked, limit = said[turn - 1], self._assistant.settings.passages
        try:
            question = asked.answer.asked or asked.question
            why = Why(text, self._assistant.explain(question, text, limit, asked.within))
        except (AssistantError, LibraryError) as error:
            why = Why(text, problem=str(error))
        whys = visit.get("whys", {})
        times = whys[turn].times + 1 if turn in whys else 1
        visit["whys"] = {**whys, turn: replace(why, times=times)}
        return _again(said, visit)

    def clear(self, visit: Visit) -> tuple[Any, Any, Any, Any]:
        """An empty conversation and an empty source pane."""
        visit["verdicts"], visit["whys"] = {}, {}
        visit.pop("asking", None)
        return (*_shown((), visit), source.EMPTY)

    def open(self, said: tuple[Said, ...], visit: Visit, event: gr.EventData) -> str:
        """The source pane for the link that was followed."""
        fates = {turn: why.explanation for turn, why in visit.get("whys", {}).items()}
        expected = {turn: fate.passage for turn, fate in fates.items() if fate is not None and fate.passage is not None}
        found = place(said, words(event, "link"), expected)
        if found is None:
            return source.lost()
        try:
            document = self._assistant.document(found.source)
        except LibraryError:
            return source.alone(found, "This document is no longer in your library. The words were:")
        return source.opened(found, document, number(event, "around") or source.AROUND)


def _refused(visit: Visit, hint: str, question: str) -> Shown:
    """The question back in its place; the page sees a change each time, where the same is asked again too."""
    visit["refusals"] = times = visit.get("refusals", 0) + 1
    return gr.skip(), gr.skip(), {"hint": hint, "question": question, "times": times}


def _ended(begun: Said, asking: Asking) -> Said:
    ended = replace(begun, answer=asking.latest)
    untouched = begun.answer.complete and asking.latest.text == begun.answer.text
    if asking.whole or (asking.stopped and untouched):
        return replace(ended, state=DONE, answer=asking.latest if asking.whole else begun.answer)
    if asking.stopped and asking.problem == BROKEN:
        return replace(ended, state=STOPPED)
    return replace(ended, state=FAILED, problem=asking.problem)


def _explained(said: tuple[Said, ...], turn: int) -> bool:
    return 1 <= turn <= len(said) and explained(said[turn - 1])


def _all_but(whys: dict[int, Why], turn: int) -> dict[int, Why]:
    return {each: why for each, why in whys.items() if each != turn}


def _old(visit: Visit, turns: int) -> dict[int, Verdict]:
    """The verdicts on so many turns, without the news of what became of them."""
    known = visit.get("verdicts", {})
    return {turn: Verdict(each.kind) for turn, each in known.items() if turn <= turns}


def _again(said: tuple[Said, ...], visit: Visit) -> Any:
    """The conversation once more; while an answer grows, `ask` shows it instead."""
    return gr.skip() if said[-1].state == BUSY else _page(said, visit)


def _page(said: tuple[Said, ...], visit: Visit) -> str:
    return conversation(said, visit.get("verdicts", {}), visit.get("whys", {}))


def _shown(said: tuple[Said, ...], visit: Visit) -> Shown:
    busy = bool(said) and said[-1].state == BUSY
    return _page(said, visit), said, gr.skip() if busy else {"hint": ""}
