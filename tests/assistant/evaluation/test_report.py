import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from assistant.evaluation import Case, Evidence, Plan, QuestionSet, evaluate
from assistant.evaluation.plots import steps
from assistant.evaluation.record import line_of, record_of
from assistant.evaluation.report import cost_of, took_of
from assistant.evaluation.types import Result, Text
from assistant.spoken import spoken
from assistant.types import Cost
from tests.assistant.evaluation.test_evaluate import SET, scripted

NASTY = "<script>alert(1)</script><img src=//evil.example/x onerror=alert(1)>\"'&"


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen, self.words = [], [], []

    def handle_starttag(self, tag, attributes):
        self.seen.append((tag, dict(attributes)))
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.seen.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def page(folder):
    text = (folder / "report.html").read_text(encoding="utf-8")
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    return text, tags


def test_the_page_needs_nothing_else_and_holds_no_script(tmp_path):
    evaluate(SET, Plan(out=tmp_path), scripted())
    text, tags = page(tmp_path)
    assert not re.search(r"https?://|url\(|@import", text)
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in tags.seen}
    assert not any(name in attributes for _, attributes in tags.seen for name in ("src", "href", "onerror", "onclick"))


def test_the_page_shows_metrics_plots_slices_and_the_worst_questions(tmp_path):
    evaluate(SET, Plan(out=tmp_path), scripted(**{"What is the bridge made of?": KeyError("vectors")}))
    _, tags = page(tmp_path)
    words = " ".join(tags.words)
    assert sum(tag == "svg" for tag, _ in tags.seen) >= 4
    for told in ("At a glance", "All metrics", "By kind", "Where it went worst", "What became of the evidence"):
        assert told in words
    worst = [attributes["id"] for tag, attributes in tags.seen if tag == "details" and "id" in attributes]
    assert worst[:2] == ["stone", "who"] and "tall" not in worst
    assert "KeyError: 'vectors'" in words and "dropped by the reader" in words and "1 ended in an error" in words


def test_every_text_from_outside_is_escaped(tmp_path):
    evidence = (Evidence(NASTY, NASTY),)
    cases = (
        Case(NASTY, NASTY + "?", (NASTY,), evidence, kind=NASTY),
        Case("2", "why " + NASTY, reference=NASTY, evidence=evidence, kind="b"),
        Case("3", "how?", ("x",), kind="b"),
    )
    replies = {NASTY + "?": (NASTY, "other", 0.5), "why " + NASTY: ValueError(NASTY)}
    assistant = scripted(**replies)
    assistant.texts |= {NASTY: NASTY, "o" + NASTY: "other"}
    evaluate(QuestionSet(NASTY, cases, (Text(NASTY, NASTY, NASTY),)), Plan(out=tmp_path), assistant)
    text, tags = page(tmp_path)
    assert "<script" not in text and "<img" not in text and NASTY in "".join(tags.words)
    assert not any("onerror" in attributes for _, attributes in tags.seen)


def test_a_report_prints_a_table(tmp_path):
    told = str(evaluate(SET, Plan(metrics=("exact_match", "recall@3", "latency_p50")), scripted()))
    assert re.search(r"^exact_match +66\.7 % +0\.0 % to 100\.0 % +3$", told, re.M)
    assert re.search(r"^latency_p50 +\d\.\d{3} s", told, re.M) and "4 questions of towers" in told


def test_a_report_of_one_unanswerable_question_is_drawn_too(tmp_path):
    evaluate(QuestionSet("one", SET.cases[3:], SET.texts), Plan(out=tmp_path), scripted())
    page(tmp_path)


def test_the_summary_is_strict_json(tmp_path):
    evaluate(SET, Plan(out=tmp_path), scripted())
    text = (tmp_path / "summary.json").read_text(encoding="utf-8")

    def never(constant):
        raise AssertionError(constant)

    assert {"metrics", "config", "seconds"} <= set(json.loads(text, parse_constant=never))


@pytest.mark.parametrize("top", [0.0004, 0.03, 0.7, 1, 3, 7, 10, 42, 99, 100, 12345])
def test_an_axis_has_a_few_round_marks_and_reaches_the_top(top):
    marks = steps(top)
    assert marks[0] == 0 and marks[-1] >= top * 0.999 and 2 <= len(marks) <= 6


def test_times_are_told_as_people_say_them():
    assert [spoken(seconds) for seconds in (0.44, 40.4, 185, 7800)] == ["0.4 s", "40 s", "3 min 5 s", "2 h 10 min"]


def test_what_a_chat_model_took_is_summed_and_said_to_be_estimated_where_it_is():
    def took(**known):
        return Case("1", "q"), Result("1", cost=replace(Cost("small", 1000, 20, 0.5, 2.0, True), **known))

    records = [took(), took(first=0.1, seconds=1.0), took(first=None, seconds=0.25), (Case("2", "q"), Result("2"))]
    assert took_of(records[3:]) == "" and cost_of(records[3:]) is None
    told = "the chat model read 3,000 tokens and wrote 60 in 3.2 s; its first word came after 0.3 s (median)"
    assert took_of(records) == told
    assert "read about 4,000 tokens and wrote about 80" in took_of([*records, took(counted=False)])
    for record in records:
        assert record_of(line_of(*record)) == record


def test_the_table_and_the_summary_hold_what_a_chat_model_took(tmp_path):
    report = evaluate(SET, Plan(out=tmp_path), scripted())
    cost = Cost("small", 1000, 20, 0.5, 2.0, True)
    dear = replace(report, records=tuple((case, replace(result, cost=cost)) for case, result in report.records))
    assert "the chat model read 4,000 tokens and wrote 80" in str(dear) and "the chat model" not in str(report)
    assert dear.summary()["cost"]["read"] == 4000 and report.summary()["cost"] is None
