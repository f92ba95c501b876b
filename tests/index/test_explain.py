import pytest

from index.errors import BadQuery
from index.explain import matched
from index.find import POOL
from index.index import Index
from index.types import Passage, Scope
from tests.stub import WordEmbedder

MARS = "Mars is red because of iron oxide."


@pytest.fixture
def index(tmp_path):
    with Index.open(tmp_path / "library", embedder=WordEmbedder(), store="memory") as opened:
        opened.add_texts(
            [
                ("mars.txt", "Mars", MARS),
                ("venus.txt", "Venus", "Venus is hot.\n\n" + "".join(f"Cloud {n} is high. " for n in range(90))),
            ]
            + [(f"note {n}.txt", "", f"Note {n}: red dust, red sand, red rock.") for n in range(2 * POOL + 30)]
        )
        yield opened


def test_a_passage_that_was_found_says_its_ranks(index):
    said = index.explain("Why is Mars red?", "because of  IRON oxide")
    assert (said.stage, said.rank, said.passage.source) == ("found", 1, "mars.txt")
    assert said.by["words"].rank == 1
    assert said.matched == ("mars", "red")
    meaning = said.by["meaning"].rank
    assert (
        said.sentence
        == f"it is in mars.txt, rank 1 of all (1 by words, {meaning} by meaning, 1 by words that stand together)"
    )


def test_a_passage_beyond_the_limit_was_cut(index):
    said = index.explain("red dust of mars", "Note 7:", limit=1)
    assert said.stage == "cut at 1"
    assert said.rank > 1
    assert f"ask for {said.rank} passages" in said.sentence


def test_a_passage_that_neither_search_has_among_its_first_says_where_it_stands(index):
    said = index.explain("red dust, red sand, red rock", "Venus is hot")
    assert (said.stage, said.rank) == ("not found", None)
    assert "not found by words" in said.sentence
    assert said.by["meaning"].rank > POOL
    assert f"{said.by['meaning'].rank} by meaning" in said.sentence


def test_words_that_no_passage_holds_whole_were_split_apart(index):
    text = index.document("venus.txt").text
    first = index.passages("venus.txt")[0]
    said = index.explain("clouds", text[first.end - 60 : first.end + 60])
    assert said.stage == "split apart"
    assert "venus.txt" in said.sentence


def test_words_that_are_nowhere_and_words_out_of_scope_are_told_apart(index):
    assert index.explain("clouds", "nothing like it").stage == "not in the library"
    assert (
        index.explain("why is mars red", "iron oxide", within=Scope(documents=("venus.txt",))).stage == "out of scope"
    )


def test_an_empty_expectation_is_refused(index):
    with pytest.raises(BadQuery, match="some words"):
        index.explain("clouds", "  ")


def test_what_matched_are_the_words_as_they_stand_there():
    passage = Passage("1", "a", "Réunion: a snake_case name.", 0, 27, context="Islands")
    assert matched("the reunion of islands in snake", passage) == ("réunion", "snake_case", "islands")
