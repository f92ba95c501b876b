import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import Assistant, Settings
from assistant.account import line
from assistant.cli import main
from assistant.sample import SAMPLE
from assistant.terminal import cancelled_by_ctrl_c
from index.types import Receipt

ROOT = Path(__file__).parents[2]


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


def test_what_was_counted_to_none_is_said_in_the_place_of_not_found(run):
    status, out, _ = run("ask", "How many times does the word whale appear?")
    assert status == 3
    assert out.startswith("Nothing matches “whale”; ") and "could not find" not in out


def test_add_search_documents_and_remove(run, tmp_path):
    (tmp_path / "mars.txt").write_text("Mars is red because of iron oxide in its soil.")
    assert run("add", "mars.txt", "--library", "mine")[1].startswith("mars.txt: added, 46 characters, 1 passage\n")
    assert "unchanged" in run("add", "mars.txt", "--library", "mine")[1]
    assert "iron oxide" in run("search", "red soil", "--library", "mine")[1]
    [hit] = json.loads(run("search", "red soil", "--library", "mine", "--json")[1])
    assert hit["passage"]["source"] == "mars.txt"
    assert run("documents", "--library", "mine")[1] == "mars.txt: 46 characters, ready\n"
    assert json.loads(run("documents", "--library", "mine", "--json")[1])[0]["ready"] == 1
    assert run("remove", "mars.txt", "--library", "mine")[0] == 0
    assert run("documents", "--library", "mine")[1] == ""


def test_a_receipt_tells_what_was_left_out_and_what_is_there_twice(run, tmp_path):
    page = "<html><body><p>Mars is red.</p><script>var moons = 2;</script></body></html>"
    (tmp_path / "mars.html").write_text(page)
    (tmp_path / "copy.html").write_text(page)
    said = "mars.html: added, 12 characters, 1 passage; left out: script or style 11\n"
    assert run("add", "mars.html", "--library", "mine")[1] == said
    copied = said.replace("mars", "copy").replace("\n", "; same content as mars.html, stored once\n")
    assert run("add", "copy.html", "--library", "mine")[1] == copied
    assert run("documents", "--receipts", "--library", "mine")[1] == copied + said
    [kept, _] = json.loads(run("documents", "--receipts", "--json", "--library", "mine")[1])
    assert kept["receipt"]["same_as"] == "mars.html" and kept["receipt"]["dropped"] == {"script or style": 11}


def test_what_cannot_be_read_is_told_on_stderr_and_the_rest_is_added(run, tmp_path):
    (tmp_path / "mars.txt").write_text("Mars is red.")
    (tmp_path / "odd.bin").write_bytes(b"\0\1")
    status, out, err = run("add", "odd.bin", "mars.txt", "--library", "mine")
    assert status == 0 and out == "mars.txt: added, 12 characters, 1 passage\n"
    assert err.startswith("odd.bin is of a format that cannot be read")
    status, out, _ = run("add", "odd.bin", "--json", "--library", "mine")
    assert status == 2 and json.loads(out)[0]["state"] == "refused"


def test_an_address_that_is_not_public_is_refused_in_one_sentence(run):
    status, out, err = run("add", "http://127.0.0.1:9/", "--library", "mine")
    assert status == 2 and out == "" and err.count("\n") == 1 and "127.0.0.1" in err


def test_ctrl_c_keeps_what_is_in_and_says_so(tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(3_000):
        (folder / f"{number}.txt").write_text(f"Note {number} is about a heron.")
    command = [sys.executable, "-m", "assistant", "add", str(folder), "--library", str(tmp_path / "mine")]
    environment = {**os.environ, "ASSISTANT_STORE": "memory", "PYTHONPATH": str(ROOT)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "env": environment}
    with subprocess.Popen(command, **pipes) as adding:
        while len(list((tmp_path / "mine" / "files").glob("*"))) < 3:
            assert adding.poll() is None
            time.sleep(0.02)
        adding.send_signal(signal.SIGINT)
        out, err = adding.communicate(timeout=60)
    said = re.search(r"^stopped; ([\d,]+) documents? (?:is|are) in and will be kept, [\d,]+ not added$", err, re.M)
    kept = int(said[1].replace(",", ""))
    assert adding.returncode == 130 and 3 <= kept < 3_000
    assert len(out.splitlines()) == kept
    with Assistant.open(tmp_path / "mine", Settings(model=None, store="memory")) as assistant:
        assert len(assistant.documents()) == kept


def test_the_second_ctrl_c_stops_at_once():
    with pytest.raises(KeyboardInterrupt), cancelled_by_ctrl_c() as cancel:
        signal.raise_signal(signal.SIGINT)
        assert cancel.is_set()
        signal.raise_signal(signal.SIGINT)


def test_what_is_unexplained_is_told():
    lost = Receipt("a.pdf", "added", 1, 60, 1, seen=1_050, kept=50)
    assert line(lost).endswith(
        "; 1,000 characters of this file are in no passage and were not left out on purpose either"
    )
    assert line(replace(lost, seen=49)).endswith("; 1 more character stands in passages than were found in this file")
    said = "1,000 of 1,050 characters cannot be accounted for"
    assert (
        line(replace(lost, warnings=(said,), missing=(said,)))
        == f"a.pdf: added, 1 page, 60 characters, 1 passage; {said}"
    )


def test_ask_prints_one_object_with_json(run):
    status, out, _ = run("ask", "How many people have been killed?", "--json")
    answer = json.loads(out)
    assert status == 0
    assert list(answer) == [
        "question", "text", "short", "answered", "outcome", "confidence", "citations", "parts", "seconds",
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


def test_a_share_of_wrong_answers_says_what_it_costs_or_that_it_cannot_be(run, monkeypatch):
    monkeypatch.setenv("ASSISTANT_MOST_WRONG", "30")
    status, out, err = run("ask", "How many people have been killed?")
    assert status == 0 and "76" in out
    assert "at most 30% wrong answers: silent below a confidence of 0.4, where 61% of the questions" in err
    monkeypatch.setenv("ASSISTANT_MOST_WRONG", "3")
    status, _, err = run("ask", "How many people have been killed?")
    assert status == 2 and err == "at most 3% wrong answers cannot be promised; the measured range is 11 to 100\n"
