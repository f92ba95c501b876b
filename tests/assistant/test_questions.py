"""Which questions are made of sentences and headings."""

import pytest

from assistant.questions import of_heading, of_sentence

SENTENCES = [
    ("Performance reviews are conducted annually and matter.", "How often are performance reviews conducted?"),
    ("The Chief Executive Officer (CEO) will be responsible for direction.", None),
    ("PerksPlus covers a wide range of activities.", "What does PerksPlus cover?"),
    ("Northwind Standard is a basic plan.", "What is Northwind Standard?"),
    ("Lena Brandt is a German engineer.", "Who is Lena Brandt?"),
    ("Employees must report an accident within 30 days.", "How soon must employees report an accident?"),
    ("Employees may not accept gifts from suppliers.", "May employees accept gifts from suppliers?"),
    ("Anna Berg was born in Oslo on 3 May 1932.", "When was Anna Berg born?"),
    ("At least 76 people were killed in the strikes.", "How many people were killed in the strikes?"),
]


@pytest.mark.parametrize(("sentence", "question"), SENTENCES)
def test_a_sentence_becomes_the_question_that_it_answers(sentence, question):
    question = question or "What is the Chief Executive Officer responsible for?"
    assert (of_sentence(sentence) or ("", ""))[1] == question


@pytest.mark.parametrize(
    "sentence",
    [
        "For Northwind Standard, the plan pays.",
        "Our Mission is a promise.",
        "They may not leave the house.",
        "It is a plan.",
    ],
)
def test_what_only_the_text_around_it_explains_is_not_asked_about(sentence):
    assert of_sentence(sentence) is None


def test_a_word_that_is_written_small_elsewhere_is_no_name():
    assert of_sentence("Deductibles are a part of the price.", {"deductibles"}) == (
        "definition",
        "What are deductibles?",
    )
    assert of_sentence("Deductibles are a part of the price.") == ("definition", "What are Deductibles?")


def test_a_heading_is_asked_about_where_it_names_a_topic():
    known = {"workplace", "safety", "what", "is", "covered"}
    assert of_heading("2.1 Workplace Safety:", known) == "Tell me about workplace safety."
    assert of_heading("Northwind Health Plus", known) == "Tell me about Northwind Health Plus."
    assert of_heading("What is Covered?", known) == "What is covered?"
    for heading in ("Introduction", "Our Mission", "Table of Contents", "3", "Annual report 2023", "Why?"):
        assert of_heading(heading, known) == ""
