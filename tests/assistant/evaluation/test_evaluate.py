import io
import json

import pytest

from assistant import Assistant, Settings
from assistant.evaluation import Case, EvaluationError, Evidence, Plan, QuestionSet, check, evaluate, load_cases
from assistant.evaluation.errors import MissingDocuments, RunMismatch
from assistant.evaluation.types import Text
from index.errors import LibraryError, UnknownName
from tests.assistant.evaluation.scripted import Scripted
from tests.stub import WordEmbedder

TOWER = "The tower of Paris is 330 metres tall. It was built by the company of Gustave Eiffel in 1889."
TEXTS = (Text("tower.md", "Tower", TOWER), Text("bridge.md", "Bridge", "The bridge of London is made of stone."))
CASES = (
    Case("tall", "How tall is the tower?", ("330 metres",), (Evidence("tower.md", "330 metres tall"),), kind="size"),
    Case("who", "Who built the tower?", ("Eiffel",), (Evidence("tower.md", "company of Gustave Eiffel"),), kind="who"),
    Case("stone", "What is the bridge made of?", ("stone",), (Evidence("bridge.md", "made of stone"),), kind="size"),
    Case("cost", "What did the tower cost?", answerable=False, kind="who"),
)
SET = QuestionSet("towers", CASES, TEXTS, sha256="1")
REPLIES = {
    "How tall is the tower?": ("330 metres", "330 metres tall", 0.9),
    "Who built the tower?": ("Gustave Eiffel", "The tower of Paris is 330 metres tall.", 0.8),
    "What is the bridge made of?": ("stone", "made of stone", 0.7),
}


def scripted(**replies):
    return Scripted({text.source: text.text for text in TEXTS}, REPLIES | replies)


def results(folder):
    return [json.loads(line) for line in (folder / "results.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_run_asks_every_question_and_scores_it(tmp_path):
    assistant = scripted()
    report = evaluate(SET, Plan(out=tmp_path), assistant)
    assert assistant.asked == [case.question for case in CASES]
    means = {name: score.mean for name, score in report.metrics.items()}
    assert means["exact_match"] == pytest.approx(2 / 3) and means["token_f1"] == pytest.approx((1 + 2 / 3 + 1) / 3)
    assert means["no_answer_accuracy"] == 1 and means["always_refusing"] == 1 / 4 and means["answer_rate"] == 3 / 4
    assert means["citation_recall"] == pytest.approx(2 / 3) and means["quote_exact"] == 1 and means["auroc"] == 1
    assert set(report.slices) == {"size", "who"} and report.slices["size"]["exact_match"].n == 2
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert summary["metrics"]["exact_match"] == {"mean": 2 / 3, "low": 0.0, "high": 1.0, "n": 3}
    assert {line["id"]: line["scores"]["exact_match"] for line in results(tmp_path)[:3]} == {
        "tall": [1.0],
        "who": [0.0],
        "stone": [1.0],
    }


def test_a_question_that_raises_is_an_error_that_counts_as_wrong(tmp_path):
    broken = {"How tall is the tower?": KeyError("vectors"), "What did the tower cost?": LibraryError("gone")}
    report = evaluate(SET, Plan(out=tmp_path), scripted(**broken))
    assert report.errors == 2 and report.metrics["exact_match"].n == 3
    assert report.metrics["exact_match"].mean == pytest.approx(1 / 3) and report.metrics["no_answer_accuracy"].mean == 0
    assert report.metrics["recall@5"].n == 3
    assert [line["error"] for line in results(tmp_path)] == ["KeyError: 'vectors'", "", "", "LibraryError: gone"]
    assert "2 of them ended in an error" in str(report)


def test_an_interrupted_run_keeps_what_was_answered_and_goes_on_from_there(tmp_path):
    stopped = scripted(**{"What is the bridge made of?": KeyboardInterrupt()})
    with pytest.raises(KeyboardInterrupt):
        evaluate(SET, Plan(out=tmp_path), stopped)
    assert [line["id"] for line in results(tmp_path)] == ["tall", "who"]
    again = scripted()
    report = evaluate(SET, Plan(out=tmp_path), again)
    assert again.asked == ["What is the bridge made of?", "What did the tower cost?"]
    assert len(report.records) == 4
    whole = evaluate(SET, Plan(), scripted())
    assert {name: score for name, score in report.metrics.items() if "latency" not in name} == {
        name: score for name, score in whole.metrics.items() if "latency" not in name
    }


def test_a_line_that_a_kill_cut_off_is_asked_again(tmp_path):
    evaluate(SET, Plan(out=tmp_path), scripted())
    path = tmp_path / "results.jsonl"
    path.write_bytes(path.read_bytes()[:-40])
    again = scripted()
    assert len(evaluate(SET, Plan(out=tmp_path), again).records) == 4
    assert again.asked == ["What did the tower cost?"] and len(results(tmp_path)) == 4


def test_a_complete_run_is_scored_anew_and_nothing_is_asked(tmp_path):
    evaluate(SET, Plan(out=tmp_path, metrics=("exact_match",)), scripted())
    again = scripted()
    report = evaluate(SET, Plan(out=tmp_path, metrics=("token_f1",)), again)
    assert again.asked == [] and list(report.metrics) == ["token_f1"]
    assert all("exact_match" not in line["scores"] for line in results(tmp_path))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"limit": 2}, "limit was null and is 2"),
        ({"seed": 5}, "seed was 0 and is 5"),
        ({"metrics": ("recall@5",)}, "asked was true and is false"),
        ({"metrics": ("recall@50", "exact_match")}, "kept was 20 and is 50"),
    ],
)
def test_a_folder_with_another_run_is_refused_in_a_sentence(tmp_path, change, told):
    evaluate(SET, Plan(out=tmp_path), scripted())
    with pytest.raises(RunMismatch) as raised:
        evaluate(SET, Plan(out=tmp_path, **change), scripted())
    assert told in str(raised.value) and "give another folder" in str(raised.value)


def test_a_folder_of_another_version_of_other_questions_or_other_documents_is_refused(tmp_path):
    evaluate(SET, Plan(out=tmp_path), scripted())
    other = QuestionSet("towers", CASES[:3], TEXTS, sha256="2")
    with pytest.raises(RunMismatch, match='questions_sha256 was "1" and is "2"'):
        evaluate(other, Plan(out=tmp_path), scripted())
    changed = scripted()
    changed.texts["new.md"] = "new"
    with pytest.raises(RunMismatch, match="library_sha256 was"):
        evaluate(SET, Plan(out=tmp_path), changed)
    config = json.loads((tmp_path / "run.json").read_text())
    (tmp_path / "run.json").write_text(json.dumps(config | {"version": "0.0.1"}))
    with pytest.raises(RunMismatch, match=r'version was "0.0.1" and is'):
        evaluate(SET, Plan(out=tmp_path), scripted())


def test_a_damaged_run_folder_is_refused_with_the_line(tmp_path):
    evaluate(SET, Plan(out=tmp_path), scripted())
    path = tmp_path / "results.jsonl"
    path.write_text("{}\n" + path.read_text())
    with pytest.raises(RunMismatch, match="line 1 is no result of this version"):
        evaluate(SET, Plan(out=tmp_path), scripted())
    (tmp_path / "run.json").unlink()
    with pytest.raises(RunMismatch, match="not known what was asked"):
        evaluate(SET, Plan(out=tmp_path), scripted())


def test_only_searching_asks_nothing(tmp_path):
    assistant = scripted()
    report = evaluate(SET, Plan(metrics=("recall@5", "mrr@10")), assistant)
    assert assistant.asked == [] and set(report.metrics) == {"recall@5", "mrr@10"}
    assert report.metrics["recall@5"].n == 3
    assert {loss.stage for _, result in report.records for loss in result.losses} == {"found"}


def test_a_limit_draws_by_the_seed_and_still_adds_every_document(tmp_path):
    empty = Scripted(replies=REPLIES)
    report = evaluate(SET, Plan(limit=2, seed=1, opens=lambda folder, settings: empty))
    assert len(report.records) == 2 and set(empty.texts) == {"tower.md", "bridge.md"}


def test_texts_that_a_library_holds_already_are_not_added_again():
    class Counting(Scripted):
        added = 0

        def add_texts(self, texts, *, wait=True):
            self.added += len(texts)
            return super().add_texts(texts, wait=wait)

    assistant = Counting({"tower.md": TOWER, "bridge.md": "an older text"}, REPLIES)
    evaluate(SET, Plan(opens=lambda folder, settings: assistant))
    assert assistant.added == 1 and assistant.texts["bridge.md"] == TEXTS[1].text


def test_the_turns_before_a_question_are_told(tmp_path):
    assistant = scripted()
    follow = Case("next", "How tall is the tower?", history=(("What is it?", "A tower."),))
    evaluate(QuestionSet("one", (follow,)), Plan(), assistant)
    (turn,) = assistant.histories[0]
    assert turn.question == "What is it?" and turn.answer.text == "A tower."


def test_evidence_in_documents_that_are_not_there_stops_the_run_before_a_question_is_asked(tmp_path):
    absent = Case("x", "Where?", evidence=(Evidence("harbour.md", "x"),))
    assistant = scripted()
    with pytest.raises(MissingDocuments, match=r"'harbour.md' \(1 question\).*--documents"):
        evaluate(QuestionSet("towers", (*CASES, absent)), Plan(out=tmp_path), assistant)
    assert assistant.asked == [] and not (tmp_path / "run.json").exists()


def test_a_document_that_cannot_be_read_is_noted_and_its_evidence_counts_as_lost(tmp_path):
    (tmp_path / "docs").mkdir()
    for text in TEXTS:
        (tmp_path / "docs" / text.source).write_text(text.text if text.source == "tower.md" else "")
    plan = Plan(tmp_path / "docs", opens=lambda folder, settings: Scripted())
    report = evaluate(QuestionSet("towers", (CASES[0], CASES[2])), plan)
    assert report.notes == ("bridge.md could not be read: the file holds no text",)
    assert report.records[1][1].losses[0].stage == "document not read"


def test_the_questions_are_never_taken_for_a_document_though_they_lie_among_them(tmp_path):
    (tmp_path / "deep").mkdir()
    for text in TEXTS:
        (tmp_path / "deep" / text.source).write_text(text.text)
    (tmp_path / "set.jsonl").write_text('{"question": "How tall is the tower?", "answers": ["330 metres"]}\n')
    assistant = Scripted(replies=REPLIES)
    evaluate(tmp_path / "set.jsonl", Plan(tmp_path, opens=lambda folder, settings: assistant))
    assert sorted(assistant.texts) == ["deep/bridge.md", "deep/tower.md"]


def test_documents_that_are_not_there_are_named(tmp_path):
    with pytest.raises(MissingDocuments, match="there are no documents at"):
        evaluate(SET, Plan(tmp_path / "absent", opens=lambda folder, settings: scripted()))


def test_a_metric_that_does_not_exist_stops_the_run_first():
    assistant = scripted()
    with pytest.raises(UnknownName, match="there are abstention_accuracy"):
        evaluate(SET, Plan(metrics=("bleu",)), assistant)
    assert assistant.asked == []


def test_progress_says_how_far_it_is(tmp_path):
    told = io.StringIO()
    evaluate(SET, Plan(opens=lambda folder, settings: Scripted(replies=REPLIES)), stream=told)
    assert "passages ready: 4 of 4" in told.getvalue() and "questions: 4 of 4" in told.getvalue()


def test_a_check_names_every_quote_that_is_not_there_and_keeps_nothing(tmp_path):
    wrong = Case("w", "?", evidence=(Evidence("tower.md", "331 metres"), Evidence("port.md")), line=7)
    assert check(QuestionSet("towers", (*CASES, wrong), TEXTS), Plan()) == [
        "line 7: tower.md does not say '331 metres'",
        "line 7: there is no document 'port.md'",
    ]


def test_a_check_without_documents_says_what_it_needs():
    with pytest.raises(EvaluationError, match="--documents"):
        check(QuestionSet("towers", CASES), Plan())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("real")
    (place / "docs").mkdir()
    for text in TEXTS:
        (place / "docs" / text.source.replace(".md", ".txt")).write_text(text.text)
    rows = [
        {"question": case.question, "answers": case.answers, "answerable": case.answerable, "kind": case.kind}
        | {"evidence": [{"document": p.document.replace(".md", ".txt"), "quote": p.quote} for p in case.evidence]}
        for case in CASES
    ]
    (place / "set.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return place


def opened(folder, settings):
    return Assistant.open(folder, Settings(model=None, store="memory"), embedder=WordEmbedder())


def test_the_real_assistant_is_measured_from_its_files_to_its_answers(folder):
    plan = Plan(folder / "docs", settings=Settings(model=None), out=folder / "run", opens=opened)
    report = evaluate(folder / "set.jsonl", plan)
    assert report.errors == 0 and report.metrics["quote_exact"].mean == 1
    assert report.metrics["hit@5"].mean == 1 and report.metrics["recall@5"].n == 3
    tall = report.records[0][1]
    assert tall.evidence[0].start == TOWER.index("330 metres tall")
    assert set(tall.found[0].by) <= {"words", "meaning", "together"}
    assert [file.name for file in sorted((folder / "run").iterdir()) if file.is_file()] == [
        "report.html",
        "results.jsonl",
        "run.json",
        "summary.json",
    ]


def test_a_named_library_is_filled_once_and_kept(folder):
    plan = Plan(folder / "docs", folder / "mine", Settings(model=None), ("hit@5",), opens=opened)
    first = evaluate(folder / "set.jsonl", plan)
    again = evaluate(load_cases(folder / "set.jsonl"), Plan(None, folder / "mine", metrics=("hit@5",), opens=opened))
    assert first.metrics["hit@5"].mean == again.metrics["hit@5"].mean == 1
    with opened(folder / "mine", None) as assistant:
        assert sorted(entry.source for entry in assistant.documents()) == ["bridge.txt", "tower.txt"]
