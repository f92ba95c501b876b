"""Questions to ask: made in the background, kept with their document, dropped where something else is asked first."""

from __future__ import annotations

import threading
from types import SimpleNamespace

from assistant.types import Answer
from assistant.window.documents import documents
from assistant.window.said import DONE, FAILED, Said
from assistant.window.suggesting import NEWEST, Suggesting
from assistant.window.talk import Talk
from assistant.window.welcome import welcome
from index.errors import LibraryBusy
from index.types import Entry, Receipt

WHY = "Why is <it>?"


def entry(source, ready=2):
    return Entry(source, source, f"hash of {source}", "", 0, 9, 2, ready, "", Receipt(source, "added"))


class Ledger:
    """Keeps questions as the real one does, without documents."""

    def __init__(self):
        self.kept = {}

    def known(self, source):
        return source

    def questions(self):
        return dict(self.kept)

    def put_questions(self, sha256, questions):
        self.kept[sha256] = questions


class Assistant:
    """Suggests one question for each document; for "bad.md" it fails."""

    def __init__(self, *sources):
        self.index = SimpleNamespace(ledger=Ledger(), writable=True)
        self.sources = sources
        self.asked = []
        self.between = lambda: None

    def documents(self):
        return [entry(each) for each in self.sources]

    def suggestions(self, source, going):
        self.asked.append(source)
        if source == "bad.md":
            raise LibraryBusy("the library is busy")
        return [f"What is {source}?"] if going() else []

    def further(self, answer, within, going):
        if not going():
            return []
        self.between()
        return [WHY]


def made(suggesting, entries):
    suggesting.known(entries)
    while suggesting.busy:
        thread = suggesting._thread
        if thread is not None:
            thread.join()
    return suggesting.known(entries)


def test_the_newest_documents_get_questions_once():
    assistant = Assistant()
    entries = [entry("reading.md", ready=1), entry("bad.md"), *(entry(f"{n}.md") for n in range(9))]
    suggesting = Suggesting(assistant)
    found = made(suggesting, entries)
    assert found == {f"hash of {n}.md": [f"What is {n}.md?"] for n in range(NEWEST - 2)}
    made(suggesting, entries)
    assert assistant.asked == ["bad.md", "0.md", "1.md", "2.md"]


def test_a_document_gives_way_to_a_question_that_is_being_answered():
    suggesting = Suggesting(Assistant())
    entries = [entry("a.md")]
    with suggesting.asked:
        suggesting.known(entries)
        suggesting._thread.join(0.3)
        assert suggesting.busy and not suggesting.known(entries)
    assert made(suggesting, entries)


def test_after_an_answer_comes_what_to_ask_next():
    visit = {"asking": threading.Thread()}
    talk = Talk(Assistant(), Suggesting(Assistant()))
    nothing, page = talk.further((Said("a", Answer("a"), DONE),), visit)
    assert nothing == "" and 'data-ask="Why is &lt;it&gt;?"' in page and "next-1" in page
    assert list(talk.further((Said("a", Answer("a"), FAILED),), visit)) == [""]


def test_what_to_ask_next_is_dropped_where_something_else_is_asked_or_the_document_goes():
    assistant, visit = Assistant("a.md"), {"asking": threading.Thread()}
    talk = Talk(assistant, Suggesting(assistant))
    assistant.between = lambda: visit.update(asking=threading.Thread())
    assert list(talk.further((Said("a", Answer("a"), DONE),), visit)) == [""]
    assistant.between = lambda: None
    hit = SimpleNamespace(passage=SimpleNamespace(source="gone.md"))
    assert list(talk.further((Said("a", Answer("a", hits=(hit,)), DONE),), visit)) == [""]


def test_the_questions_of_a_document_stand_in_its_receipt_and_those_of_the_newest_in_the_welcome():
    questions = {"hash of a.md": [WHY]}
    page = documents([entry("a.md"), entry("b.md")], {}, questions=questions, fresh="hash of a.md")
    assert page.count('data-ask="Why is &lt;it&gt;?"') == 2 and page.count("asks fresh") == 1
    shown = welcome([entry("b.md"), entry("a.md")], questions)
    assert "a.md" in shown and 'data-ask="Why is &lt;it&gt;?"' in shown
    assert "data-ask" not in welcome([entry("b.md")], questions)
