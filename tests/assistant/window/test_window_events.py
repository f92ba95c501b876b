"""What the window does with events: asking, stopping, adding and removing, over an assistant of a few lines."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import gradio as gr
import pytest

from assistant.errors import ModelFailed
from assistant.types import Answer
from assistant.window.asking import BETWEEN
from assistant.window.said import BUSY, DONE, FAILED, STOPPED
from assistant.window.shelf import Shelf, named, taken_over
from assistant.window.talk import Talk
from index.errors import UnknownDocument
from index.types import Entry, Receipt


@dataclass
class Assistant:
    """Answers with the question's words, one more each time."""

    sources: list[str] = field(default_factory=lambda: ["a.md"])
    added: list[tuple[bytes, str]] = field(default_factory=list)
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

    def add(self, path, *, wait=True, name=None):
        self.added.append((path.read_bytes(), name))
        self.sources.append(name)
        return [Receipt(name, "refused" if name.endswith(".bin") else "added", problem="no way to read it")]

    def remove(self, source):
        if source not in self.sources:
            raise UnknownDocument(f"there is no document {source!r}")
        self.sources.remove(source)


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


@pytest.fixture
def upload(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))

    def make(name: str, data: bytes = b"words") -> str:
        file = tmp_path / "uploads" / "some-hash" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return str(file)

    return make


def test_an_upload_is_added_under_its_own_name_and_its_copy_is_gone(upload, tmp_path):
    assistant, uploads = Assistant(), {}
    path = upload("my_file.txt")
    first, last = Shelf(assistant).add(uploads, event(path=path, name="my: file?.txt"))
    assert assistant.added == [(b"words", "my: file?.txt")]
    assert "reading…" in first[0] and "reading…" not in last[0] and uploads == {}
    assert list((tmp_path / "uploads").rglob("*")) == []


def test_a_refused_upload_says_why_until_it_is_dismissed(upload):
    shelf, uploads = Shelf(Assistant()), {}
    *_, (page, _, _) = shelf.add(uploads, event(path=upload("a.bin"), name="a.bin"))
    assert "No way to read it." in page
    (key,) = uploads
    assert "No way to read it." not in shelf.dismiss(uploads, event(key=key))[0]


def test_a_path_that_is_no_upload_is_not_touched(upload, tmp_path):
    upload("a.txt")
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    sneaky = str(tmp_path / "uploads" / ".." / "secret.txt")
    for path in (str(secret), sneaky, "", str(tmp_path / "uploads"), "/etc/passwd"):
        assert taken_over(path, tmp_path) is None
    assert secret.read_text() == "secret"


def test_removing_what_is_not_there_says_so():
    page, _, _ = Shelf(Assistant()).remove({}, event(source="b.md"))
    assert "There is no document" in page


def test_removing_a_document_takes_it_off_the_list():
    assistant = Assistant()
    Shelf(assistant).remove({}, event(source="a.md"))
    assert assistant.sources == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\files\\report.pdf", "report.pdf"),
        ("", "document"),
        ("a\0b.txt", "ab.txt"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_a_name_is_the_files_own(given, kept):
    assert named(given) == kept


def test_the_timer_runs_only_while_something_is_read():
    assistant = Assistant()
    assert _active(Shelf(assistant).refresh({})[2]) is False
    reading = [replace(each, ready=1) for each in assistant.documents()]
    assistant.documents = lambda: reading
    assert _active(Shelf(assistant).refresh({})[2]) is True


def _active(timer: gr.Timer) -> bool:
    return timer.active
