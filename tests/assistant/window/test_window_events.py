"""What the window does with questions: asking, stopping and failing, over an assistant of a few lines."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest

from assistant.errors import ModelFailed
from assistant.types import Answer
from assistant.window.asking import BETWEEN
from assistant.window.said import BUSY, DONE, FAILED, STOPPED
from assistant.window.talk import Talk
from index.types import Entry, Receipt


@dataclass
class Assistant:
    """Answers with the question's words, one more each time."""

    sources: list[str] = field(default_factory=lambda: ["a.md"])
    asked: list[tuple[str, int]] = field(default_factory=list)
    closed: int = 0

    def documents(self):
        return [Entry(each, each, "", "", 0, 9, 2, 2, "", Receipt(each, "added")) for each in self.sources]

    def stream(self, question, history=(), within=None) -> Iterator[Answer]:
        self.asked.append((question, len(history)))
        try:
            for number in range(1, 4):
                if question == "fail":
                    raise ModelFailed("the model is gone; start it")
                if question == "break":
                    raise KeyError(question)
                time.sleep(2 * BETWEEN if question == "slow" else 0)
                yield Answer(question, "word " * number, outcome="plain", stage="writing")
            yield Answer(question, "all words", outcome="plain", complete=True, stage="done")
        finally:
            self.closed += 1


def event(**data):
    return SimpleNamespace(_data=data)


def test_an_answer_grows_and_ends():
    talk = Talk(Assistant())
    seen = list(talk.ask((), {}, event(question=" why? ")))
    assert seen[0][1][-1].state == BUSY
    page, said, _ = seen[-1]
    assert said[-1].state == DONE and "all words" in page and said[-1].question == "why?"


def test_the_next_question_knows_the_turns_before():
    assistant = Assistant()
    talk = Talk(assistant)
    *_, (_, said, _) = talk.ask((), {}, event(question="one"))
    list(talk.ask(said, {}, event(question="two")))
    assert assistant.asked == [("one", 0), ("two", 1)]


def test_a_stopped_answer_stays_as_far_as_it_came_and_nobody_waits_for_the_rest():
    assistant, visit = Assistant(), {}
    talk = Talk(assistant)
    growing = talk.ask((), visit, event(question="slow"))
    next(growing), next(growing)
    talk.stop(visit)
    ((page, said, _),) = growing
    assert said[-1].state == STOPPED and "You stopped this answer" in page and "all words" not in page
    visit["asking"].join(5)
    assert assistant.closed == 1


def test_a_closed_page_stops_its_answer():
    assistant, visit = Assistant(), {}
    growing = Talk(assistant).ask((), visit, event(question="slow"))
    next(growing), next(growing)
    growing.close()
    visit["asking"].join(5)
    assert visit["asking"].stopped and assistant.closed == 1


@pytest.mark.parametrize("data", [{}, {"question": ""}, {"question": "  \n"}, {"question": 7}, {"question": None}])
def test_an_empty_question_gets_a_hint(data):
    assistant = Assistant()
    ((_, _, composer),) = Talk(assistant).ask((), {}, event(**data))
    assert composer == {"hint": "Type a question first."} and assistant.asked == []


def test_a_question_before_any_document_is_kept_and_told_what_to_do():
    ((_, _, composer),) = Talk(Assistant(sources=[])).ask((), {}, event(question="why?"))
    assert "drop a file" in composer["hint"] and composer["question"] == "why?"


def test_an_error_stays_at_its_question():
    *_, (page, said, _) = Talk(Assistant()).ask((), {}, event(question="fail"))
    assert said[-1].state == FAILED and "The model is gone; start it." in page


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_unforeseen_error_ends_the_turn_too():
    *_, (page, said, _) = Talk(Assistant()).ask((), {}, event(question="break"))
    assert said[-1].state == FAILED and "Something went wrong" in page


@dataclass
class Writing(Assistant):
    """Writes answers again, word by word."""

    model_name: str = "small"

    def stream_again(self, answer, style) -> Iterator[Answer]:
        yield replace(answer, complete=False, stage="writing")
        time.sleep(4 * BETWEEN if style == "longer" else 0)
        if style == "simpler":
            raise ModelFailed("the model is gone; start it")
        yield replace(answer, text=f"{style} words", complete=True, stage="done")


def test_the_last_answer_is_written_again_in_its_place_and_no_other():
    talk, visit = Talk(Writing()), {}
    said = list(talk.ask((), visit, event(question="why?")))[-1][1]
    said = list(talk.ask(said, visit, event(question="how?")))[-1][1]
    seen = list(talk.again(said, visit, event(turn=2, style="shorter")))
    assert seen[0][1][-1].state == BUSY and seen[0][1][-1].answer.text == "all words"
    again = seen[-1][1]
    assert [each.answer.text for each in again] == ["all words", "shorter words"] and again[-1].question == "how?"
    for turn, style in ((1, "shorter"), (2, "louder"), (3, "shorter")):
        assert len(list(talk.again(again, visit, event(turn=turn, style=style)))) == 1
    failed = list(talk.again(again, visit, event(turn=2, style="simpler")))[-1][1][-1]
    assert failed.state == FAILED and failed.answer.text == "shorter words" and "gone" in failed.problem


def test_who_stops_before_there_are_new_words_keeps_the_answer_whole():
    talk, visit = Talk(Writing()), {}
    said = list(talk.ask((), visit, event(question="why?")))[-1][1]
    growing = talk.again(said, visit, event(turn=1, style="longer"))
    next(growing)
    talk.stop(visit)
    assert list(growing)[-1][1] == said


def test_nothing_is_written_again_where_answers_are_quoted():
    talk, visit = Talk(Writing(model_name="")), {}
    said = list(talk.ask((), visit, event(question="why?")))[-1][1]
    [(page, same, _)] = talk.again(said, visit, event(turn=1, style="shorter"))
    assert "__type__" in str(page) and "__type__" in str(same)
