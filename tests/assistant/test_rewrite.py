import pytest

from assistant.errors import ModelFailed
from assistant.follow import carry
from assistant.rewrite import rewrite
from assistant.types import Answer, Turn
from tests.stub import Scripted

KILLED = Turn("How many people have been killed?", Answer("How many people have been killed?", text="76 people."))


@pytest.mark.parametrize("question", ["who were they?", "Why?", "When was it?"])
def test_a_question_that_leans_carries_the_last_topic(question):
    assert carry(question, [KILLED]).endswith("(people killed)")


@pytest.mark.parametrize(
    "question",
    [
        "What is the capital of Peru today?",
        "Who leads the British government in London?",
        "What is photosynthesis?",
        "Who offered his resignation?",
    ],
)
def test_a_question_that_stands_alone_is_unchanged(question):
    assert carry(question, [KILLED]) == question
    assert carry("and in October?", []) == "and in October?"


def test_a_topic_is_carried_over_more_than_one_turn():
    second = Turn("and in October?", Answer("and in October?", asked="and in October? (people killed)"))
    assert "killed" in carry("and in November?", [KILLED, second])


def test_a_model_rewrites_only_where_there_is_history():
    model = Scripted(replies={"Last question: and in October?": ["How many people ", "were killed in October?\n"]})
    assert rewrite("and in October?", [], model) == "and in October?"
    assert rewrite("and in October?", [KILLED], model) == "How many people were killed in October?"
    assert "76 people." in model.seen[0]


@pytest.mark.parametrize("reply", ["", "\n\n", "word " * 500])
def test_a_useless_rewriting_is_not_used(reply):
    assert rewrite("who were they?", [KILLED], Scripted(replies={"": [reply]})).endswith("(people killed)")


def test_a_model_that_fails_raises_one_sentence():
    with pytest.raises(ModelFailed, match="cannot be reached"):
        rewrite("and in October?", [KILLED], Scripted(replies={"": [ConnectionError("refused")]}))
