"""The trained reader: its network, inputs and spans; and that training changes what it should and can be resumed."""

from random import Random

import numpy as np
import pytest
import torch

from assistant.readers.trained.computed import Computed
from assistant.readers.trained.pairs import LONGEST, Pair, Pairs
from assistant.readers.trained.spans import LONGEST_ANSWER, Reading, SpanReader, Window, read
from assistant.readers.training import data, model
from assistant.readers.training.batches import batches, encoded
from assistant.readers.training.model import batch
from assistant.readers.training.network import POSITIONS
from assistant.readers.training.train import Plan, Run
from index.embed import bundled_weights
from index.errors import EmbeddingUnusable
from tests.assistant.readers import sets

LONG = " ".join(f"Sentence {number} says nothing of note." for number in range(120))


@pytest.fixture(scope="module")
def base():
    return bundled_weights()


@pytest.fixture(scope="module")
def pairs(base):
    return Pairs(base.parent)


@pytest.fixture(scope="module")
def network(base):
    return model.fresh(base, 0.0, 1).eval()


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    return data.read(sets.write(tmp_path_factory.mktemp("sets")), ["wiki"])


def test_a_pairs_tokens_lead_back_to_the_passages_characters(pairs):
    passage = "Dr. Åsa Öberg paid €1,204.50 — in Malmö."
    ((pair,),) = pairs.windows("Who paid?", [passage])
    place = pair.place(passage.index("Åsa"), passage.index(" paid"))
    assert passage[slice(*pair.stretch(*place))] == "Åsa Öberg"
    assert pair.place(0, 10_000) is None


def test_a_long_passage_is_cut_into_windows_that_overlap_and_miss_nothing(pairs):
    (windows,) = pairs.windows("What is of note?", [LONG])
    assert len(windows) > 2 and all(len(window.ids) <= LONGEST <= POSITIONS for window in windows)
    assert windows[0].offsets[0][0] == 0 and windows[-1].offsets[-1][1] == len(LONG)
    assert all(a.offsets[-1][0] > b.offsets[0][0] for a, b in zip(windows, windows[1:], strict=False))


def test_a_question_that_is_too_long_leaves_room_for_the_passage(pairs):
    ((pair,),) = pairs.windows("why " * 500, ["Because."])
    assert len(pair.offsets) == 2 and pair.ids[-1] == 102


def test_training_rows_hold_the_answer_wherever_it_stands(pairs, examples):
    for example in [*examples, *(move(example) for example in examples)]:
        for seed in range(5):
            ((pair, (first, last)),) = encoded([example], pairs, 64, Random(seed))
            start, end = pair.stretch(first, last)
            assert len(pair.ids) <= 64 and example.passage[start:end] == example.passage[slice(*example.target)]


def move(example):
    """The same example with its passage behind a long text."""
    spans = tuple((start + len(LONG) + 1, end + len(LONG) + 1) for start, end in example.answers)
    return data.Example(example.question, f"{LONG} {example.passage}", spans, example.accepted, "wiki", "long")


def test_an_example_without_an_answer_points_at_the_first_place(pairs, examples):
    lacking = data.Example(examples[0].question, LONG, (), examples[0].accepted, "wiki", "long", "mined")
    ((_, place),) = encoded([lacking], pairs, 64, Random(0))
    assert place == (0, 0)


def test_batches_hold_every_example_once_and_are_the_same_for_the_same_seed(pairs, examples):
    first, again = (list(batches(examples * 5, pairs, 4, 96, "1")) for _ in range(2))
    assert first == again and sum(map(len, first)) == 25
    assert sorted(row[0].ids for rows in first for row in rows) == sorted(
        row[0].ids for row in encoded(examples * 5, pairs, 96, Random(0))
    )


def test_padding_changes_no_score(network, pairs):
    short, long = (pairs.windows("Who built it?", [text])[0][0] for text in (sets.CASTLE[:60], sets.RIVER))
    with torch.inference_mode():
        alone, together = network(*batch([short])), network(*batch([short, long]))
    width = len(short.ids)
    torch.testing.assert_close(alone.start[0], together.start[0, :width], atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(alone.null[0], together.null[0], atol=1e-4, rtol=1e-4)
    assert together.start[0, width:].isinf().all()


def test_attention_while_training_gives_what_it_gives_afterwards(network, pairs):
    both = batch([pairs.windows("Who built it?", [text])[0][0] for text in (sets.CASTLE, sets.RIVER)])
    with torch.inference_mode():
        after, during = network(*both), network.train()(*both)
    network.eval()
    torch.testing.assert_close(after.start, during.start, atol=1e-4, rtol=1e-4)


def test_no_answer_stands_in_the_question_or_the_marks(network, pairs):
    ((pair,),) = pairs.windows("Who built it?", [sets.CASTLE])
    with torch.inference_mode():
        scores = network(*batch([pair]))
    able = [at for at in range(len(pair.ids)) if scores.start[0, at].isfinite()]
    assert able == [0, *range(pair.first, len(pair.ids) - 1)]


def window(start, end, tokens=60):
    """A reading of tokens of one character each; all logits are -9 but those given by place."""
    logits = [np.full(tokens, -9.0, np.float32) for _ in range(2)]
    for row, given in zip(logits, (start, end), strict=True):
        row[list(given)] = list(given.values())
    return Window(Pair(tuple(range(tokens)), 1, tuple((at, at + 1) for at in range(tokens))), *logits, 3.0, 0.5)


def test_the_best_span_is_in_order_short_enough_and_measured_against_nothing():
    found = window({2: 9.0, 40: 5.0}, {1: 9.0, 45: 5.0}).best(0, 60)
    assert (found.start, found.end, found.margin, found.null) == (40, 46, 7.0, 0.5)
    edge = 2 + LONGEST_ANSWER
    assert window({2: 9.0}, {edge - 1: 9.0}).best(0, 60).end == edge
    found = window({2: 9.0}, {edge: 9.0}).best(0, 60)
    assert found.end - found.start <= LONGEST_ANSWER


def test_the_best_span_of_a_sentence_stays_inside_it():
    one = window({5: 9.0, 22: 4.0}, {7: 9.0, 25: 4.0, 31: 8.0})
    assert (one.best(20, 30).start, one.best(20, 30).end) == (22, 26)
    assert one.best(7, 7) is None and Reading(()).best() is None


def test_of_overlapping_windows_the_one_that_says_most_counts():
    quiet, sure = window({5: 1.0}, {6: 1.0}), window({9: 6.0}, {9: 6.0})
    assert Reading((quiet, sure)).best() == Reading((sure, quiet)).best() == sure.best(0, 60)


@pytest.mark.slow
def test_the_network_is_the_bundled_model(network, base, pairs):
    """Its hidden states are those of transformers' BERT with the same weights."""
    from transformers import BertModel

    bert = BertModel.from_pretrained(base.parent, add_pooling_layer=False).eval()
    ids, parts, lengths = batch([pairs.windows("Who built it?", [sets.CASTLE])[0][0]])
    with torch.inference_mode():
        theirs = bert(input_ids=ids, token_type_ids=parts).last_hidden_state
        x = network.embeddings(ids, parts)
        for layer in network.layers:
            x = layer(x, torch.ones(1, 1, 1, int(lengths), dtype=torch.bool))
    torch.testing.assert_close(x, theirs, atol=1e-4, rtol=1e-4)


@pytest.mark.slow
def test_training_learns_leaves_the_frozen_alone_and_its_file_reads_the_same(base, pairs, examples, tmp_path):
    run = Run(Plan(precision="float32", warmup=1, rate=1e-3, frozen=5), tmp_path, base)
    before = {name: value.clone() for name, value in run.network.state_dict().items()}
    rows = encoded(examples, pairs, 64, Random(0))
    run.network.train()
    losses = [run.learn(rows) for _ in range(6)]
    assert losses[-1] < losses[0] * 0.8
    frozen = ("embeddings.", *(f"layers.{number}." for number in range(5)))
    changed = {name for name, value in run.network.state_dict().items() if not torch.equal(value, before[name])}
    assert changed and not any(name.startswith(frozen) for name in changed)
    model.save(run.network, tmp_path / "weights.safetensors")
    assert (tmp_path / "weights.safetensors").stat().st_size < 4.2e6
    asked = [(example.question, example.passage) for example in examples]
    loaded = model.load(base, tmp_path / "weights.safetensors")
    both = model.reading(run.network.eval()), model.reading(loaded)
    kept, loaded = ([reading.best() for reading in read(network, pairs, asked)] for network in both)
    assert [(one.start, one.end) for one in kept] == [(one.start, one.end) for one in loaded]
    assert all(abs(one.margin - other.margin) < 0.1 for one, other in zip(kept, loaded, strict=True))


@pytest.mark.slow
def test_a_run_goes_on_as_if_it_had_not_been_stopped(base, pairs, examples, tmp_path):
    rows = encoded(examples, pairs, 96, Random(0))
    plan = Plan(precision="float32", warmup=2, frozen=5)
    whole, first, second = (Run(plan, tmp_path, base) for _ in range(3))
    for _ in range(4):
        expected = whole.learn(rows)
    for _ in range(2):
        first.learn(rows)
    first.save()
    second.resume()
    second.learn(rows)
    assert second.learn(rows) == pytest.approx(expected, rel=1e-4)
    assert (second.step, second.seen) == (whole.step, whole.seen) == (4, 20)


def test_the_rate_rises_stays_and_falls_to_nothing_when_told_to_finish(base, tmp_path):
    run = Run(Plan(warmup=10, decay=20, rate=1.0), tmp_path, base)
    rates = []
    for step in range(60):
        run.step = step
        if step == 30:
            run.finish()
        rates.append(run.rate())
    assert rates[0] == 0.1 and set(rates[9:31]) == {1.0} and rates[40] == pytest.approx(0.5) and rates[50] == 0
    assert run.over


def test_a_run_finishes_with_its_last_step_or_its_last_minute(base, tmp_path):
    run = Run(Plan(warmup=10, decay=20, steps=100, minutes=10), tmp_path, base)
    run.step, run.seconds = 50, 50.0
    run.watch()
    assert not run.falls_from
    run.step = 80
    run.watch()
    assert run.falls_from == 80
    run.falls_from, run.step, run.seconds = 0, 50, 500.0
    run.watch()
    assert run.falls_from == 50


def test_what_ships_computes_what_was_trained(network, base, pairs, tmp_path):
    model.save(network, tmp_path / "weights.safetensors")
    asked = [pairs.windows("Who built it?", [text])[0][0] for text in (sets.CASTLE, "He.", sets.RIVER, LONG)]
    trained = model.reading(model.load(base, tmp_path / "weights.safetensors"))(asked)
    for one, other in zip(trained, Computed(base, tmp_path / "weights.safetensors")(asked), strict=True):
        np.testing.assert_allclose(one.start, other.start, atol=1e-3)
        np.testing.assert_allclose(one.end, other.end, atol=1e-3)
        assert (one.nothing, one.null) == pytest.approx((other.nothing, other.null), abs=1e-3)


def test_weights_that_are_missing_or_others_are_refused(tmp_path):
    with pytest.raises(EmbeddingUnusable, match="cannot be read"):
        SpanReader(tmp_path / "weights.safetensors").read("Who?", ["He."])
    (tmp_path / "weights.safetensors").write_bytes(b"other")
    with pytest.raises(EmbeddingUnusable, match="not the ones we tested"):
        SpanReader(tmp_path / "weights.safetensors", "0" * 64).read("Who?", ["He."])


def test_a_reader_finds_a_stretch_in_each_passage_and_scores_them(network, tmp_path):
    model.save(network, tmp_path / "weights.safetensors")
    reader = SpanReader(tmp_path / "weights.safetensors")
    texts = [sets.RIVER, LONG, sets.CASTLE]
    found = [reading.best() for reading in reader.read("Who built Belmar Castle?", texts)]
    assert all(0 <= one.start < one.end <= len(text) for one, text in zip(found, texts, strict=True))
    scores = reader("Who built Belmar Castle?", texts)
    assert all(0 < score < 1 for score in scores)
    assert np.argsort(scores).tolist() == np.argsort([one.likely for one in found]).tolist()
    assert reader("Who?", []) == [] and reader("Who?", [" "]) == [0.0]
