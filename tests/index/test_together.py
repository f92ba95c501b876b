"""Words that stand beside each other in a question count where they do so in a passage."""

import pytest

from index.index import Index
from index.together import together
from tests.stub import WordEmbedder


def test_the_share_of_pairs_that_stand_together_in_any_form_and_order():
    question = (
        "How does the sick leave policy count holidays?"  # sick leave, leave policy, policy count, count holidays
    )
    texts = ["Policy on leave for the sick", "sick " + "and " * 4 + "leave", "Counted holidays", ""]
    assert together(question, texts) == pytest.approx([1 / 2, 0, 1 / 4, 0], abs=1e-9)


def test_a_question_of_one_word_has_no_pairs():
    assert together("Leave?", ["leave", "sick leave"]) == [0, 0]


def test_of_two_passages_with_the_same_words_the_one_that_has_them_together_comes_first(tmp_path):
    with Index.open(tmp_path, embedder=WordEmbedder(), store="memory") as index:
        apart, close = "The sick have a right to rest and to leave.", "A right to rest and to sick leave have the."
        index.add_texts([("apart.txt", "", apart), ("close.txt", "", close)])
        first, second = index.search("sick leave", 2)
        assert (first.passage.source, second.passage.source) == ("close.txt", "apart.txt")
        assert (first.by["together"].score, second.by["together"].score) == (1.0, 0.0)
        said = index.explain("sick leave", "sick leave", 1)
        assert "1 by words that stand together" in said.sentence
