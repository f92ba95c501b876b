from pathlib import Path

import pytest

from assistant import Assistant, Settings
from assistant.readers.scan import MOST_SHOWN, forms
from assistant.wanted import wanted
from tests.stub import Scripted, WordEmbedder

LINES = (Path(__file__).parent / "data" / "scans.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("line", LINES)
def test_lists_and_counts_are_whole(shelf, line):
    question, number, held = line.split("\t")
    answer = shelf.ask(question)
    assert answer.answered and answer.short == number, answer.text
    assert held in answer.text
    assert all(shelf.document(c.source).text[c.start : c.end] == c.quote for c in answer.citations)


def test_a_list_says_how_much_was_looked_through_and_each_match_is_cited(shelf):
    answer = shelf.ask("Show me everything about dogs")
    total = answer.searched.total
    assert f"{total} of {total} passages looked through" in answer.text
    assert [claim.verdict for claim in answer.claims] == ["told", "quoted", "quoted", "quoted"]
    assert {citation.source for citation in answer.citations} == {"lease.md", "lighthouse.md"}


def test_what_stands_nowhere_is_said_to_have_been_looked_for(shelf):
    answer = shelf.ask("How many times does the word whale appear?")
    assert answer.outcome == "not_found" and not answer.citations
    assert "“whale”" in answer.text and f"{answer.searched.total} of {answer.searched.total}" in answer.text


def test_a_list_that_no_sentence_holds_in_full_says_so(shelf):
    answer = shelf.ask("List the complaints of the customers")
    assert answer.text.startswith("Nothing holds all of “complaints of the customers”. 3 matches for “complaints”")


def test_a_list_keeps_to_the_scope(shelf):
    answer = shelf.ask("Show me everything about dogs", within=["lease.md"])
    assert answer.short == "1 match" and {c.source for c in answer.citations} == {"lease.md"}
    assert "6 of 6 passages" in answer.text


def test_many_matches_are_counted_and_the_first_are_shown(tmp_path):
    lines = "\n\n".join(f"The crane number {n} was sold to a farm." for n in range(1, 61))
    settings = Settings(model=None, store="memory")
    with Assistant.open(tmp_path / "library", settings, embedder=WordEmbedder()) as assistant:
        assistant.add_texts([("cranes.txt", "Cranes", lines), ("again.txt", "Again", lines[:38])])
        answer = assistant.ask("List every crane")
        model = Scripted(replies={"": ["Two. [1.1]"]})
        writing = Assistant(assistant.index, settings, model)
        with_model = writing.ask("How many times is the crane mentioned?")
        none = writing.ask("How many times is the whale mentioned?")
    assert answer.short == "61 matches" and f"the first {MOST_SHOWN} are shown" in answer.text
    assert len(answer.claims) == MOST_SHOWN + 1
    twice = next(claim for claim in answer.claims if claim.text == "The crane number 1 was sold to a farm.")
    assert len(twice.citations) == 2, "the same words in two places are cited together"
    assert with_model.short == "61 matches" and none.text.startswith("Nothing matches “whale”")
    assert not model.seen, "no model writes over what was counted"


def test_rows_of_a_table_are_listed_by_what_its_title_names(tmp_path):
    (tmp_path / "employees.csv").write_text("name,city\nAnn Bell,Berlin\nBob Carr,Leeds\nCyd Dorn,Berlin\n")
    settings = Settings(model=None, store="memory")
    with Assistant.open(tmp_path / "library", settings, embedder=WordEmbedder()) as assistant:
        assistant.add(tmp_path / "employees.csv")
        answer = assistant.ask("List all employees in Berlin")
    assert answer.short == "2 matches" and "Ann Bell" in answer.text and "Bob Carr" not in answer.text


def test_all_documents_and_headings_are_listed(shelf):
    assert shelf.ask("List all documents").short == "6 documents"
    answer = shelf.ask("List headings", within=["mower.md"])
    assert [c.quote for c in answer.citations] == [
        "Mower GX 40: manual", "Safety", "Battery", "Cutting", "Faults", "Warranty",
    ]  # fmt: skip


def test_the_forms_of_a_word_are_searched_and_no_other_words():
    assert {"drug", "drugs", "drugged"} <= set(forms("drugs"))
    assert {"policy", "policies"} <= set(forms("policy"))
    assert "drugstore" not in forms("drug")


@pytest.mark.parametrize(
    ("question", "said", "phrase"),
    [
        ("How many times does the contract mention termination?", "termination", True),
        ("Where is the Geneva Convention mentioned?", "Geneva Convention", True),
        ("List all members of the board", "members of the board", False),
        ("Give me a list of the fees, please", "fees", False),
        ("List all warnings about the boiler", "warnings about the boiler", False),
        ("Show me everything about dogs", "dogs", True),
        ("Which passages talk about water damage?", "water damage", True),
    ],
)
def test_what_is_looked_for_is_told_from_how_it_is_asked(question, said, phrase):
    found = wanted(question)
    assert (found.said, found.phrase) == (said, phrase)
