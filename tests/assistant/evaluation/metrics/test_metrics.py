"""A worked number for every metric; the numbers are worked out by hand beside them."""

import math
import random
from dataclasses import replace

import numpy as np
import pytest

from assistant.evaluation import Case, Evidence, metrics
from assistant.evaluation.score import chosen, metric, scored, totals
from assistant.evaluation.types import Place, Result
from assistant.types import Cost
from index.named import names

# A document of 100 characters with evidence at 10-20 and 50-70; passages of 25, of which 1 and 4 are no evidence.
PIECES = (Evidence("d", "a", 10, 20), Evidence("d", "b", 50, 70))
FOUND = (Place("d", 75, 100), Place("d", 0, 25), Place("d", 50, 75), Place("e", 50, 70))
PAGED = (Evidence("d", page=3, slack=1),)


def case(**known):
    return Case("1", "?", **known)


def found(*places, evidence=PIECES, **known):
    return Result("1", evidence, outcome="answered", found=places or FOUND, **known)


def said(short, text="", outcome="answered", **known):
    return Result("1", known.pop("evidence", ()), text=text or short, short=short, outcome=outcome, **known)


def cited(*places, evidence=PIECES, **known):
    return Result("1", evidence, outcome="answered", citations=places, **known)


COST = Cost("small", 100, 20, 0.4, 1.5, True)
ANSWERED = case(answers=("Denver Broncos", "the Broncos of Denver"))
NOTHING = case(answerable=False)

# name: (case, result, score)
WORKED = {
    # ranks 2 and 3 show one piece each
    "recall@1": (case(), found(), 0.0),
    "recall@2": (case(), found(), 1 / 2),
    "recall@5": (case(), found(), 1.0),
    "hit@1": (case(), found(), 0.0),
    "hit@2": (case(), found(), 1.0),
    "mrr@10": (case(), found(), 1 / 2),
    "mrr@1": (case(), found(), 0.0),
    # (1/log2(3) + 1/log2(4)) / (1/log2(2) + 1/log2(3)) = (.63093 + .5) / 1.63093
    "ndcg@10": (case(), found(), 0.693426),
    # d and e, of which d has evidence
    "document_recall@1": (case(), found(), 1.0),
    "document_recall@5": (case(), found(evidence=(*PIECES, Evidence("f"))), 1 / 2),
    # of 10 + 20 characters: rank 2 holds 10, rank 3 holds 20
    "excerpt_recall@2": (case(), found(), 10 / 30),
    "excerpt_recall@3": (case(), found(), 1.0),
    # of 25 + 25 + 25 characters 30
    "excerpt_precision@3": (case(), found(), 30 / 75),
    # 10 of 50 that were found and 20 that were not
    "iou@2": (case(), found(), 10 / 70),
    "exact_match": (ANSWERED, said("denver BRONCOS."), 1.0),
    # "broncos" of 1 word, "denver broncos" of 2: 2 * 1 / 3; "broncos of denver" of 3: 2 * 1 / 4
    "token_f1": (ANSWERED, said("The Broncos"), 2 / 3),
    "answer_contains": (ANSWERED, said("1998", "The Denver Broncos won."), 1.0),
    "has_answer_f1": (ANSWERED, said("Denver Broncos", outcome="not_found"), 0.0),
    "no_answer_accuracy": (NOTHING, said("", outcome="not_found"), 1.0),
    "squad_f1": (NOTHING, said("Denver"), 0.0),
    "squad_exact": (ANSWERED, said("Denver Broncos"), 1.0),
    "always_refusing": (NOTHING, said("Denver"), 1.0),
    "citation_recall": (case(), cited(Place("d", 12, 30), Place("d", 90, 99)), 1 / 2),
    "citation_precision": (case(), cited(Place("d", 12, 30), Place("d", 90, 99), Place("e", 10, 20)), 1 / 3),
    # cited 5-15 and 10-25 are 20 characters, 10 of which are evidence, of 30: 10 / (20 + 30 - 10)
    "cited_iou": (case(), cited(Place("d", 5, 15), Place("d", 10, 25)), 10 / 40),
    "page_accuracy": (case(), cited(Place("d", 0, 9, 2), evidence=PAGED), 1.0),
    "page_accuracy@0": (case(), cited(Place("d", 0, 9, 2), evidence=PAGED), 0.0),
    "quote_exact": (case(), cited(Place("d", 0, 9, exact=True), Place("d", 0, 9, exact=False)), 1 / 2),
    "abstention_accuracy": (NOTHING, said("Denver"), 0.0),
    "answer_rate": (NOTHING, said("Denver"), 1.0),
    "tokens": (case(), said("Denver", tokens=120), 120.0),
    "tokens_read": (case(), said("Denver", cost=COST), 100.0),
    "tokens_written": (case(), said("Denver", cost=COST), 20.0),
}

# name: (rows of (case, result), value)
SURE = [
    (ANSWERED, said("Denver Broncos", confidence=0.9)),
    (NOTHING, said("Denver", confidence=0.8)),
    (ANSWERED, said("Denver Broncos", confidence=0.8)),
    (NOTHING, said("", outcome="not_found", confidence=0.1)),
    (ANSWERED, said("Boston", confidence=0.6)),
]
TIMES = [(case(), said("x", seconds=seconds)) for seconds in (0.5, 0.1, 0.2, 0.3, 0.4)]
SUMMED = {
    # pairs of answerable (.9 .8 .6) with unanswerable (.8 .1): 1 + 1, .5 + 1, 0 + 1 of 6
    "auroc": (SURE, 4.5 / 6),
    # 60 % of 5 are 3: the one at .9 is right, of the two at .8 one is wrong
    "risk_at_coverage@60": (SURE, 1 / 3),
    # 80 % are 4: one more, at .6, which is wrong
    "risk_at_coverage@80": (SURE, 2 / 4),
    # bins of those answered: .9 (right), .8 .8 (1 of 2 right), .6 (wrong): (.1 + |1.6 - 1| + .6) / 4
    "calibration_error": (SURE, 1.3 / 4),
    "latency_p50": (TIMES, 0.3),
    "first_word_p50": ([(case(), said("Denver", cost=replace(COST, first=each))) for each in (0.5, 0.1, 0.3)], 0.3),
    "latency_p95": (TIMES, 0.5),
}


def value(name, rows):
    measure = metric(name)
    return totals([measure], [scored(known, result, [measure]).scores for known, result in rows])[measure.name].mean


@pytest.mark.parametrize("name", WORKED)
def test_a_metric_gives_the_worked_number(name):
    known, result, wanted = WORKED[name]
    assert value(name, [(known, result)]) == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("name", SUMMED)
def test_a_metric_over_several_questions_gives_the_worked_number(name):
    rows, wanted = SUMMED[name]
    assert value(name, rows) == pytest.approx(wanted)


def test_every_metric_has_a_worked_number():
    assert {name.split("@")[0] for name in WORKED | SUMMED} == set(names(metrics))


@pytest.mark.parametrize("name", names(metrics))
def test_a_metric_says_its_formula_and_its_group_and_leaves_a_bare_question_alone(name):
    measure = metric(name)
    assert "    " in measure.module.__doc__ and measure.group
    bare = measure.score(case(), said("x"))
    assert bare is None or all(math.isfinite(number) for number in bare)


@pytest.mark.parametrize("name", names(metrics))
def test_an_error_counts_as_wrong_and_never_as_right(name):
    wrong = Result("1", PIECES, outcome="error", error="broken")
    for known in (ANSWERED, case(evidence=PIECES), NOTHING):
        got = metric(name).score(known, wrong)
        if got is not None and len(got) == 1 and name != "always_refusing":
            assert got == (0.0,)


def test_an_error_is_dropped_from_no_metric_that_a_right_answer_is_in():
    right = said("Denver Broncos", evidence=PIECES, citations=(Place("d", 10, 20),), found=FOUND, seconds=1.0)
    wrong = Result("1", PIECES, outcome="error", error="broken", seconds=1.0)
    known = case(answers=ANSWERED.answers, evidence=PIECES)
    held, lost = (set(scored(known, result, chosen()).scores) for result in (right, wrong))
    assert held - lost == set()


def test_a_quote_that_is_not_in_its_document_counts_as_missed():
    lost = (Evidence("d", "a" * 10, 10, 20), Evidence("d", "b" * 30))
    assert value("excerpt_recall@5", [(case(), found(evidence=lost))]) == pytest.approx(10 / 40)
    assert value("recall@5", [(case(), found(evidence=lost))]) == pytest.approx(1 / 2)


def test_two_passages_of_one_piece_gain_once():
    halves = found(Place("d", 0, 15), Place("d", 15, 30), evidence=PIECES[:1])
    assert value("ndcg@10", [(case(), halves)]) == pytest.approx(1.0)


def test_excerpt_metrics_agree_with_counting_characters_one_by_one():
    draw = random.Random(5)
    for _ in range(200):
        evidence = tuple(Evidence("d", "q", start, start + 8) for start in draw.sample(range(0, 90, 9), 3))
        starts = [draw.randrange(0, 80) for _ in range(4)]
        places = tuple(Place("d", start, start + draw.randrange(1, 20)) for start in starts)
        gold = {at for piece in evidence for at in range(piece.start, piece.end)}
        shown = {at for place in places for at in range(place.start, place.end)}
        length = sum(place.end - place.start for place in places)
        row = [(case(), found(*places, evidence=evidence))]
        assert value("excerpt_recall@5", row) == pytest.approx(len(gold & shown) / len(gold))
        assert value("excerpt_precision@5", row) == pytest.approx(len(gold & shown) / length)
        assert value("iou@5", row) == pytest.approx(len(gold & shown) / (length + len(gold - shown)))
        cites = [(case(), cited(*places, evidence=evidence))]
        assert value("cited_iou", cites) == pytest.approx(len(gold & shown) / len(gold | shown))


def test_ranking_metrics_agree_with_trec_eval():
    trec = pytest.importorskip("pytrec_eval")
    draw = random.Random(7)
    judged, ran, results = {}, {}, {}
    for number in range(50):
        name = str(number)
        order = draw.sample([f"d{at}" for at in range(40)], 30)
        grades = {document: draw.choice([1, 2]) for document in draw.sample([f"d{at}" for at in range(40)], 5)}
        judged[name], ran[name] = grades, {document: -float(at) for at, document in enumerate(order)}
        evidence = tuple(Evidence(document, grade=float(grade)) for document, grade in grades.items())
        twice = [Place(document, start, start + 9) for document in order for start in (0, 9)]
        results[name] = Result(name, evidence, outcome="answered", found=tuple(twice))
    theirs = {"recall@5": "recall_5", "ndcg@10": "ndcg_cut_10", "mrr@30": "recip_rank", "hit@5": "success_5"}
    measures = {"recall.5", "ndcg_cut.10", "recip_rank", "success.5"}
    scores = trec.RelevanceEvaluator(judged, measures).evaluate(ran)
    for ours, named in theirs.items():
        for name, result in results.items():
            assert metric(ours).score(case(), result) == pytest.approx((scores[name][named],))


def test_auroc_agrees_with_counting_pairs():
    draw = random.Random(9)
    rows = [
        (case(answerable=draw.random() < 0.5), said("x", confidence=draw.choice([0.1, 0.2, 0.4, 0.7, 0.9])))
        for _ in range(60)
    ]
    right = [result.confidence for known, result in rows if known.answerable]
    wrong = [result.confidence for known, result in rows if not known.answerable]
    pairs = [(a > b) + (a == b) / 2 for a in right for b in wrong]
    assert value("auroc", rows) == pytest.approx(np.mean(pairs))


def test_auroc_has_no_number_where_every_question_is_answerable():
    measure = metric("auroc")
    assert totals([measure], [{"auroc": (0.5, 1.0)}, {"auroc": (0.7, 1.0)}]) == {}
