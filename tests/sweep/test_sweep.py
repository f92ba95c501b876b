"""What a sweep says of a file, and that it goes on where it was stopped."""

import json

import pytest

from index.fence.limits import Limits
from index.fence.sentences import exceeded, fell
from tests.sweep.judge import compared
from tests.sweep.mutants import write_mutants
from tests.sweep.outcome import DIED, DOWN, LIMIT, PART, REFUSED, WHOLE, outcome, pattern
from tests.sweep.service import Blank
from tests.sweep.sweep import files
from tests.sweep.watch import Log, sweep

NAME = "a/b.pdf"
HIT = [exceeded(NAME, name, Limits()) for name in ("memory", "processor", "wall", "characters", "written", "files")]


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"state": "added"}, WHOLE),
        ({"state": "added", "warnings": ["page 2 holds no text"]}, WHOLE),
        ({"state": "added", "missing": ["page 2 holds only pictures and was not read"]}, PART),
        ({"state": "refused", "problem": f"{NAME} needs a password; save a copy without one and add that"}, REFUSED),
        ({"state": "refused", "problem": fell(NAME, "SIGSEGV")}, DIED),
        *(({"state": "refused", "problem": sentence}, LIMIT) for sentence in HIT),
        ({"down": True}, DOWN),
    ],
)
def test_each_receipt_is_of_one_kind(told, kind):
    assert outcome({"path": NAME, "source": NAME, **told}).kind == kind


def test_sentences_that_differ_in_names_and_numbers_are_one():
    one = pattern("x/a.pdf holds more than 1,000 pages; split it", "x/a.pdf")
    assert one == pattern("y/b.pdf holds more than 25 pages; split it", "y/b.pdf")
    assert one != pattern("y/b.pdf is empty", "y/b.pdf")


def test_a_sweep_that_was_stopped_goes_on_with_what_is_left(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    for name in ("a.txt", "b.txt", "c.xyz"):
        (folder / name).write_text(f"The file {name} says so.")
    work = tmp_path / "work"
    Log(work / "outcomes.jsonl").add({"path": "a.txt", "state": "added", "pages": 77})
    with (work / "outcomes.jsonl").open("a") as log:
        log.write('{"path": "b.txt", "sta')
    said = []
    found = sweep(folder, files(folder), work, said.append)
    assert {path: one.state for path, one in found.outcomes.items()} == {
        "a.txt": "added",
        "b.txt": "added",
        "c.xyz": "refused",
    }
    assert found.outcomes["a.txt"].pages == 77
    assert said[0] == "2 files to go"
    assert found.memory.service > 10_000_000
    assert Log(work / "outcomes.jsonl").outcomes == found.outcomes


def test_mutants_are_the_same_in_every_run(tmp_path):
    (tmp_path / "a.txt").write_text("x" * 1000)
    runs = [
        {path: (tmp_path / name / path).read_bytes() for path in write_mutants(tmp_path, ["a.txt"], tmp_path / name)}
        for name in ("one", "two")
    ]
    assert runs[0] == runs[1]
    changed = runs[0]["1% of bytes changed/a.txt"]
    assert sum(byte != ord("x") for byte in changed) == 10
    assert len(runs[0]["cut at 10%/a.txt"]) == 100


def test_a_word_that_we_lack_is_told_and_what_was_left_out_counts():
    page = compared("a.pdf", 1, "Report One two three four well-known", "one two four wellknown", "Report", 0)
    assert page.missing == ("three",)
    assert page.recall == round(5 / 6, 4)
    assert compared("a.pdf", 1, "one two", "Two one", "", 0).recall == 1
    assert compared("a.pdf", 1, " \n", "one", "", 0) is None


def test_the_stand_in_counts_tokens_as_the_product_does():
    assert Blank().lengths(["one two"]) == [2]
    assert json.dumps(Blank().embed(["a", "a"])[0].tolist()) == json.dumps(Blank().embed_query("a").tolist())
