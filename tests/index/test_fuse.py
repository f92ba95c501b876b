"""Two ranked lists become one, and passages lend to those around them."""

import pytest

from index.fuse import LENT, WORDS_WEIGHT, fuse, lent
from index.index import Index
from tests.stub import WordEmbedder


def test_words_count_as_a_share_of_the_best_beside_the_cosine():
    assert fuse({1: 8.0, 2: 4.0}, {2: 0.9, 3: 0.1}, 0.5) == [(2, 0.9 + 0.25), (1, 0.5), (3, 0.1)]


def test_a_passage_is_lent_by_those_beside_it_and_next_but_one_in_its_own_document():
    documents = dict.fromkeys((1, 2, 3, 4), 7) | {5: 8}
    near, far = (share * WORDS_WEIGHT for share in LENT)
    assert lent({1: 9.0}, {}, documents) == pytest.approx({2: near, 3: far})
    assert lent({4: 9.0}, {}, documents) == pytest.approx({3: near, 2: far})
    assert lent({5: 9.0}, {}, documents) == {}


def test_a_cosine_lends_only_what_it_has_above_the_lowest():
    assert lent({}, {1: 0.8, 2: 0.5}, {1: 7, 2: 7}) == pytest.approx({2: LENT[0] * 0.3})


def test_of_two_like_passages_the_one_beside_another_that_fits_comes_first(tmp_path):
    like = "The reactor ran hot. " * 33
    with Index.open(tmp_path / "library", embedder=WordEmbedder(), store="memory") as index:
        index.add_texts([("alone.txt", "", like), ("more.txt", "", like + "A reactor is cooled by water. " * 22)])
        first, second = index.search("the hot reactor", 2)
        assert (first.passage.source, second.passage.source) == ("more.txt", "alone.txt")
        assert first.passage.text == second.passage.text
        assert "neighbours" not in second.by
        assert first.score == pytest.approx(second.score + first.by["neighbours"].score)
