import random

import pytest

from index.sentences import LONGEST, sentences


def parts(text):
    return [text[start:end] for start, end in sentences(text)]


def test_abbreviations_and_numbers_do_not_end_a_sentence():
    text = "Dr. Smith paid $3.50 to Acme Inc. in Jan. 2024. He left. U.S. forces moved."
    assert parts(text) == ["Dr. Smith paid $3.50 to Acme Inc. in Jan. 2024.", "He left.", "U.S. forces moved."]


def test_a_blank_line_ends_a_sentence_and_a_wrapped_line_does_not():
    assert parts("A line that\nis wrapped\n\nAnother") == ["A line that\nis wrapped", "Another"]


def test_list_items_headings_and_rows_stand_alone_without_their_marks():
    text = "# Leave\nYou get:\n- 25 days\n- a bonus\n1. First of all\n| a | b |\n| c | d |\n"
    assert parts(text) == ["Leave", "You get:", "25 days", "a bonus", "1. First of all", "a | b |", "c | d |"]


def test_rows_of_cells_stand_alone():
    assert parts("Fees\nName | Price\nAdult | 5\nAll prices\nin euros.") == [
        "Fees",
        "Name | Price",
        "Adult | 5",
        "All prices\nin euros.",
    ]


def test_a_lone_number_belongs_to_what_follows_it():
    assert parts("1. One thing. 2. Two things.") == ["1. One thing.", "2. Two things."]


def test_a_sentence_without_end_is_cut():
    found = sentences("word " * 3000)
    assert all(end - start <= LONGEST for start, end in found)
    assert "".join(parts("word " * 3000)).replace(" ", "") == "word" * 3000


@pytest.mark.parametrize("text", ["", " \n\n ", "...", "😀", "a" * 5000, "\u202eabc. def", "第一句。第二句。"])
def test_odd_texts_give_slices(text):
    for start, end in sentences(text):
        assert 0 <= start < end <= len(text)
        assert text[start:end].strip() == text[start:end]


def test_sentences_of_random_texts_are_in_order_and_lose_no_letter():
    rng = random.Random(1)
    for _ in range(300):
        text = "".join(rng.choice("ab. \n-#|1?!é😀") for _ in range(rng.randrange(200)))
        found = sentences(text)
        assert all(a[1] <= b[0] for a, b in zip(found, found[1:], strict=False))
        kept = "".join(text[start:end] for start, end in found)
        assert [c for c in kept if c.isalpha()] == [c for c in text if c.isalpha()]
