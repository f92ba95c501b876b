"""What verdicts from the window write to the question set in the library's folder."""

from __future__ import annotations

import errno
import json
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant.evaluation import load_cases
from assistant.types import Answer, Citation
from assistant.window import cases
from assistant.window.cases import READ_ONLY, Cases
from assistant.window.said import BUSY, DONE, FAILED, STOPPED, Said
from assistant.window.talk import Talk
from assistant.window.verdict import GOOD, MISSING, WRONG, Verdict

CITED = Citation(1, "report.pdf", "abc", 4, 14, 3, "iii", "Strikes", "page iii", "76 people.")
FOUND = Answer("And how many?", "It was 76 people.", "76", (), (CITED,), outcome="answered", complete=True)
MISSED = Answer("Why?", complete=True)
EARLIER = Said("Who was there?", Answer("Who was there?", "People.", outcome="answered", complete=True), DONE)


def library(folder: Path, writable: bool = True):
    return SimpleNamespace(index=SimpleNamespace(folder=folder, writable=writable))


def kept(folder: Path, kind: str, correction: str = "", answer: Answer = FOUND, before: tuple[Said, ...] = ()):
    said = (*before, Said(answer.question, answer, DONE))
    assert Cases(library(folder)).keep(said, len(said), kind, correction) == Verdict(kind, folder.name)
    return load_cases(folder / "cases.jsonl").cases[-1]


def test_a_good_answer_is_kept_with_its_evidence(tmp_path):
    case = kept(tmp_path, GOOD, "not for this")
    assert (case.question, case.answers, case.answerable) == ("And how many?", ("76",), True)
    (piece,) = case.evidence
    assert (piece.document, piece.quote, piece.start, piece.end) == ("report.pdf", "76 people.", 4, 14)


def test_a_wrong_answer_is_kept_with_what_it_should_have_said(tmp_path):
    case = kept(tmp_path, WRONG, "  83 people\nin all ")
    assert (case.answers, case.answerable, case.evidence) == (("83 people\nin all",), True, ())


def test_a_wrong_answer_without_a_correction_is_kept_as_wrong(tmp_path):
    case = kept(tmp_path, WRONG, " \n")
    assert case.answers == () and case.answerable and "It was 76 people." in case.reference


def test_what_is_not_in_the_documents_is_kept_as_such(tmp_path):
    case = kept(tmp_path, MISSING, "not for this")
    assert case.answers == () and not case.answerable
    assert not kept(tmp_path, GOOD, answer=MISSED).answerable
    assert kept(tmp_path, WRONG, "because", MISSED).answers == ("because",)


def test_a_follow_up_is_kept_as_it_stands_alone_with_the_turns_before_it(tmp_path):
    alone = Answer("And how many?", "76", "76", outcome="answered", asked="How many people were there?")
    failed = Said("Where?", Answer("Where?"), FAILED, "no")
    case = kept(tmp_path, GOOD, answer=alone, before=(EARLIER, failed))
    assert case.question == "How many people were there?"
    assert case.history == (("Who was there?", "People."),)


@pytest.mark.parametrize(
    "text", ["<b>${x}</b>", '"}\n{"question": "no"}', "\u202e\x00\u2028 a", "half \ud800", "\\", "日本語"]
)
def test_hostile_words_stay_one_case(tmp_path, text):
    kept(tmp_path, WRONG, text, Answer(text, text))
    assert len((tmp_path / "cases.jsonl").read_bytes().split(b"\n")) == 2
    assert json.loads((tmp_path / "cases.jsonl").read_bytes())["answers"] == [text.replace("\ud800", "?")]


def test_a_library_that_can_only_be_read_says_so(tmp_path):
    verdict = Cases(library(tmp_path, writable=False)).keep((EARLIER,), 1, GOOD)
    assert verdict == Verdict(problem=READ_ONLY) and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("number", "said"), [(errno.EROFS, "only be read"), (errno.ENOSPC, "no space left")])
def test_a_file_that_cannot_be_written_says_so(tmp_path, number, said):
    def folder(name):
        raise OSError(number, "No space left on device")

    index = SimpleNamespace(
        folder=type("Folder", (), {"__truediv__": lambda self, name: folder(name)})(), writable=True
    )
    verdict = Cases(SimpleNamespace(index=index)).keep((EARLIER,), 1, GOOD)
    assert verdict.kind == "" and said in verdict.problem


def test_a_file_that_is_no_question_set_is_left_alone_and_named(tmp_path):
    (tmp_path / "cases.jsonl").write_text("{broken\nlines\n")
    problem = Cases(library(tmp_path)).keep((EARLIER,), 1, GOOD).problem
    assert problem.startswith("nothing was saved: cases.jsonl") and "\n" not in problem
    assert (tmp_path / "cases.jsonl").read_text() == "{broken\nlines\n"


@pytest.mark.parametrize(
    ("turn", "kind"), [(0, GOOD), (5, GOOD), (1, ""), (1, "open"), (2, GOOD), (3, GOOD), (4, WRONG)]
)
def test_what_cannot_be_judged_writes_nothing(tmp_path, turn, kind):
    greeting = Said("Hi", Answer("Hi", "Hello.", outcome="plain", complete=True), DONE)
    said = (EARLIER, greeting, Said("?", FOUND, STOPPED), Said("?", FOUND, BUSY))
    assert Cases(library(tmp_path)).keep(said, turn, kind) is None
    assert list(tmp_path.iterdir()) == []


def test_verdicts_given_at_once_are_all_kept(tmp_path):
    said = tuple(Said(f"Question {number}?", Answer("", "so", outcome="answered"), DONE) for number in range(12))
    keeping = Cases(library(tmp_path))
    threads = [threading.Thread(target=keeping.keep, args=(said, turn, GOOD)) for turn in range(1, 13)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(load_cases(tmp_path / cases.FILE)) == 12


def event(**data):
    return SimpleNamespace(_data=data)


def test_the_last_verdict_is_shown_until_the_next_event(tmp_path):
    talk, said, visit = Talk(library(tmp_path)), (EARLIER, Said("And how many?", FOUND, DONE)), {}
    assert f'Saved to cases.jsonl in <bdi class="name">{tmp_path.name}' in talk.judge(
        said, visit, event(turn=1, verdict="good")
    )
    page = talk.judge(said, visit, event(turn=2, verdict="wrong", correction="83"))
    assert page.count("Saved to") == 1 and page.count('aria-pressed="true"') == 2
    assert visit["verdicts"] == {1: Verdict(GOOD), 2: Verdict(WRONG, tmp_path.name)}


def test_a_verdict_that_cannot_be_saved_leaves_the_earlier_one_standing(tmp_path):
    visit = {"verdicts": {1: Verdict(GOOD, "books")}}
    page = Talk(library(tmp_path, writable=False)).judge((EARLIER,), visit, event(turn=1, verdict="wrong"))
    assert "can only be read here" in page and visit["verdicts"] == {1: Verdict(GOOD, problem=READ_ONLY)}


def test_while_an_answer_grows_only_that_is_drawn(tmp_path):
    said, visit = (EARLIER, Said("?", FOUND, BUSY)), {}
    assert not isinstance(Talk(library(tmp_path)).judge(said, visit, event(turn=1, verdict="good")), str)
    assert visit["verdicts"] == {1: Verdict(GOOD, tmp_path.name)}


@pytest.mark.parametrize("data", [{}, {"turn": "1", "verdict": 7}, {"turn": 1}, {"turn": -1, "verdict": "good"}])
def test_an_event_that_is_no_verdict_changes_nothing(tmp_path, data):
    visit = {}
    Talk(library(tmp_path)).judge((EARLIER,), visit, event(**data))
    assert visit == {} and list(tmp_path.iterdir()) == []
