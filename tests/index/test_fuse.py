"""Two ranked lists become one, and passages lend to those around them."""

import pytest

from index.fuse import LENT, WORDS_WEIGHT, fuse, lent
from index.index import Index
from tests.stub import WordEmbedder


def test_words_count_as_a_share_of_the_best_beside_the_cosine():
    assert fuse({1: 8.0, 2: 4.0}, {2: 0.9, 3: 0.1}, 0.5) == [(2, 0.9 + 0.25), (1, 0.5), (3, 0.1)]


DOCUMENTS = dict.fromkeys(range(1, 10), 7) | {10: 8}
NEAR, FAR = (share * WORDS_WEIGHT for share in LENT)


def test_a_passage_is_lent_by_those_beside_it_and_next_but_one_in_its_own_document():
    found = dict.fromkeys(range(1, 11), 0.0)
    assert lent(found | {5: 9.0}, {}, DOCUMENTS) == (pytest.approx({4: NEAR, 6: NEAR, 3: FAR, 7: FAR}), {})


def test_a_passage_that_was_not_found_is_lent_nothing():
    assert lent({5: 9.0, 7: 0.0}, {}, DOCUMENTS) == (pytest.approx({7: FAR}), {})


def test_where_its_document_ends_a_passage_stands_in_for_the_neighbours_that_it_has_not():
    assert lent({9: 9.0}, {}, DOCUMENTS) == ({}, pytest.approx({9: NEAR + FAR}))
    assert lent({8: 9.0}, {}, DOCUMENTS) == ({}, pytest.approx({8: FAR}))
    assert lent({10: 9.0}, {}, DOCUMENTS) == ({}, pytest.approx({10: 2 * (NEAR + FAR)}))


def test_a_cosine_lends_only_what_it_has_above_the_lowest():
    around, _ = lent({}, {4: 0.8, 5: 0.5}, DOCUMENTS)
    assert around == pytest.approx({5: LENT[0] * 0.3})


def test_of_two_like_passages_the_one_beside_another_that_fits_comes_first(tmp_path):
    like, other = "The reactor ran hot. " * 33, "Bread is baked in the night. " * 23
    with Index.open(tmp_path / "library", embedder=WordEmbedder(), store="memory") as index:
        fits = f"{other}{like}{'A reactor is cooled by water. ' * 22}{other}"
        index.add_texts([("alone.txt", "", f"{other}{like}{other}{other}"), ("more.txt", "", fits)])
        first = index.search("the hot reactor", 2)[0]
        assert first.passage.source == "more.txt"
        assert first.by["neighbours"].score > 0
