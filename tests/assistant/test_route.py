import time

import pytest

from assistant.route import LOOK_UP, PLAIN, route
from tests.benchmarks.ways import labelled


@pytest.mark.parametrize(("name", "least"), [("routes.txt", 0.95), ("routes_after.txt", 0.9)])
def test_the_reporting_half_is_sent_where_it_belongs(name, least):
    rows = [(label, question) for label, question, half in labelled(name) if half == 1]
    wrong = [(label, route(question), question) for label, question in rows if route(question) != label]
    assert len(wrong) <= (1 - least) * len(rows), wrong


def test_there_are_enough_labelled_questions_of_every_way():
    labels = [label for label, _, _ in labelled("routes.txt")]
    assert len(labels) > 200
    assert min(labels.count(label) for label in set(labels)) >= 15


@pytest.mark.parametrize(
    "question",
    [
        "Hi, who is Alvin Holsey?",
        "Thanks to whom was the harbour built?",
        "How many people are in the group?",
        "What does the contract say about subletting?",
        "Name the first president",
        "Who helps when the lift is stuck?",
    ],
)
def test_what_is_to_be_looked_up_is_not_taken_for_anything_else(question):
    assert route(question) == LOOK_UP


def test_a_greeting_with_a_question_behind_it_is_no_greeting():
    assert route("Hello there!") == PLAIN
    assert route("Hello, is smoking allowed?") != PLAIN


def test_a_long_question_is_told_at_once():
    began = time.monotonic()
    for piece in ("why or ", "is a or b, ", "the difference ", "how many times ", "  \n "):
        route(piece * 5_000)
    assert time.monotonic() - began < 1
