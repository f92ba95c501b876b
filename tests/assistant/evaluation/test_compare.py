import itertools
import json

import numpy as np
import pytest

from assistant.evaluation import EvaluationError, Plan, compare, evaluate
from assistant.evaluation.compare import flipped
from assistant.evaluation.errors import BadMetric
from tests.assistant.evaluation.test_evaluate import SET, scripted

BETTER = {"Who built the tower?": ("Eiffel", "company of Gustave Eiffel", 0.9)}
WORSE = {"What is the bridge made of?": None}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    place = tmp_path_factory.mktemp("runs")
    for name, replies in (("a", {}), ("b", BETTER), ("c", WORSE)):
        evaluate(SET, Plan(out=place / name), scripted(**replies))
    return place


def of(comparison, name):
    return next(row for row in comparison.differences if row.metric == name)


def test_two_runs_are_paired_question_by_question(runs):
    better = compare(runs / "a", runs / "b" / "results.jsonl")
    row = of(better, "exact_match")
    assert (row.a, row.b, row.n) == (pytest.approx(2 / 3), 1.0, 3)
    assert row.difference == pytest.approx(1 / 3) and (row.wins, row.ties, row.losses) == (1, 2, 0)
    assert row.low <= row.difference <= row.high and 0 < row.p <= 1
    assert [pair[0][0].id for pair in better.changed] == ["who"]


def test_the_changed_answers_stand_side_by_side(runs):
    told = str(compare(runs / "a", runs / "b"))
    assert "1 question changed" in told and "Who built the tower?" in told
    assert "A: Gustave Eiffel · It is Gustave Eiffel." in told and "B: Eiffel · It is Eiffel." in told
    assert "right: Eiffel" in told
    assert "B: (no answer)" in str(compare(runs / "a", runs / "c"))


def test_a_run_does_not_differ_from_itself(runs):
    same = compare(runs / "a", runs / "a")
    assert all(row.difference == row.low == row.high == 0 for row in same.differences)
    assert of(same, "token_f1").p == 1 and "no question changed" in str(same)


def test_less_of_a_cost_is_a_win(runs, tmp_path):
    lines = [json.loads(line) for line in (runs / "a" / "results.jsonl").read_text().splitlines()]
    for line in lines:
        line["scores"]["latency_p50"] = [line["scores"]["latency_p50"][0] + 1]
    (tmp_path / "slow.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    row = of(compare(tmp_path / "slow.jsonl", runs / "a"), "latency_p50")
    assert row.difference == pytest.approx(-1) and (row.wins, row.losses) == (4, 0)


def test_a_condition_that_holds_is_told(runs):
    worse = compare(runs / "a", runs / "c")
    assert worse.failures(["token_f1<-0.01"]) == ["token_f1 changed by -0.3333, which is < -0.01"]
    assert worse.failures(["token_f1 < -0.5", "recall<-.01"]) == []
    assert compare(runs / "a", runs / "b").failures(["token_f1<-0.01", "exact_match>=0.3"]) != []


@pytest.mark.parametrize("condition", ["token_f1", "token_f1<", "token_f1<-0.01%", "tokens<0", "recall@7<0"])
def test_a_condition_that_means_nothing_is_refused(runs, condition):
    with pytest.raises(BadMetric):
        compare(runs / "a", runs / "b").failures([condition])


def test_questions_of_one_run_alone_are_counted_and_left_out(runs, tmp_path):
    lines = (runs / "a" / "results.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "some.jsonl").write_text("".join(lines[:3]))
    some = compare(tmp_path / "some.jsonl", runs / "b")
    assert some.shared == 3 and some.alone == (0, 1) and "1 only in B" in str(some)
    (tmp_path / "last.jsonl").write_text(lines[3])
    with pytest.raises(EvaluationError, match="no question in common"):
        compare(tmp_path / "some.jsonl", tmp_path / "last.jsonl")
    with pytest.raises(EvaluationError, match="there are no results at"):
        compare(tmp_path / "absent", runs / "a")


def test_randomisation_agrees_with_trying_every_sign():
    apart = np.array([0.5, 0.25, 1.0, -0.25, 0.75, 0.5, -0.5, 0.25])
    every = [abs(np.dot(signs, apart)) for signs in itertools.product((1, -1), repeat=len(apart))]
    exact = np.mean(np.array(every) >= abs(apart.sum()) - 1e-12)
    assert flipped(apart) == pytest.approx(exact, abs=0.015)


def test_a_difference_of_nothing_but_chance_is_rarely_called_sure():
    draw = np.random.default_rng(6)
    called = [flipped(draw.normal(0, 1, 40)) < 0.05 for _ in range(100)]
    assert sum(called) <= 12 and flipped(draw.normal(1, 1, 40)) < 0.001


def test_a_comparison_can_be_written_as_json(runs):
    summary = json.loads(json.dumps(compare(runs / "a", runs / "b").summary(), allow_nan=False))
    assert summary["metrics"]["exact_match"]["wins"] == 1
    assert summary["changed"] == [
        {"id": "who", "question": "Who built the tower?", "a": "It is Gustave Eiffel.", "b": "It is Eiffel."}
    ]
