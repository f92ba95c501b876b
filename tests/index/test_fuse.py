"""Two ranked lists become one, and passages lend to those around them."""

import pytest

from index.fuse import ELSEWHERE, LENT, WORDS_WEIGHT, fuse, gathered, lent, short
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


def test_a_word_elsewhere_in_a_short_document_counts_in_part_and_in_a_long_one_not_at_all():
    two, long = ELSEWHERE[1], (3, 2 + len(ELSEWHERE) + 1)
    documents = {1: (1, 2), 2: (1, 2), 3: long, 4: long}
    apart = [{1: 6.0, 3: 6.0}, {2: 4.0}, {1: 2.0, 2: 2.0}]
    more = gathered(
        {1: 8.0, 3: 6.0}, [{row: score for row, score in term.items() if row < 3} for term in apart], documents
    )
    assert more == pytest.approx({2: two * 6 + 4 + 2, 1: two * 4})
    assert list(more) == [2, 1]
    assert short(documents) == {1: (1, 2), 2: (1, 2)}


def test_a_short_document_that_says_all_words_comes_before_one_that_says_some(tmp_path):
    subject, rest = "The reactor of Tellin. " * 20, "It ran hot on that day. " * 20
    with Index.open(tmp_path / "library", embedder=WordEmbedder(), store="memory") as index:
        index.add_texts([("a.txt", "", rest), ("b.txt", "", subject + "\n\n" + rest)])
        best = index.search("the hot reactor", 5)
        hot = [hit.passage.source for hit in best if "hot" in hit.passage.text]
        assert (hot[0], hot[-1]) == ("b.txt", "a.txt")
        added = {hit.passage.source: hit.by["document"] for hit in best if "document" in hit.by}
        assert set(added) == {"b.txt"}
        told = next(hit.passage.text for hit in best if "document" in hit.by)
        assert "by the words of its document" in index.explain("the hot reactor", told).sentence
