import math

import numpy as np
import pytest

from assistant.evaluation import bootstrap
from assistant.evaluation.errors import BadMetric
from assistant.evaluation.score import chosen, metric, totals
from index.errors import UnknownName


def one(values):
    measure = metric("answer_rate")
    return totals([measure], [{measure.name: (value,)} for value in values])[measure.name]


def test_an_interval_is_about_as_wide_as_the_normal_one():
    draw = np.random.default_rng(1)
    values = draw.normal(0.5, 0.1, 400)
    score = one(values)
    half = 1.96 * values.std() / math.sqrt(400)
    assert score.n == 400 and score.mean == pytest.approx(values.mean())
    assert score.low == pytest.approx(values.mean() - half, abs=half / 5)
    assert score.high == pytest.approx(values.mean() + half, abs=half / 5)


def test_intervals_hold_the_true_mean_about_95_times_in_100():
    draw = np.random.default_rng(2)
    hits = [score.low <= 0.3 <= score.high for score in (one(draw.random(80) < 0.3) for _ in range(200))]
    assert 0.88 <= np.mean(hits) <= 0.99


def test_an_interval_is_the_same_every_time():
    values = list(np.random.default_rng(3).random(50))
    assert one(values) == one(values)


def test_a_metric_that_applies_to_some_questions_is_over_those_alone():
    scores = [{"recall@5": (1.0,)}, {}, {"recall@5": (0.0,)}, {}]
    found = totals([metric("recall")], scores)["recall@5"]
    assert (found.mean, found.n) == (0.5, 2) and found.low <= 0.5 <= found.high


def test_a_metric_that_applies_to_no_question_is_left_out():
    assert totals([metric("recall")], [{}, {}]) == {} == totals([metric("recall")], [])


def test_a_single_question_has_an_interval_of_no_width():
    assert one([1.0]) == bootstrap.Score(1.0, 1.0, 1.0, 1)


def test_a_percentile_of_weighted_values_is_that_of_the_values_written_out():
    draw = np.random.default_rng(4)
    values = draw.random(31)
    for weights in draw.integers(0, 3, (50, 31)).astype(float):
        written = np.repeat(values, weights.astype(int))
        wanted = np.percentile(written, 95, method="inverted_cdf")
        assert bootstrap.percentile(values, weights[None], 95)[0] == wanted


def test_resamples_draw_as_many_questions_as_there_are_in_every_block():
    blocks = list(bootstrap.draws(7, 25))
    assert sum(len(block) for block in blocks) == 25 and all((block.sum(axis=1) == 7).all() for block in blocks)


def test_a_hundred_thousand_questions_are_summed_up_in_seconds():
    values = np.random.default_rng(5).random(100_000)
    assert one(values).n == 100_000


def test_a_metric_that_does_not_exist_is_answered_with_those_that_do():
    with pytest.raises(UnknownName, match=r"there is no 'bleu' among the metrics; there are .*recall.*token_f1"):
        chosen(["recall@5", "bleu"])


@pytest.mark.parametrize("name", ["recall@", "recall@0", "recall@five", "recall@-1", "recall@5@5", "exact_match@3"])
def test_a_k_that_means_nothing_is_refused(name):
    with pytest.raises(BadMetric, match=r"recall@5|takes no @k"):
        metric(name)


def test_a_metric_named_twice_is_measured_once():
    assert [one.name for one in chosen(["recall", "recall@5", "recall@10"])] == ["recall@5", "recall@10"]
