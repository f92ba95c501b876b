"""The streaming parser: whatever a model writes, and however it is cut into pieces."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.marks import Parser, parse
from assistant.types import Span

SPANS = {number: Span("a.txt", place, place + 1) for place, number in enumerate(["1", "1.1", "1.2", "1.3", "2", "2.1"])}
WRITTEN = (
    "You get 25 days. [1.1] Take them by March. [1.2, 2.1]\n\n- Pay is **monthly** [2.1].\n- See [this](http://x.y)"
)
PIECES = st.sampled_from(
    "[|]|1|.|1.1|,| |word|Word. |\n|\n\n|[1.1]|[9.9]|[1.1|é😀|((|\\|$x|![|](|<img src=x>|<think>|</think>|**|`|- "
    "|1. |&lt;|[1.1-1.3]|\u200b|\ue0001\ue001".split("|")
)
ANYTHING = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=60)


def fed(pieces):
    """The parser after these pieces; every draft on the way is looked at."""
    parser = Parser(SPANS)
    for piece in pieces:
        parser.feed(piece)
        for statement in parser.draft().statements:
            assert statement.text.strip()
            assert all(span in SPANS.values() for span in statement.spans)
    return parser


def test_what_a_model_thinks_behind_blank_lines_of_their_own_is_left_out():
    draft = fed(["\n\n", "<", "think>", "Let me see. [1.1]\n\n", "</think>", "\n\nIt is so."]).whole()
    assert [statement.text for statement in draft.statements] == ["It is so."]


@settings(max_examples=150, deadline=None)
@given(ANYTHING)
def test_nothing_that_a_model_writes_raises_and_the_pieces_make_no_difference(pieces):
    whole = fed(pieces).whole()
    assert whole == parse("".join(pieces), SPANS)
    assert whole.complete


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, len(WRITTEN)), max_size=12))
def test_any_split_of_a_marker_gives_the_same_answer_and_shows_no_part_of_it(cuts):
    places = [0, *sorted(cuts), len(WRITTEN)]
    parser = Parser(SPANS)
    for start, end in zip(places, places[1:], strict=False):
        parser.feed(WRITTEN[start:end])
        assert not any("[1" in statement.text or "[2" in statement.text for statement in parser.draft().statements)
    draft = parser.whole()
    assert [statement.text for statement in draft.statements] == [
        "You get 25 days.",
        "Take them by March.",
        "Pay is monthly.",
        "See this (http://x.y)",
    ]
    assert [statement.spans for statement in draft.statements[:3]] == [
        (SPANS["1.1"],),
        (SPANS["1.2"], SPANS["2.1"]),
        (SPANS["2.1"],),
    ]


@pytest.mark.parametrize(
    ("mark", "numbers"),
    [
        ("[1.1-1.3]", ["1.1", "1.2", "1.3"]),
        ("【2.1】", ["2.1"]),
        ("[Sentence 1.2]", ["1.2"]),
        ("[passage 2, 1.1]", ["2", "1.1"]),
        ("[1.1 and 2.1]", ["1.1", "2.1"]),
        ("[^1.1]", ["1.1"]),
        ("[9.9]", []),
        ("[1.1-9.9]", ["1.1"]),
        ("[0]", []),
    ],
)
def test_the_ways_in_which_models_write_marks(mark, numbers):
    [statement] = parse(f"So it is {mark}.", SPANS).statements
    assert statement.text == "So it is."
    assert statement.spans == tuple(SPANS[number] for number in numbers)


@pytest.mark.parametrize("text", ["In [brackets] it stays.", "A list [of words, 3 of them] stays.", "x[i] = 3 stays."])
def test_other_brackets_stay(text):
    [statement] = parse(text, SPANS).statements
    assert statement.text == text


def test_what_a_model_thinks_aloud_is_not_shown():
    parser = Parser(SPANS)
    for piece in ["<th", "ink>Let me ", "see. [1.1] " * 900, "</thi", "nk>", "\nYes. [1.2]"]:
        parser.feed(piece)
        assert not any("see" in each.text or "think" in each.text for each in parser.draft().statements)
    assert parser.length < 50
    [statement] = parser.whole().statements
    assert (statement.text, statement.spans) == ("Yes.", (SPANS["1.2"],))


def test_a_refusal_is_never_shown_as_text():
    parser = Parser(SPANS)
    for letter in "**NOT IN THE DOCUMENTS**":
        parser.feed(letter)
        assert not parser.draft().statements
    assert parser.whole().outcome == "not_found"


@pytest.mark.parametrize(
    "unit", ["Word after word. [1.1] ", "a\n\n", "[", "![[](", "*a ", "1. ", "<", "- ", " ", "&lt;"]
)
def test_time_is_linear_in_what_a_model_writes(unit):
    def seconds(characters):
        parser, piece = Parser(SPANS), unit * 8
        began = time.thread_time()
        for _ in range(characters // len(piece)):
            parser.feed(piece)
            parser.draft()
        parser.whole()
        return time.thread_time() - began

    seconds(400)
    small, large = seconds(2_000), seconds(8_000)
    assert large < 12 * small + 0.3, "four times as much would take sixteen times as long if time were quadratic"
