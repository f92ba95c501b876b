import argparse
import json

import pytest

from assistant import Assistant, Settings
from assistant.cli import main
from assistant.searching import found, scope_of, search_options
from index.errors import BadQuery
from index.types import Scope
from tests.stub import WordEmbedder


@pytest.fixture
def searched(tmp_path):
    """What `search` prints with these arguments over three small documents, and whether there was anything."""
    parser = argparse.ArgumentParser()
    search_options(parser)
    settings = Settings(model=None, store="memory")
    with Assistant.open(tmp_path / "library", settings, embedder=WordEmbedder()) as assistant:
        assistant.add_texts(
            [
                ("hr/mars.txt", "Mars", "Mars is red because of iron oxide."),
                ("hr/venus.md", "Venus", "Venus is yellow because of sulphur."),
                ("it/earth.txt", "Earth", "Earth is blue because of water."),
            ]
        )
        assistant.tag("it/earth.txt", ["home"])
        yield lambda *arguments: found(parser.parse_args(arguments), assistant)


def sources(text):
    return {hit["passage"]["source"] for hit in json.loads(text)}


def test_options_say_where_to_look(searched):
    assert sources(searched("because of what", "--json")[0]) == {"hr/mars.txt", "hr/venus.md", "it/earth.txt"}
    assert sources(searched("because", "--folder", "hr", "--json")[0]) == {"hr/mars.txt", "hr/venus.md"}
    assert sources(searched("because", "--folder", "hr", "--type", "md", "--json")[0]) == {"hr/venus.md"}
    assert sources(searched("because", "--tag", "home", "--json")[0]) == {"it/earth.txt"}
    assert sources(searched("because", "--within", "hr/mars.txt", "--json")[0]) == {"hr/mars.txt"}
    assert searched("because", "--since", "2024", "--json") == ("[]\n", False)


def test_explaining_says_the_ranks_and_the_words_that_matched(searched):
    text, there = searched("Why is Mars red?", "--limit", "1", "--explain")
    assert there
    lines = text.splitlines()
    assert lines[0].startswith("1. hr/mars.txt (")
    assert lines[2].strip().startswith("words: rank 1 (")
    assert lines[2].endswith("; matched: mars, red")
    assert "meaning: rank 1 (" in lines[2]


def test_a_passage_that_was_expected_is_accounted_for(searched):
    assert searched("Why is Mars red?", "--expect", "iron oxide")[1]
    text, there = searched("Why is Mars red?", "--expect", "made of cheese")
    assert (text, there) == (
        "these words stand in none of the 3 documents; their receipts say what was left out\n",
        False,
    )
    assert json.loads(searched("Mars", "--expect", "iron oxide", "--json")[0])["stage"] == "found"


def test_pages_are_single_or_a_range():
    parser = argparse.ArgumentParser()
    search_options(parser)
    given = parser.parse_args(["what", "--pages", "3", "--pages", "5-7, 9"])
    assert scope_of(given) == Scope(pages=((3, 3), (5, 7), (9, 9)))
    assert scope_of(parser.parse_args(["what"])) is None
    with pytest.raises(BadQuery, match="3-7, 12 would work"):
        scope_of(parser.parse_args(["what", "--pages", "iv"]))


def test_the_command_line_tags(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSISTANT_STORE", "memory")
    (tmp_path / "mars.txt").write_text("Mars is red.")
    assert main(["add", "mars.txt", "--library", "mine", "--now"]) == 0
    assert main(["tag", "mars.txt", "planet", "red", "--library", "mine"]) == 0
    assert main(["tag", "pluto.txt", "planet", "--library", "mine"]) == 2
    assert "pluto.txt" in capsys.readouterr().err
    main(["documents", "--json", "--library", "mine"])
    assert json.loads(capsys.readouterr().out)[0]["tags"] == ["planet", "red"]
