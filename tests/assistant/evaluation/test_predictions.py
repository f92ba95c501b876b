import json

import pytest

from assistant.evaluation import Case, Evidence, Plan, QuestionSet, evaluate
from assistant.evaluation.errors import BadPredictions, MissingDocuments
from assistant.evaluation.types import Text
from tests.assistant.evaluation.test_evaluate import CASES, SET, scripted


def write(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def scored(path, questions=SET, **plan):
    report = evaluate(questions, Plan(predictions=path, **plan))
    return report, {name: score.mean for name, score in report.metrics.items()}


def test_another_systems_answers_are_scored_and_none_that_is_missing_is_dropped(tmp_path):
    path = write(
        tmp_path / "theirs.jsonl",
        {"id": "tall", "text": "It is 330 metres.", "short": "330 metres", "confidence": 0.9, "seconds": 0.5},
        {"question": "What did the tower cost?", "answer": ""},
    )
    report, means = scored(path)
    assert means["exact_match"] == pytest.approx(1 / 3) and report.metrics["exact_match"].n == 3
    assert means["no_answer_accuracy"] == 1 and report.errors == 2 and means["latency_p50"] == 0.5


def test_squads_own_form_of_predictions_is_read(tmp_path):
    path = tmp_path / "pred.json"
    path.write_text(json.dumps({"tall": "330 metres", "who": "Eiffel", "stone": "wood", "cost": ""}))
    report, means = scored(path)
    assert means["squad_exact"] == 3 / 4 and means["always_refusing"] == 1 / 4 and report.errors == 0


def test_quotes_and_passages_are_placed_in_the_documents(tmp_path):
    cited = [{"document": "tower.md", "quote": "330 metres tall"}, {"document": "tower.md", "quote": "331 metres"}]
    row = {
        "id": "tall",
        "text": "330 metres",
        "citations": cited,
        "found": [{"source": "bridge.md", "start": 0, "end": 9}],
    }
    report, means = scored(write(tmp_path / "p.jsonl", row), QuestionSet("one", CASES[:1], SET.texts))
    assert means["citation_recall"] == 1 and means["citation_precision"] == 1 / 2 and means["quote_exact"] == 1 / 2
    assert means["recall@5"] == 0 and report.records[0][1].losses[0].stage == "cited"


def test_a_runs_results_are_predictions_too(tmp_path):
    ours = evaluate(SET, Plan(out=tmp_path / "run"), scripted())
    _, means = scored(tmp_path / "run" / "results.jsonl")
    for name in ("exact_match", "citation_recall", "recall@5", "auroc", "quote_exact", "abstention_accuracy"):
        assert means[name] == ours.metrics[name].mean


def test_pages_need_no_documents(tmp_path):
    paged = QuestionSet("paged", (Case("a", "?", evidence=(Evidence("b.pdf", page=3),)),))
    row = {"id": "a", "text": "x", "citations": [{"document": "b.pdf", "page": 3}]}
    assert scored(write(tmp_path / "p.jsonl", row), paged)[1]["page_accuracy"] == 1


def test_quotes_that_have_to_be_looked_up_need_documents(tmp_path):
    with pytest.raises(MissingDocuments, match="--documents"):
        scored(write(tmp_path / "p.jsonl", {"id": "tall", "text": "x"}), QuestionSet("bare", CASES))


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ({"text": "x"}, "line 2 has neither 'id' nor 'question'"),
        ({"id": "a"}, "line 2 has no 'text'"),
        ({"id": "a", "text": "x", "outcome": "maybe"}, "line 2 has the outcome 'maybe'"),
        ({"id": "a", "text": "x", "confidence": "high"}, "line 2 has 'confidence' as a string"),
        ({"id": "a", "text": "x", "citations": [{"page": 3}]}, "line 2 has a citation or a hit that names no"),
        ({"id": "a", "text": "x", "found": {}}, "line 2 has citations or hits that are not a list"),
    ],
)
def test_a_malformed_prediction_is_named_by_its_line(tmp_path, row, complaint):
    with pytest.raises(BadPredictions) as raised:
        scored(write(tmp_path / "p.jsonl", {"id": "tall", "text": "x"}, row))
    assert complaint in str(raised.value)


def test_predictions_of_other_questions_are_refused(tmp_path):
    with pytest.raises(BadPredictions, match="answer none of these questions"):
        scored(write(tmp_path / "p.jsonl", {"id": "other", "text": "x"}))


def test_a_set_of_texts_needs_no_library_for_predictions(tmp_path):
    def never(folder, settings):
        raise AssertionError("no library is needed")

    texts = QuestionSet("t", CASES[:1], (Text("tower.md", "", "It is 330 metres tall."),))
    scored(write(tmp_path / "p.jsonl", {"id": "tall", "text": "330 metres"}), texts, opens=never)
