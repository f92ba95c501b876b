"""Answers that name no source: the model is asked once more, then each statement is matched, and marked as such."""

import pytest

from assistant import Assistant, Settings
from assistant.sample import SAMPLE
from tests.stub import Scripted, WordEmbedder

QUESTION = "How many people have been killed?"
BARE = "At least 76 people have been killed in the strikes. Nobody likes purple elephants."


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sources") / "library"
    with Assistant.open(folder, Settings(model=None, store="memory"), embedder=WordEmbedder()) as assistant:
        assistant.add(SAMPLE)
        yield assistant.index


def answered(index, replies, **more):
    model = Scripted(replies=replies)
    settings = Settings(model=None, store="memory", refuse_below=0.02, **more)
    return Assistant(index, settings, model).ask(QUESTION), model


def sentence_of(index):
    """A sentence of the first passage that is found, as the sample has it."""
    return Assistant(index, Settings(model=None, store="memory", refuse_below=0.02)).ask(QUESTION).claims[0].text


def test_a_model_is_asked_once_more_and_its_numbers_count(library):
    again = ["At least 76 people have been killed in the strikes. [1.1] Nobody likes purple elephants."]
    answer, model = answered(library, {"names no sources": again, QUESTION: [BARE]})
    assert [claim.verdict for claim in answer.claims] == ["cited", "unsupported"]
    assert len(model.seen) == 2 and BARE in model.seen[1]


def test_what_says_something_else_the_second_time_does_not_count(library):
    answer, model = answered(library, {"names no sources": ["Cheese is made of milk. [1.1]"], QUESTION: [BARE]})
    assert "Cheese" not in answer.text
    assert len(model.seen) == 2


def test_a_statement_without_numbers_is_matched_with_the_sentence_that_says_so(library):
    said = sentence_of(library)
    answer, model = answered(library, {QUESTION: [f"{said} Nobody likes purple elephants."]})
    assert [claim.verdict for claim in answer.claims] == ["matched", "unsupported"]
    assert " ".join(answer.citations[0].quote.split()) in " ".join(SAMPLE.read_text().split())
    assert answer.claims[0].check == "supported"
    assert len(model.seen) == 2, "asked once more, and no more than that"


def test_a_statement_that_nothing_says_is_not_matched(library):
    answer, _ = answered(library, {QUESTION: ["Purple elephants dance at night. Cheese is made of milk."]})
    assert answer.claims[0].verdict == "quoted", "the quoted answer stands"
    assert "named no source" in answer.notes[-1]


def test_an_answer_with_sources_is_not_asked_for_again(library):
    _, model = answered(library, {QUESTION: ["At least 76 people were killed. [1.1]"]})
    assert len(model.seen) == 1


def test_a_model_that_fails_when_asked_again_leaves_its_first_answer(library):
    said = sentence_of(library)
    answer, _ = answered(library, {"names no sources": [ConnectionError("gone")], QUESTION: [said]})
    assert answer.complete and answer.claims[0].verdict == "matched" and not answer.notes


def test_strict_leaves_out_what_the_sources_do_not_say_and_tells_how_many(library):
    said = sentence_of(library)
    reply = [f"{said} [1.1][1][2][3] Purple elephants dance. [1.1]"]
    answer, _ = answered(library, {QUESTION: reply})
    assert [claim.check for claim in answer.claims] == ["supported", "not supported"]
    assert answer.claims[1].reason
    strict, _ = answered(library, {QUESTION: reply}, strict=True)
    assert [claim.check for claim in strict.claims] == ["supported"]
    assert "1 sentence was left out" in strict.notes[-1]
    assert all(strict.text[claim.start : claim.end] == claim.text for claim in strict.claims)


def test_words_that_stand_nowhere_lose_their_quotation_marks(library):
    reply = ["The report says: “seventy million people were killed”. [1.1] It calls this a “real” threat. [1.1]"]
    answer, _ = answered(library, {QUESTION: reply})
    assert "“seventy" not in answer.text and "seventy million people were killed" in answer.text
    assert "“real”" in answer.text, "a word or two is no quotation"
