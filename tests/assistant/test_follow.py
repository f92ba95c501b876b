import pytest

from assistant.follow import carry
from assistant.types import Answer, Turn
from tests.benchmarks.talks import followed, talks


def turn(question, short="", asked=""):
    return Turn(question, Answer(question, text=f"It is {short}.", short=short, outcome="answered", asked=asked))


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        ("How many people were killed in September?", "and in October?", "How many people were killed in October?"),
        ("How much did energy cost in 2023?", "What about 2022?", "How much did energy cost in 2022?"),
        ("How much does the rye loaf cost?", "And the white one?", "How much does the white loaf cost?"),
        ("How long did it last with Sedatal?", "and with the placebo?", "How long did it last with the placebo?"),
        ("What notice must the tenant give?", "And the landlord?", "What notice must the landlord give?"),
        ("Is smoking allowed in the flat?", "What about dogs?", "Is dogs allowed in the flat?"),
        ("Who found the wreck?", "and the gold?", "Who found the gold?"),
    ],
)
def test_a_continuation_exchanges_a_part_of_the_last_question(before, question, expected):
    assert carry(question, [turn(before)]) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When did she leave?", "When did Agnes Thorne leave?"),
        ("Where is her logbook?", "Where is Agnes Thorne's logbook?"),
        ("Who paid her?", "Who paid Agnes Thorne?"),
    ],
)
def test_a_pronoun_becomes_the_person_named_last(question, expected):
    history = [turn("Who built the tower?", "Jonas Reed"), turn("Who was the last keeper?", "Agnes Thorne")]
    assert carry(question, history).startswith(expected)
    assert "Reed" not in carry(question, history)


def test_the_person_is_remembered_over_a_turn_that_names_nobody():
    history = [turn("Who was the last keeper?", "Agnes Thorne"), turn("When did she leave?", "1991")]
    assert "Agnes Thorne" in carry("How long had she served?", history)


def test_several_names_are_nobody_in_particular():
    history = [turn("Who was the last keeper?", "Agnes Thorne"), turn("Who saw the ship?", "Lund and Odense")]
    assert "Lund" not in carry("When did she leave?", history).partition("(")[0]


@pytest.mark.parametrize(
    "question",
    [
        "Who offered his resignation?",
        "Which shop closed when its lease ended?",
        "Why did the firm cut its price?",
        "What does the band at the summer fair cost?",
        "Is there a gym?",
        "What is this document about?",
        "What did Tom Willis say he wanted?",
    ],
)
def test_an_old_topic_is_not_mixed_into_a_question_that_stands_alone(question):
    assert carry(question, [turn("How high is the tower?", "38 metres")]) == question


def test_it_brings_the_last_topic_along_in_brackets():
    assert carry("When is it due?", [turn("How much is the rent?", "780 euros")]) == "When is it due? (rent)"
    assert carry("Where is it based?", [turn("Who paid for the trial?", "Norvia")]).endswith("(paid trial norvia)")


@pytest.mark.parametrize("question", ["Tell me more", "Where does it say that?"])
def test_more_and_where_stand_for_the_last_question(question):
    assert carry(question, [turn("and in May?", asked="What was sold in May?")]) == "What was sold in May?"


def test_there_are_enough_conversations_and_most_find_what_the_full_question_finds(shelf):
    every = talks()
    assert len(every) >= 60 and max(len(talk.questions) for talk in every) == 3
    reported = [talk for talk in every if talk.half == 1][:16]
    held = [talk.expected.casefold() in followed(shelf, talk).text.casefold() for talk in reported]
    full = [talk.expected.casefold() in shelf.ask(talk.full).text.casefold() for talk in reported]
    assert sum(held) >= 0.8 * sum(full)
