import pytest

from assistant.evaluation.types import Case, Evidence, Place
from index.find import POOL
from index.index import Index
from index.types import Found, Hit, Passage
from tests.benchmarks.drive import Broken
from tests.benchmarks.lost import best, rendered
from tests.benchmarks.stages import (
    LONG,
    MEANING,
    MISSING,
    NOWHERE,
    PARTLY,
    STAGES,
    STRANGE,
    WORDS,
    Search,
    lost,
)
from tests.stub import WordEmbedder

PARTS = [Passage(f"a{n}", "a", f"part {n:04}.", 10 * n, 10 * n + 10, page=n + 1) for n in range(80)]
OTHERS = [Passage(f"b{n}", "b", f"part {n:04}.", 10 * n, 10 * n + 10) for n in range(20)]
TOLD = [Passage(f"c{n}", f"c{n}", "told", 0, 4) for n in range(70)]


def search(order, any_piece=False, **ranks):
    """The passages in that order; `ranks` says which of them one search alone has where, all else it has far down."""
    every = {one.id: one for one in [*PARTS, *OTHERS, *TOLD]}
    far = {name: Found(POOL, 0.1) for name in ("words", "meaning")}
    hits = [
        Hit(every[one], 1.0, far | {name: Found(place, 0.1) for name, (which, place) in ranks.items() if which == one})
        for one in order
    ]
    held = {"a": PARTS, "b": OTHERS} | {one.source: [one] for one in TOLD}
    return Search(None, "part", hits, 5, any_piece, lambda source: held.get(source, []))


def stage(evidence, found):
    sorted_out = lost(Case("1", "part", evidence=tuple(evidence)), found)
    return sorted_out and sorted_out.stage


def stretch(start, end):
    return Evidence("a", "words", start, end)


def test_a_stretch_that_the_first_passages_show_between_them_is_not_lost():
    assert stage([stretch(15, 25)], search(["a2", "b1", "b2", "b3", "a1"])) is None


def test_a_stretch_of_which_a_part_is_found_goes_over_a_border():
    assert stage([stretch(15, 25)], search(["a2", "b1", "b2", "b3", "b4", "a1"])) == PARTLY


@pytest.mark.parametrize(
    ("before", "name"),
    [(5, "cut, rank 6 to 10"), (10, "cut, rank 11 to 20"), (49, "cut, rank 21 to 50"), (50, "beyond rank 50")],
)
def test_what_is_found_too_far_down_is_sorted_by_its_rank(before, name):
    assert stage([stretch(780, 790)], search([f"a{n}" for n in range(before)] + ["a78"])) == name


def test_what_one_search_alone_has_high_enough_was_lost_where_the_two_are_fused():
    order = [f"b{n}" for n in range(9)] + ["a7"]
    first = {f"b{n}": n for n in range(9)}
    ahead = [hit for hit in order if hit in first]
    assert stage([stretch(70, 80)], search([*ahead, "a7"], words=("a7", 1))) == WORDS
    assert stage([stretch(70, 80)], search([*ahead, "a7"], meaning=("a7", 1))) == MEANING


def test_what_reaches_into_more_passages_than_are_looked_at_is_too_long():
    assert stage([stretch(0, 51)], search([f"a{n}" for n in range(5)])) == LONG
    assert stage([stretch(0, 31), stretch(40, 61)], search([f"a{n}" for n in range(5)])) == LONG


def test_a_quote_that_its_document_does_not_hold_is_missing():
    assert stage([Evidence("a", "never written")], search(["a1"])) == MISSING


def test_one_of_several_pages_is_enough_and_else_the_one_that_came_farthest_counts():
    pages = [Evidence("a", page=60), Evidence("a", page=70)]
    order = [f"b{n}" for n in range(12)]
    assert stage(pages, search(["a69"], any_piece=True)) is None
    assert stage(pages, search([*order[:7], "a59", *order[7:], "a69"], any_piece=True)) == "cut, rank 6 to 10"
    assert stage(pages, search([*order[:7], "a59", *order[7:], "a69"])) == "cut, rank 11 to 20"


def test_documents_are_ranked_among_documents():
    order = [f"b{n}" for n in range(20)] + [f"c{n}" for n in range(8)]
    assert stage([Evidence("c3")], search(order)) is None
    assert stage([Evidence("c4")], search(order)) == "cut, rank 6 to 10"


def test_what_neither_search_has_shares_a_word_with_the_question_or_none(tmp_path):
    with Index.open(tmp_path / "library", embedder=WordEmbedder(), store="memory") as index:
        texts = [(f"note {n}", "", f"Red dust, red sand, red rock {n}.") for n in range(POOL + 30)]
        long = " ".join(f"word{n}" for n in range(60))
        index.add_texts([*texts, ("red", "", f"Red {long}."), ("none", "", f"Blue {long}.")])
        hits = index.search("red dust", 2 * POOL)
        found = Search(index, "red dust", hits, 5, False, index.passages)
        assert stage([Evidence("red")], found) == NOWHERE
        assert stage([Evidence("none")], found) == STRANGE
        assert "neither search has it" in lost(Case("1", "red dust", evidence=(Evidence("none"),)), found).said


def test_the_best_order_puts_first_what_shows_most_of_the_evidence():
    places = [Place("a", 0, 10), Place("a", 10, 20), Place("a", 20, 30), Place("a", 30, 40)]
    case = Case("1", "part", evidence=(stretch(18, 28),))
    assert [place.start for place in best(case, places, 3)] == [20, 10, 0]
    assert [place.start for place in best(case, places, 2)] == [10, 0]


def row(stage, score):
    scores = {"excerpt_recall@5": score}
    return {
        "question": f"why {stage}?",
        "stage": stage,
        "said": "it is",
        "scores": scores,
        "within": [score] * 5,
        "ordered": [1] * 5,
    }


def test_the_page_counts_each_failed_question_once_and_says_what_its_stage_is_worth():
    rows = [row(None, 1.0), row(PARTLY, 0.5), row(PARTLY, 0.5), row(LONG, 0.0)]
    page = rendered({"chunking": {"commit": "abc", "documents": 3, "rows": rows}})
    assert "| chunking | 3 | 4 | 5 | excerpt_recall@5 | 50.0 (" in page and "| 3 (75.0%) | 1 | abc |" in page
    assert f"| {PARTLY} | 2 (67%) | {STAGES[PARTLY]} |" in page
    assert "| all | 3 |" in page
    assert "Not measured: northwind, scifact, squad." in page
    assert f"| {PARTLY} | 75.0 (+25.0) |" in page
    assert "| all that failed | 100.0 (+50.0) |" in page
    assert "| the others, which did not fail |  |" in page
    assert page.count("“why partly covered?” it is") == 2


def test_what_was_sorted_into_stages_that_are_no_more_is_not_left_out_of_the_sum():
    kept = {"chunking": {"commit": "abc", "documents": 3, "rows": [row("lost somewhere", 0.0)]}}
    with pytest.raises(Broken, match="lost somewhere"):
        rendered(kept)
