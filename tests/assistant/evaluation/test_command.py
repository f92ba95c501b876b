import argparse
import io
import json

import pytest

from assistant.evaluation import Plan
from assistant.evaluation.command import check_command, compare_command, evaluate_command, register
from tests.assistant.evaluation.scripted import Scripted
from tests.assistant.evaluation.test_evaluate import REPLIES, TEXTS


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for text in TEXTS:
        (tmp_path / text.source).write_text(text.text)
    rows = [
        {"question": "How tall is the tower?", "answers": ["330 metres"], "evidence": quoted("tower.md", "330 metres")},
        {"question": "Who built the tower?", "answers": ["Eiffel"], "evidence": quoted("tower.md", "Gustave Eiffel")},
    ]
    (tmp_path / "set.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path


def quoted(document, quote):
    return [{"document": document, "quote": quote}]


def run(command, *paths, **options):
    out, err = io.StringIO(), io.StringIO()
    return command(*paths, out=out, err=err, **options), out.getvalue(), err.getvalue()


def plan(replies=REPLIES, **more):
    return Plan(opens=lambda folder, settings: Scripted(replies=replies), **more)


def test_evaluate_ends_with_a_table_and_says_where_the_report_is(place):
    status, out, err = run(evaluate_command, place / "set.jsonl", plan(out=place / "run"))
    assert status == 0 and "exact_match" in out and "the report is" in err and "questions: 2 of 2" in err
    assert (place / "run" / "report.html").exists()


def test_json_is_one_object_alone_on_the_output(place):
    status, out, _ = run(evaluate_command, place / "set.jsonl", plan(out=place / "run"), as_json=True)
    printed = json.loads(out)
    assert status == 0 and {"metrics", "config", "seconds"} <= set(printed)
    assert set(printed["metrics"]["exact_match"]) == {"mean", "low", "high", "n"}


def test_without_a_folder_the_results_go_into_a_new_one_under_runs(place):
    run(evaluate_command, place / "set.jsonl", plan())
    (made,) = (place / "runs").iterdir()
    assert made.name.startswith("set-") and (made / "results.jsonl").exists()


def test_an_interrupt_says_what_is_kept_and_how_to_go_on(place):
    stopped = REPLIES | {"Who built the tower?": KeyboardInterrupt()}
    status, out, err = run(evaluate_command, place / "set.jsonl", plan(stopped, out=place / "run"))
    assert status == 130 and out == "" and "1 answer kept in" in err and "--out" in err
    status, _, err = run(evaluate_command, place / "set.jsonl", plan(out=place / "run"))
    assert status == 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"metrics": ("bleu",)}, "there is no 'bleu' among the metrics; there are"),
        ({"metrics": ("recall@x",)}, "whole number from 1"),
        ({"limit": 0}, "a limit of 0"),
    ],
)
def test_bad_options_end_with_a_sentence_and_status_2(place, change, told):
    status, out, err = run(evaluate_command, place / "set.jsonl", plan(out=place / "run", **change))
    assert status == 2 and out == "" and told in err and "Traceback" not in err


def test_a_folder_that_cannot_be_made_ends_with_a_sentence(place):
    (place / "file").write_text("")
    status, _, err = run(evaluate_command, place / "set.jsonl", plan(out=place / "file" / "run"))
    assert status == 2 and "run" in err and "Traceback" not in err


def test_a_check_passes_or_names_the_line_and_exits_1(place):
    status, out, _ = run(check_command, place / "set.jsonl", plan())
    assert status == 0 and "2 questions checked, 0 faults" in out
    with (place / "set.jsonl").open("a") as file:
        file.write(json.dumps({"question": "Why?", "evidence": quoted("tower.md", "331 metres")}) + "\n")
    status, out, _ = run(check_command, place / "set.jsonl", plan())
    assert status == 1 and "line 3: tower.md does not say '331 metres'" in out


def test_compare_fails_only_where_a_condition_holds(place):
    worse = REPLIES | {"How tall is the tower?": None}
    for name, replies in (("a", REPLIES), ("b", worse)):
        run(evaluate_command, place / "set.jsonl", plan(replies, out=place / name))
    status, out, err = run(compare_command, place / "a", place / "b", conditions=["token_f1<-0.01"])
    assert status == 1 and "1 question changed" in out and "failed: token_f1 changed by -0.5" in err
    assert run(compare_command, place / "b", place / "a", conditions=["token_f1<-0.01"])[0] == 0
    assert run(compare_command, place / "a", place / "b", conditions=["token_f1"])[0] == 2
    printed = json.loads(run(compare_command, place / "a", place / "b", as_json=True)[1])
    assert printed["metrics"]["exact_match"]["losses"] == 1


def parsed(*words):
    parser = argparse.ArgumentParser()
    register(parser.add_subparsers(required=True))
    return parser.parse_args(words)


def test_the_command_line_reaches_the_functions(place, capsys):
    given = parsed("evaluate", "gone.jsonl", "--metric", "recall@5", "--limit", "3", "--seed", "1", "--json")
    assert given.run(given) == 2
    assert "there is no question set at gone.jsonl" in capsys.readouterr().err
    given = parsed("compare", "a", "b", "--fail-if", "token_f1<-0.01")
    assert given.run(given) == 2
    assert "there are no results at a" in capsys.readouterr().err
