import json
import subprocess
import sys

import pytest

from assistant.cli import main
from assistant.sample import SAMPLE


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs a command in an empty folder: its exit status, what it printed, and what it said on stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSISTANT_STORE", "memory")

    def command(*arguments):
        status = main(arguments)
        out, err = capsys.readouterr()
        return status, out, err

    return command


def test_a_first_question_is_answered_from_the_sample(run, tmp_path):
    status, out, err = run("ask", "How many people have been killed?")
    assert status == 0
    assert "76" in out.splitlines()[0]
    line = out.splitlines()[1]
    assert line.startswith(f"[1] {SAMPLE.name}, ")
    assert line.split(': "', 1)[1].rstrip('"') in " ".join(SAMPLE.read_text().split())
    assert SAMPLE.name in err
    assert (tmp_path / "library").is_dir()


def test_what_is_not_in_the_documents_exits_with_three(run):
    status, out, _ = run("ask", "What is the capital of Peru?")
    assert status == 3
    assert out.startswith("I could not find this in your documents")


def test_add_search_documents_and_remove(run, tmp_path):
    (tmp_path / "mars.txt").write_text("Mars is red because of iron oxide in its soil.")
    assert run("add", "mars.txt", "--library", "mine")[1].startswith("mars.txt: added, 46 characters, 1 passages")
    assert "unchanged" in run("add", "mars.txt", "--library", "mine")[1]
    assert "iron oxide" in run("search", "red soil", "--library", "mine")[1]
    [hit] = json.loads(run("search", "red soil", "--library", "mine", "--json")[1])
    assert hit["passage"]["source"] == "mars.txt"
    assert run("documents", "--library", "mine")[1] == "mars.txt: 46 characters, ready\n"
    assert json.loads(run("documents", "--library", "mine", "--json")[1])[0]["ready"] == 1
    assert run("remove", "mars.txt", "--library", "mine")[0] == 0
    assert run("documents", "--library", "mine")[1] == ""


def test_ask_prints_one_object_with_json(run):
    status, out, _ = run("ask", "How many people have been killed?", "--json")
    answer = json.loads(out)
    assert status == 0
    assert list(answer) == [
        "question", "text", "short", "answered", "outcome", "confidence", "citations", "seconds",
    ]  # fmt: skip
    citation = answer["citations"][0]
    assert list(citation) == ["number", "source", "start", "end", "page", "label", "quote"]
    assert SAMPLE.read_text()[citation["start"] : citation["end"]] == citation["quote"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ask", ""), "the question is empty"),
        (("ask", "what?", "--library", "new"), "no documents yet"),
        (("ask", "what?", "--within", "nothing.pdf"), "no document 'nothing.pdf'"),
        (("ask", "what?", "--model", "nonsense"), "openai:gpt-4o-mini"),
        (("add", "nothing.pdf"), "nothing.pdf"),
        (("remove", "nothing.pdf"), "no document 'nothing.pdf'"),
        (("search", "what?", "--limit", "0"), "1 or more"),
    ],
)
def test_bad_input_is_one_sentence_and_exits_with_two(run, arguments, words):
    status, _, err = run(*arguments)
    last = err.strip().splitlines()[-1]
    assert status == 2
    assert words in last


def test_it_is_a_module_with_help():
    done = subprocess.run([sys.executable, "-m", "assistant", "--help"], capture_output=True, text=True, check=True)
    assert "Answers a question" in done.stdout
