"""Hits are re-ordered by whatever scorer is passed in."""

import pytest

from index.embed import bundled_folder
from index.errors import RankerUnusable
from index.index import Index
from index.rank import CrossEncoderScorer, Ranker, rank
from index.types import Found, Hit, Passage
from tests.stub import WordEmbedder

TEXTS = ("Mars is red.", "Mars is red because of iron oxide.", "Mars is a planet.")


def hits(*scores):
    passages = [Passage(str(n), "a.txt", text, 0, len(text)) for n, text in enumerate(TEXTS)]
    return [Hit(passage, score, {}) for passage, score in zip(passages, scores, strict=True)]


def longest(question, texts):
    return [len(text) / 100 for text in texts]


def test_the_scorer_is_added_with_its_weight_and_said():
    ordered = rank("Why is Mars red?", hits(0.9, 0.8, 0.7), longest, weight=2.0)
    assert [hit.passage.id for hit in ordered] == ["1", "0", "2"]
    assert ordered[0].score == pytest.approx(0.8 + 2 * 0.34)
    assert ordered[0].by["rank"] == Found(1, 0.34)


def test_only_the_first_hits_are_scored_and_stay_before_the_others():
    seen = []

    def count(question, texts):
        seen.append(len(texts))
        return longest(question, texts)

    ordered = Ranker(count, depth=2)("Why?", hits(0.9, 0.8, 0.7))
    assert seen == [2]
    assert [hit.passage.id for hit in ordered] == ["1", "0", "2"]
    assert "rank" not in ordered[2].by


def test_a_library_searches_and_explains_with_its_ranker(tmp_path):
    def iron(question, texts):
        return [float("iron" in text) for text in texts]

    texts = [(f"{n}.txt", "", text) for n, text in enumerate(TEXTS)]
    with Index.open(tmp_path / "plain", embedder=WordEmbedder(), store="memory") as plain:
        plain.add_texts(texts)
        assert plain.search("Mars is red", 1)[0].passage.source == "0.txt"
    with Index.open(tmp_path / "ranked", embedder=WordEmbedder(), store="memory", ranker=Ranker(iron)) as index:
        index.add_texts(texts)
        [best] = index.search("Mars is red", 1)
        assert (best.passage.source, best.by["rank"]) == ("1.txt", Found(1, 1.0))
        said = index.explain("Mars is red", "Mars is red because", 1)
        assert (said.stage, said.rank) == ("found", 1)
        assert "1 by the re-ranker" in said.sentence


def test_a_cross_encoder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(RankerUnusable, match="cannot be loaded"):
        CrossEncoderScorer(str(tmp_path / "nothing"))("Why?", ["Because."])


def test_a_cross_encoder_scores_each_text_from_0_to_1():
    scorer = CrossEncoderScorer(bundled_folder())  # its head has random weights
    given = scorer("Why is Mars red?", TEXTS)
    assert len(given) == len(TEXTS)
    assert all(0 < value < 1 for value in given)
    assert scorer("Why is Mars red?", []) == []
