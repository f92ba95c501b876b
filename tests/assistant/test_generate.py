import random

import pytest

from assistant.context import context
from assistant.marks import Parser, parse
from assistant.types import Request
from index.types import Found, Hit, Passage

TEXT = "Leave is 25 days. It must be taken by March."
REQUEST = Request(
    "How much leave?",
    (
        Hit(Passage("a", "h.pdf", TEXT, 100, 100 + len(TEXT), 3, "Leave"), 1.0, {"words": Found(1, 2.0)}),
        Hit(Passage("b", "p.pdf", "Pay is monthly.", 0, 15), 0.5, {}),
    ),
)
SHOWN = context(REQUEST)
LINES, SPANS = SHOWN.text, SHOWN.spans


def parsed(written, complete=True):
    if complete:
        return parse(written, SPANS)
    parser = Parser(SPANS)
    parser.feed(written)
    return parser.draft()


def test_sentences_are_numbered_by_passage_and_place():
    assert "[1.1] Leave is 25 days.\n[1.2] It must be taken by March." in LINES
    assert (SPANS["1.2"].start, SPANS["1.2"].end) == (118, 144)
    assert (SPANS["1"].start, SPANS["1"].end) == (100, 144)


def test_a_number_names_the_sentence_before_it():
    draft = parsed("You get 25 days. [1.1] Pay comes monthly [2.1].")
    assert [s.text for s in draft.statements] == ["You get 25 days.", "Pay comes monthly."]
    assert [s.spans for s in draft.statements] == [(SPANS["1.1"],), (SPANS["2.1"],)]


@pytest.mark.parametrize("mark", ["[1.1][1.2]", "[1.1, 1.2]", "[1.1; 1.2]", "[1.1] [1.2]", "[1.1][9.9][1.2]"])
def test_several_numbers_may_follow_a_sentence(mark):
    [statement] = parsed(f"You get 25 days until March. {mark}").statements
    assert statement.spans == (SPANS["1.1"], SPANS["1.2"])


def test_a_number_that_names_nothing_supports_nothing():
    [statement] = parsed("The moon is cheese. [7.7]").statements
    assert statement.spans == ()
    assert statement.text == "The moon is cheese."


@pytest.mark.parametrize(
    "written", ["NOT IN THE DOCUMENTS", "not in the documents.", "**NOT IN THE DOCUMENTS**", "", "  \n"]
)
def test_a_refusal_is_told(written):
    assert parsed(written).outcome == "not_found"


def test_paragraphs_are_kept():
    draft = parsed("One. [1.1]\n\nTwo. [2.1]")
    assert next(s.after for s in draft.statements) == "\n\n"


def test_every_cut_of_a_stream_gives_whole_marks_or_none():
    written = "You get 25 days. [1.1] Take them by March. [1.2, 2.1]\n\nPay is monthly. [2.1]"
    for end in range(len(written) + 1):
        draft = parsed(written[:end], complete=False)
        assert not any("[" in statement.text for statement in draft.statements), written[:end]


def test_nothing_that_a_model_writes_raises():
    rng = random.Random(3)
    pieces = [
        "[",
        "]",
        "1",
        ".",
        "1.1",
        ",",
        ";",
        " ",
        "word",
        "\n",
        "[1.1]",
        "é😀",
        "[1.1",
        "((",
        "\\",
        "$x",
        "%s",
        "{}",
    ]
    for _ in range(2_000):
        written = "".join(rng.choice(pieces) for _ in range(rng.randrange(40)))
        for complete in (True, False):
            for statement in parsed(written, complete).statements:
                assert all(span in SPANS.values() for span in statement.spans)


def test_what_does_not_fit_the_budget_is_left_out():
    shown = context(Request("q", REQUEST.hits, budget=25))
    assert "Pay" not in shown.text
    assert "2.1" not in shown.spans
    assert shown.left_out == 1 and "1 passage that was found does not fit" in shown.note
