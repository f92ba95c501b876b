import pytest

from assistant.evaluation import Case, Evidence
from assistant.evaluation.diagnose import (
    CITED,
    CUT,
    DROPPED,
    FOUND,
    NOT_EXTRACTED,
    NOT_FOUND,
    NOT_READ,
    SPLIT,
    Trail,
    diagnosed,
)
from assistant.evaluation.locate import Shelf, faults, find, located, missing
from assistant.evaluation.types import Place

TEXTS = {"a/tower.md": "It is 330 m\n   tall. Füße 🗼 up.", "b/x.md": "x", "c/x.md": "x"}
SHELF = Shelf(frozenset(TEXTS), TEXTS.__getitem__, lambda source: 2)


def test_a_quote_is_found_where_white_space_differs_and_nowhere_else():
    text = TEXTS["a/tower.md"]
    start, end = find("330 m tall", text)
    assert text[start:end] == "330 m\n   tall"
    assert find("330 m wide", text) is None and find("  ", "no blanks_here") is None
    start, end = find("🗼 up", text)
    assert text[start:end] == "🗼 up"


def test_a_document_may_be_named_by_its_file_name_where_only_one_has_it():
    assert SHELF.source("tower.md") == "a/tower.md" == SHELF.source("elsewhere/tower.md")
    assert SHELF.source("x.md") is None and SHELF.source("b/x.md") == "b/x.md"


def test_evidence_gets_the_offsets_of_its_quote_and_the_librarys_name():
    (piece,) = located([Evidence("tower.md", "330 m tall")], SHELF)
    assert (piece.document, piece.start, piece.end) == ("a/tower.md", 6, 19)


def test_offsets_that_do_not_hold_the_quote_give_way_to_where_it_stands():
    (piece,) = located([Evidence("tower.md", "330 m", 0, 5)], SHELF)
    assert (piece.start, piece.end) == (6, 11)


def test_a_quote_that_is_not_there_has_no_offsets():
    (piece,) = located([Evidence("tower.md", "331 m", 6, 11)], SHELF)
    assert piece.start is None and not piece.whole


@pytest.mark.parametrize(
    ("piece", "fault"),
    [
        (Evidence("gone.md", "x"), "there is no document 'gone.md'"),
        (Evidence("tower.md", page=3), "a/tower.md has 2 pages, and no page 3"),
        (Evidence("tower.md", start=3, end=900), "has 31 characters, and nothing at 900"),
        (Evidence("tower.md", "331 m"), "a/tower.md does not say '331 m'"),
        (Evidence("tower.md", "330 m", 0, 5), "says something else than '330 m' at 0"),
    ],
)
def test_a_check_says_what_does_not_hold(piece, fault):
    (said,) = faults(Case("1", "?", evidence=(piece,)), SHELF)
    assert fault in said


def test_a_check_has_nothing_to_say_of_evidence_that_holds():
    good = (Evidence("tower.md", "330 m tall"), Evidence("tower.md", page=2), Evidence("tower.md", start=0, end=5))
    assert faults(Case("1", "?", evidence=good), SHELF) == []


def test_missing_documents_are_counted_by_question():
    cases = [Case(str(at), "?", evidence=(Evidence("gone.md"), Evidence("gone.md", page=1))) for at in range(2)]
    assert missing([*cases, Case("9", "?", evidence=(Evidence("tower.md"),))], SHELF) == {"gone.md": 2}


PIECE = Evidence("a/tower.md", "330 m", 6, 11)
HERE, AWAY = Place("a/tower.md", 0, 20, by={"words": 3}), Place("a/tower.md", 20, 31)


@pytest.mark.parametrize(
    ("piece", "trail", "stage", "rank"),
    [
        (PIECE, {"found": [AWAY, HERE], "hits": [HERE], "citations": [HERE]}, CITED, 2),
        (PIECE, {"found": [AWAY, HERE], "hits": [HERE], "citations": [AWAY]}, DROPPED, 2),
        (PIECE, {"found": [AWAY, HERE], "hits": [AWAY]}, CUT, 2),
        (PIECE, {"found": [AWAY, HERE], "hits": [HERE], "asked": False}, FOUND, 2),
        (PIECE, {"found": [AWAY], "hits": [AWAY]}, NOT_FOUND, None),
        (Evidence("a/tower.md", "x", 18, 22), {"found": []}, SPLIT, None),
        (Evidence("a/tower.md", "331 m"), {"found": [HERE], "hits": [HERE]}, NOT_EXTRACTED, None),
        (Evidence("gone.md", "330 m"), {"found": [HERE], "hits": [HERE]}, NOT_READ, None),
    ],
)
def test_lost_evidence_is_lost_at_its_stage(piece, trail, stage, rank):
    stretches = {"a/tower.md": [(0, 20), (20, 31)]}
    (loss,) = diagnosed([piece], Trail(frozenset(TEXTS), stretches.__getitem__, **trail))
    assert (loss.stage, loss.rank) == (stage, rank)
    assert loss.by == ({"words": 3} if rank else None)
