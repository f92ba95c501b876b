"""The figures of a trained reader, and the two commands from data to figures."""

import json
import signal

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from assistant.readers.trained.spans import Found
from assistant.readers.training import data, evaluate, train
from tests.assistant.readers import sets


def test_auroc_is_that_of_scikit_learn_ties_and_all():
    rng = np.random.default_rng(1)
    scores, positive = rng.integers(0, 20, 300).astype(float), rng.random(300) < 0.4
    expected = roc_auc_score(positive, scores)
    assert evaluate.auroc(list(scores), [bool(one) for one in positive]) == pytest.approx(expected)
    assert np.isnan(evaluate.auroc([1.0], [True]))


def test_the_calibration_finds_the_weights_that_the_answers_follow():
    rng = np.random.default_rng(2)
    table = np.column_stack([rng.normal(size=(20_000, 2)), np.ones(20_000)])
    likely = 1 / (1 + np.exp(-table @ [1.5, -0.7, 0.3]))
    right = (rng.random(20_000) < likely).astype(float)
    weights = evaluate.calibrated(table, right)
    assert weights == pytest.approx([1.5, -0.7, 0.3], abs=0.1)
    told = evaluate.calibration(1 / (1 + np.exp(-table @ weights)), right)
    assert told["ece"] < 0.02 < evaluate.calibration(likely**3, right)["ece"]


def test_figures_count_the_best_span_of_answered_questions_and_tell_kinds_apart():
    passage = "The dam was designed by Irena Holm in 1931."
    where = passage.index("Irena")
    asked = data.Example("Who?", passage, ((where, where + 10),), ("Irena Holm",), "wiki", "a")
    lacking = data.Example("Who not?", passage, (), ("Irena Holm",), "wiki", "a", "negation")
    right, half = Found(where, where + 10, 4.0, -2.0), Found(where, where + 5, -1.0, 1.0)
    values = evaluate.figures([asked, asked, lacking], [right, half, Found(0, 3, 0.0, 0.0)])
    assert values["exact"] == 0.5 and values["f1"] == pytest.approx((1 + 2 / 3) / 2, abs=1e-4)
    assert values["auroc"] == values["auroc negation"] == 0.5 and values["questions"] == 3


@pytest.fixture
def handlers():
    """Puts back what training sets for its signals."""
    before = {number: signal.getsignal(number) for number in (signal.SIGUSR1, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.slow
def test_the_commands_lead_from_data_to_figures_and_a_run_goes_on(tmp_path, capsys, handlers):
    for domain in data.FILES:
        sets.write(tmp_path, [f"{title} {domain}" for title in sets.TITLES], domain=domain)
    run = tmp_path / "run"
    common = f"--data {tmp_path} --run {run} --batch 4 --longest 64 --frozen 5 --warmup 1 --decay 2 --check 8".split()
    train.main([*common, "--steps", "3"])
    train.main([*common, "--steps", "3"])
    lines = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [3, 3] and lines[0]["held_out"] == lines[1]["held_out"]
    evaluate.main(f"--data {tmp_path} --weights {run}/weights.safetensors --questions 8".split())
    told = json.loads(capsys.readouterr().out)
    assert {"calibration", *data.FILES} == set(told) and all(told[domain]["questions"] == 8 for domain in data.FILES)
    squad = sets.write(tmp_path / "squad") / data.FILES["wiki"]
    evaluate.main(f"--data {tmp_path} --weights {run}/checkpoint.pt --squad {squad} --questions 4".split())
    assert json.loads(capsys.readouterr().out)["squad"]["questions"] == 4
