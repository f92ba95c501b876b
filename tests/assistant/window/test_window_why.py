"""Why passages were found, and what became of one that was expected, as the window says it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from assistant import Assistant, Settings
from assistant.spoken import ordinal
from assistant.types import Answer
from assistant.window import answers, source
from assistant.window.said import BUSY, DONE, FAILED, STOPPED, Said, place
from assistant.window.talk import Talk
from assistant.window.why import Why, cited, marked, panel, ranks
from index.types import Explanation, Found, Hit, Passage, Scope, Searched
from tests.assistant.window.test_window_rendering import HOSTILE, answer, hit, missed, read
from tests.assistant.window.test_window_rendering import cited as quoted
from tests.stub import WordEmbedder

PLAIN = ("chunk", "embedding", "vector", "bm25", "cosine")


def event(**data):
    return SimpleNamespace(_data=data)


def test_ranks_are_in_words_that_people_use():
    assert [ordinal(each) for each in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)] == (
        "1st 2nd 3rd 4th 11th 12th 13th 21st 102nd 111th".split()
    )
    by = {"words": Found(3, 7.41), "meaning": Found(1, 0.62)}
    assert ranks(by) == "3rd by words (score 7.4), 1st by meaning (62% alike)"
    assert ranks({"meaning": Found(22, -0.1)}) == "not found by words, 22nd by meaning (0% alike)"


def test_the_words_that_matched_are_marked_as_they_stand_there():
    assert marked("Réunion, <réunion>: réunions", ("réunion",)) == (
        "<mark>Réunion</mark>, &lt;<mark>réunion</mark>&gt;: réunions"
    )


def test_the_passages_that_are_cited_are_told_from_the_others():
    made = Answer("?", "So.", citations=(quoted("So it was.", start=5),))
    passages = [Passage("1", "report.pdf", "x" * 10, start, start + 10) for start in (0, 14, 15, 90)]
    assert [cited(made, each) for each in passages] == [[1], [1], [], []]
    assert cited(made, replace(passages[0], source="other.pdf")) == []


def told(text: str, state: str = DONE, why: Why | None = None) -> str:
    made = replace(answer(text), question="What was it?", hits=(hit(text, "report.pdf", 1), hit("Else.", "b.md", 2)))
    whys = {} if why is None else {1: why}
    return answers.conversation((Said("What was it?", made, state),), whys=whys)


def test_an_answer_says_why_when_it_is_asked_to():
    closed, opened = told("It was red."), told("It was red.", why=Why())
    assert 'data-why="1" aria-expanded="false"' in closed and '<section class="why"' not in closed
    assert 'data-why="1" aria-expanded="true"' in opened
    reader = read(opened)
    assert "The 2 passages that came first, of 5" in reader.text
    assert "1st by words (score 1.0), not found by meaning" in reader.text
    assert [link for link in reader.links if "found" in link] == ["#found-1-1", "#found-1-2"]
    assert not any(word in reader.text.lower() for word in PLAIN)


def test_what_is_not_over_or_found_nothing_has_nothing_to_explain():
    assert "data-why" in told("Half.", STOPPED)
    assert not any("data-why" in told("Half.", state, Why()) for state in (BUSY, FAILED))
    greeting = Said("Hi", Answer("Hi", "Hello.", outcome="plain", complete=True), DONE)
    assert "data-why" not in answers.conversation((greeting,))


def test_each_passage_opens_and_has_the_others_beside_it():
    said = (Said("?", missed("Some words."), DONE),)
    assert place(said, "#hit-1-2").count == 3
    assert (place(said, "#found-1-5").count, place(said, "#found-1-5").number) == (5, 5)
    assert place(said, "#found-1-6") is None and place(said, "#expected-1-1") is None
    expected = place(said, "#expected-1-1", {1: Passage("9", "c.md", "Expected.", 3, 12)})
    assert (expected.source, expected.start, expected.count) == ("c.md", 3, 1)
    assert 'aria-label="Expected passage"' in source.alone(expected, "gone")


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_becomes_markup_in_the_panel(text):
    passage = Passage("1", text, text, 0, len(text), 2, text)
    found = Hit(passage, 1.0, {"words": Found(1, 1.0)})
    explained = Explanation("found", text, passage, 1, {"words": Found(1, 1.0)}, (text,))
    for why in (Why(text, explained), Why(text, problem=text)):
        read(panel(Answer(text, hits=(found,), searched=Searched(1, 1, 1)), 1, why))


@pytest.fixture
def assistant(tmp_path):
    settings = Settings(model=None, store="memory", passages=2)
    texts = [(f"note {n}.txt", "", f"Note {n}: red dust.") for n in range(5)]
    with Assistant.open(tmp_path / "library", settings, embedder=WordEmbedder()) as opened:
        opened.add_texts([("mars.txt", "Mars", "Mars is red because of iron oxide."), *texts])
        yield opened


def test_a_passage_that_was_expected_is_accounted_for_and_opens(assistant):
    talk, visit = Talk(assistant), {}
    *_, (_, said, _) = talk.ask((), visit, event(question="Is there red dust?"))
    assert "expected" in talk.explain(said, visit, event(turn=1))
    page = talk.expect(said, visit, event(turn=1, expected="IRON  oxide"))
    assert "It is in mars.txt, rank 6 of all" in read(page).text and "was cut at 2" in read(page).text
    assert "iron oxide" in read(talk.open(said, visit, event(link="#expected-1-1"))).marked
    again = talk.expect(said, visit, event(turn=1, expected="IRON  oxide"))
    assert again != page, "the page waits for a change"
    page = talk.expect(said, visit, event(turn=1, expected="made of cheese"))
    assert "These words stand in none of the 6 documents" in read(page).text
    assert "gone" in talk.open(said, visit, event(link="#expected-1-1"))
    assert "give some words of the passage" in read(talk.expect(said, visit, event(turn=1, expected=" "))).text


def test_a_passage_outside_of_what_was_asked_is_said_to_be_there(assistant):
    talk, visit = Talk(assistant), {}
    assistant.tag("note 1.txt", ["dusty"])
    *_, (_, said, _) = talk.ask((), visit, event(question="Is there red dust?"))
    said = (replace(said[0], within=Scope(tags=("dusty",))),)
    page = talk.expect(said, visit, event(turn=1, expected="iron oxide"))
    assert "outside of what was searched" in read(page).text


def test_the_panel_closes_again_and_what_is_no_turn_has_none(assistant):
    talk, visit = Talk(assistant), {}
    *_, (_, said, _) = talk.ask((), visit, event(question="Is there red dust?"))
    assert '<section class="why"' in talk.explain(said, visit, event(turn=1))
    assert '<section class="why"' not in talk.explain(said, visit, event(turn=1))
    before = dict(visit)
    for turn in (0, 2, None):
        talk.explain(said, visit, event(turn=turn)), talk.expect(said, visit, event(turn=turn, expected="x"))
    assert visit == before
