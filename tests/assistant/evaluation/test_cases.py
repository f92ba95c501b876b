import json

import pytest

from assistant.evaluation import EvaluationError, Evidence, load_cases, save_case
from assistant.evaluation.cases import drawn
from assistant.evaluation.errors import BadQuestionSet
from assistant.types import ANSWERED, Answer, Citation, Turn
from index.errors import UnknownName


@pytest.fixture
def write(tmp_path):
    def written(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return written


def lines(*objects):
    return "".join(json.dumps(one) + "\n" for one in objects)


def test_a_line_may_hold_every_field(write):
    path = write(
        "set.jsonl",
        lines(
            {
                "id": "a",
                "question": "How tall is it?",
                "answers": ["330 m", "330 metres"],
                "evidence": [
                    {"document": "tower.md", "quote": "330 m"},
                    {"document": "tower.md", "start": 3, "end": 8},
                    {"document": "tower.pdf", "page": 2},
                ],
                "kind": "height",
                "history": [["What is it?", "A tower."]],
            },
            {"question": "Who paid?", "answerable": False},
        ),
    )
    tall, paid = load_cases(path)
    assert tall.answers == ("330 m", "330 metres") and tall.kind == "height" and tall.line == 1
    assert tall.evidence[1:] == (Evidence("tower.md", start=3, end=8), Evidence("tower.pdf", page=2))
    assert tall.history == (("What is it?", "A tower."),)
    assert not paid.answerable and paid.line == 2


def test_a_question_without_an_id_has_the_same_one_in_every_set(write):
    one = load_cases(write("a.jsonl", lines({"question": "x?"}, {"question": "y?"})))
    two = load_cases(write("b.jsonl", lines({"question": "y?", "kind": "other"})))
    assert one[1].id == two[0].id != one[0].id


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('{"question": "x?"', "line 2 is not JSON"),
        ('["x?"]', "line 2 should be one JSON object, and is a list"),
        ('{"answers": ["x"]}', "line 2 has no question"),
        ('{"question": "x?", "answers": 3}', "line 2 has 'answers' as a number; a list would work"),
        ('{"question": "x?", "answers": [""]}', "line 2 has an empty string among 'answers'"),
        ('{"question": "x?", "answerable": "no"}', "line 2 has 'answerable' as a string"),
        ('{"question": "x?", "answers": ["y"], "answerable": false}', "line 2 gives answers, although"),
        ('{"question": "x?", "anwsers": ["y"]}', "line 2 has a field 'anwsers'; did you mean 'answers'?"),
        ('{"question": "x?", "evidence": [{"quote": "y"}]}', "line 2 has evidence that names no 'document'"),
        ('{"question": "x?", "evidence": [{"document": "d", "start": 4}]}', "only one of 'start' and 'end'"),
        (
            '{"question": "x?", "evidence": [{"document": "d", "start": 4, "end": 4}]}',
            "ends at 4, where it starts at 4",
        ),
        ('{"question": "x?", "evidence": [{"document": "d", "page": 0}]}', "page 0; pages count from 1"),
        ('{"question": "x?", "evidence": [{"document": "d", "page": "iv"}]}', "has 'page' as 'iv'"),
        ('{"question": "x?", "history": [["only a question"]]}', "a turn in 'history' that is not [question, answer]"),
    ],
)
def test_a_malformed_line_is_named_by_its_number_and_says_what_is_wrong(write, line, complaint):
    with pytest.raises(BadQuestionSet) as raised:
        load_cases(write("set.jsonl", '{"question": "fine?"}\n' + line + "\n"))
    assert complaint in str(raised.value)


def test_all_malformed_lines_are_named_at_once(write):
    with pytest.raises(BadQuestionSet) as raised:
        load_cases(write("set.jsonl", '{"question": ""}\n{"question": "x?"}\nnonsense\n'))
    assert "2 faults" in str(raised.value) and "line 1 " in str(raised.value) and "line 3 " in str(raised.value)


def test_two_questions_of_one_id_are_refused_with_both_lines(write):
    with pytest.raises(BadQuestionSet, match="line 3 repeats the id or the question of line 1: 'a'"):
        load_cases(
            write("set.jsonl", lines(*({"id": name, "question": f"{name}{at}?"} for at, name in enumerate("aba"))))
        )


def test_a_set_without_questions_or_without_a_file_is_refused(write, tmp_path):
    with pytest.raises(BadQuestionSet, match="holds no questions"):
        load_cases(write("set.jsonl", "\n\n"))
    with pytest.raises(BadQuestionSet, match="there is no question set at"):
        load_cases(tmp_path / "absent.jsonl")
    with pytest.raises(BadQuestionSet, match="no question set that can be read"):
        load_cases(write("set.docx", "x"))
    with pytest.raises(UnknownName, match="there are beir, chroma, lines, northwind, squad, table"):
        load_cases(write("other.jsonl", "{}"), "parquet")


def test_a_file_that_is_not_utf8_says_so(tmp_path):
    (tmp_path / "set.jsonl").write_bytes('{"question": "Größe?"}'.encode("latin-1"))
    with pytest.raises(BadQuestionSet, match="not UTF-8"):
        load_cases(tmp_path / "set.jsonl")


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(tmp_path):
    (tmp_path / "set.jsonl").write_bytes('\ufeff{"question": "x?"}\r\n\r\n{"question": "y?"}\r\n'.encode())
    assert [case.question for case in load_cases(tmp_path / "set.jsonl")] == ["x?", "y?"]


def test_a_line_separator_inside_a_string_does_not_end_the_line(tmp_path):
    (tmp_path / "set.jsonl").write_text('{"question": "x\u2028y?"}\n', encoding="utf-8")
    assert load_cases(tmp_path / "set.jsonl")[0].question == "x\u2028y?"


SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "Normandy_(land)",
            "paragraphs": [
                {
                    "context": "It is in France. The 10th century.",
                    "qas": [
                        {
                            "id": "q1",
                            "question": " When? ",
                            "is_impossible": False,
                            "answers": [
                                {"text": "10th", "answer_start": 21},
                                {"text": "10th century", "answer_start": 21},
                                {"text": "10th century", "answer_start": 21},
                            ],
                        },
                        {"id": "q2", "question": "Why?", "is_impossible": True, "answers": []},
                    ],
                },
            ],
        },
        {"title": "Normandy_(land)", "paragraphs": [{"context": "More.", "qas": []}]},
    ],
}


def test_squad_brings_its_paragraphs_and_takes_the_span_that_most_annotators_chose(write):
    questions = load_cases(write("dev.json", SQUAD))
    when, why = questions
    assert [text.source for text in questions.texts] == ["Normandy_(land)/1", "Normandy_(land)/2"]
    assert when.question == "When?" and when.answers == ("10th", "10th century")
    assert when.evidence == (Evidence("Normandy_(land)/1", "10th century", 21, 33),)
    assert not why.answerable and why.kind == "unanswerable" and when.kind == "answerable"


def test_squad_1_has_neither_kinds_nor_unanswerable_questions(write):
    squad = json.loads(json.dumps(SQUAD))
    asked = squad["data"][0]["paragraphs"][0]["qas"][0]
    del asked["is_impossible"]
    squad["data"][0]["paragraphs"][0]["qas"] = [asked]
    (case,) = load_cases(write("dev.json", squad))
    assert case.answerable and case.kind == ""


def test_json_that_is_not_squad_says_what_would_work(write):
    with pytest.raises(BadQuestionSet, match="one JSON object a line"):
        load_cases(write("dev.json", [{"question": "x?"}]))
    with pytest.raises(BadQuestionSet, match="line 1 is not JSON"):
        load_cases(write("dev.json", "{"))
    wrong = json.loads(json.dumps(SQUAD).replace('"answer_start": 21', '"answer_start": 20'))
    with pytest.raises(BadQuestionSet, match="does not stand at 20"):
        load_cases(write("dev.json", wrong))


def beir(write, scores="1\td2\t2\n1\td1\t0\n"):
    corpus = lines({"_id": "d1", "title": "One", "text": "first"}, {"_id": "d2", "title": "", "text": "second"})
    write("mini/corpus.jsonl", corpus)
    write("mini/queries.jsonl", lines({"_id": "1", "text": "which?"}, {"_id": "2", "text": "never judged"}))
    return write("mini/qrels/test.tsv", "query-id\tcorpus-id\tscore\n" + scores).parent.parent


def test_a_beir_folder_is_read_with_its_grades(write):
    questions = load_cases(beir(write))
    assert questions.name == "mini" and [case.question for case in questions] == ["which?"]
    assert questions[0].evidence == (Evidence("d2", grade=2.0),)
    assert [text.text for text in questions.texts] == ["One\n\nfirst", "second"]


def test_a_judgement_of_a_query_that_is_not_there_is_refused(write):
    with pytest.raises(BadQuestionSet, match=r"queries that are not in queries.jsonl"):
        load_cases(beir(write, "7\td2\t1\n"))
    with pytest.raises(BadQuestionSet, match="line 2 has 2 columns"):
        load_cases(beir(write, "1\td2\n"))


def test_chromas_csv_brings_its_corpora_with_their_offsets(write):
    write("essay.md", "# Head\r\n\r\nThe sky is blue.")
    references = json.dumps([{"content": "sky is blue", "start_index": 14, "end_index": 25}]).replace('"', '""')
    path = write("questions_df.csv", f'question,references,corpus_id\nColour of the sky?,"{references}",essay\n')
    path.parent.joinpath("essay.md").write_bytes(b"# Head\r\n\r\nThe sky is blue.")
    questions = load_cases(path)
    assert questions[0].evidence == (Evidence("essay.md", "sky is blue", 14, 25),)
    assert questions.texts[0].text[14:25] == "sky is blue"
    path.parent.joinpath("essay.md").write_bytes(b"# Head\n\nThe sky is blue.")
    with pytest.raises(BadQuestionSet, match=r"line 2 has an excerpt that does not stand at 14 of essay.md"):
        load_cases(path)
    path.parent.joinpath("essay.md").unlink()
    with pytest.raises(BadQuestionSet, match=r"needs essay.md beside it"):
        load_cases(path)


def test_northwinds_truth_names_file_and_page(write):
    write("book.pdf", "x")
    path = write("q.jsonl", lines({"question": "Who?", "truth": "Everyone.[book.pdf#page=7][other.pdf#page=2]"}))
    questions = load_cases(path)
    assert questions[0].evidence == (Evidence("book.pdf", page=7, slack=1), Evidence("other.pdf", page=2, slack=1))
    assert questions[0].reference == "Everyone." and questions[0].kind == "book"
    assert [file.name for file in questions.files] == ["book.pdf"]
    with pytest.raises(BadQuestionSet, match="line 1 has a 'truth' that names no place"):
        load_cases(write("r.jsonl", lines({"question": "Who?", "truth": "Everyone."})))


def test_a_table_is_read_by_its_header(write):
    rows = "question;answers;document;page;answerable\nWho?;Ann|Bob;book.pdf;3;\nWhy?;;;;no\n"
    who, why = load_cases(write("set.csv", rows))
    assert who.answers == ("Ann", "Bob") and who.evidence == (Evidence("book.pdf", page=3),) and who.answerable
    assert not why.answerable and why.line == 3
    listed = 'question,answer,quote,document\n"Who, now?","[""Ann|Bob""]",a quote,d.md\n'
    assert load_cases(write("set.csv", listed))[0].answers == ("Ann|Bob",)


def test_a_table_without_questions_or_with_a_bad_cell_says_where(write):
    with pytest.raises(BadQuestionSet, match="no column 'question'"):
        load_cases(write("set.csv", "query,answer\nx,y\n"))
    with pytest.raises(BadQuestionSet, match="line 3 has 'page' as 'iv'"):
        load_cases(write("set.csv", "question,document,page\nx,d,1\ny,d,iv\n"))
    with pytest.raises(BadQuestionSet, match="line 2 has more cells than the header"):
        load_cases(write("set.csv", "question,kind\nx,y,z\n"))


def test_the_files_beside_a_set_that_it_names_are_its_documents_and_none_from_elsewhere(write):
    write("here.md", "x")
    write("../outside.md", "x")
    names = ("here.md", "gone.md", "../outside.md")
    path = write("set.jsonl", lines({"question": "x?", "evidence": [{"document": name} for name in names]}))
    assert [file.name for file in load_cases(path).files] == ["here.md"]


def test_a_draw_is_the_same_for_the_same_seed_and_keeps_the_order(write):
    questions = load_cases(write("set.jsonl", lines(*({"question": f"{at}?"} for at in range(100)))))
    some = drawn(questions, 10, 3)
    assert [case.line for case in some] == sorted(case.line for case in some) and len(some) == 10
    assert drawn(questions, 10, 3) == some != drawn(questions, 10, 4)
    assert drawn(questions, 1000) is questions
    with pytest.raises(EvaluationError, match="a limit of 0"):
        drawn(questions, 0)


def test_a_hundred_thousand_questions_are_read_in_seconds(tmp_path):
    path = tmp_path / "set.jsonl"
    line = '{{"question": "{}?", "answers": ["a"], "evidence": [{{"document": "d.md", "quote": "q"}}]}}\n'
    path.write_text("".join(line.format(at) for at in range(100_000)))
    assert len(load_cases(path)) == 100_000


CITED = Citation(1, "book.md", "", 4, 9, None, "", "", "", "right")
GIVEN = Answer("Who?", text="It was right.", short="right", citations=(CITED,), outcome=ANSWERED)


def test_an_answer_that_was_right_becomes_a_case_with_its_citations_as_evidence(tmp_path):
    case = save_case(tmp_path / "new" / "set.jsonl", "Who?", GIVEN)
    (loaded,) = load_cases(tmp_path / "new" / "set.jsonl")
    assert loaded.answers == case.answers == ("right",) and loaded.kind == "from use"
    assert loaded.evidence == (Evidence("book.md", "right", 4, 9),)


def test_a_correction_is_the_accepted_answer_and_a_blank_one_says_there_is_none(tmp_path):
    path = tmp_path / "set.jsonl"
    assert save_case(path, "Who?", GIVEN, " Ann ").answers == ("Ann",)
    assert not save_case(path, "Why?", GIVEN, "").answerable
    assert [case.evidence for case in load_cases(path)] == [(), ()]


def test_a_refusal_that_was_right_becomes_an_unanswerable_case(tmp_path):
    assert not save_case(tmp_path / "set.jsonl", "Who?", Answer("Who?")).answerable


def test_an_answer_marked_as_wrong_is_kept_as_a_question_only(tmp_path):
    save_case(tmp_path / "set.jsonl", "Who?", GIVEN, right=False)
    (case,) = load_cases(tmp_path / "set.jsonl")
    assert case.answers == () and case.evidence == () and "It was right." in case.reference


def test_the_newest_word_on_a_question_replaces_the_older_and_leaves_other_lines_alone(tmp_path):
    path = tmp_path / "set.jsonl"
    path.write_text('{"question":  "Other?"}\n')
    save_case(path, "Who?", GIVEN)
    save_case(path, "What?", GIVEN)
    save_case(path, "Who?", GIVEN, "Ann")
    assert [case.answers for case in load_cases(path)] == [(), ("Ann",), ("right",)]
    assert path.read_text().startswith('{"question":  "Other?"}\n')


def test_a_case_is_added_to_a_file_that_does_not_end_in_a_line_end(tmp_path):
    path = tmp_path / "set.jsonl"
    path.write_text('{"question": "Other?"}')
    save_case(path, "Who?", GIVEN)
    assert len(load_cases(path)) == 2


def test_a_follow_up_is_saved_with_the_turns_before_it(tmp_path):
    case = save_case(tmp_path / "set.jsonl", "And then?", GIVEN, history=[Turn("Who?", GIVEN)])
    assert load_cases(tmp_path / "set.jsonl")[0].history == (("Who?", "It was right."),) == case.history
