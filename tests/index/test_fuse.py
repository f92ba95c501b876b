"""Two ranked lists become one, and passages lend to those around them."""

import pytest

from index.fuse import LENT, WORDS_WEIGHT, fuse, lent
from index.index import Index
from tests.stub import WordEmbedder


def test_words_count_as_a_share_of_the_best_beside_the_cosine():
    assert fuse({1: 8.0, 2: 4.0}, {2: 0.9, 3: 0.1}, 0.5) == [(2, 0.9 + 0.25), (1, 0.5), (3, 0.1)]


def test_a_passage_is_lent_by_those_beside_it_and_next_but_one_in_its_own_document():
    documents = dict.fromkeys(range(1, 8), (1, 9)) | {10: (10, 12)}
    near, far = (share * WORDS_WEIGHT for share in LENT)
    assert lent({5: 9.0}, {}, documents) == (pytest.approx({4: near, 6: near, 3: far, 7: far}), {})
    around, itself = lent({2: 9.0, 3: 0.0}, {}, documents)
    assert (around, itself) == (pytest.approx({1: near, 3: near, 4: far}), pytest.approx({2: far}))


def test_a_passage_stands_in_for_what_is_beyond_the_ends_of_its_document():
    whole = 2 * sum(LENT) * WORDS_WEIGHT
    assert lent({1: 9.0}, {}, {1: (1, 1), 2: (2, 2)}) == ({}, pytest.approx({1: whole}))


def test_a_cosine_lends_only_what_it_has_above_the_lowest():
    around, _ = lent({}, {11: 0.8, 12: 0.5}, {11: (1, 20), 12: (1, 20)})
    assert around == pytest.approx({12: LENT[0] * 0.3})


def test_of_two_like_passages_the_one_beside_others_that_fit_comes_first(tmp_path):
    like, other = "The reactor ran hot. " * 33, "Nobody was there on that day. " * 23
    more = "A reactor was hot and cooled. " * 23
    with Index.open(tmp_path / "library", embedder=WordEmbedder(), store="memory") as index:
        index.add_texts([("a.txt", "", other + like + other), ("b.txt", "", more + like + more)])
        hits = [hit for hit in index.search("the hot reactor", 5) if hit.passage.text.strip() == like.strip()]
        assert [hit.passage.source for hit in hits] == ["b.txt", "a.txt"]
        lent = [hit.by["neighbours"].score if "neighbours" in hit.by else 0.0 for hit in hits]
        assert lent[0] > lent[1]
        assert hits[0].score - lent[0] == pytest.approx(hits[1].score - lent[1])
