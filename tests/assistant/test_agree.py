import pytest

from assistant import Assistant, Settings
from tests.stub import WordEmbedder


def asked(tmp_path, question, **texts):
    settings = Settings(model=None, store="memory", refuse_below=0.02)
    with Assistant.open(tmp_path / "library", settings, embedder=WordEmbedder()) as assistant:
        assistant.add_texts([(f"{name}.txt", name, text) for name, text in texts.items()])
        answer = assistant.ask(question)
        assert all(assistant.document(c.source).text[c.start : c.end] == c.quote for c in answer.citations)
    return answer


QUESTION = "How many days of leave does every employee get?"


def test_the_same_fact_in_several_places_is_said_once_and_cited_together(tmp_path):
    answer = asked(
        tmp_path,
        QUESTION,
        handbook="Every employee gets 25 days of leave each year.",
        letter="Welcome. Every employee gets 25 days of leave.",
        other="The canteen opens at noon on every working day.",
    )
    assert answer.text.count("25 days") == 1
    assert {c.source for c in answer.citations} == {"handbook.txt", "letter.txt"}
    assert answer.claims[0].citations == (1, 2)


def test_sources_that_disagree_stand_side_by_side(tmp_path):
    answer = asked(
        tmp_path,
        QUESTION,
        handbook="Every employee gets 25 days of leave.",
        memo="Every employee gets 28 days of leave.",
    )
    assert "25 days" in answer.text and "28 days" in answer.text and "says otherwise" in answer.text
    assert {c.source for c in answer.citations} == {"handbook.txt", "memo.txt"}


@pytest.mark.parametrize(
    "other",
    [
        "Every employee gets 28 days of leave in 2019.",
        "Every trainee gets 28 days of leave.",
        "Every employee gets a bonus after 28 days of leave without pay abroad.",
    ],
)
def test_another_number_of_another_thing_is_no_disagreement(tmp_path, other):
    answer = asked(tmp_path, QUESTION, handbook="Every employee gets 25 days of leave.", memo=other)
    assert "says otherwise" not in answer.text


def test_a_sentence_that_names_nothing_stands_under_its_heading(tmp_path):
    settings = Settings(model=None, store="memory", refuse_below=0.02)
    (tmp_path / "guide.md").write_text(
        "# Guide\n\n## The canteen\n\nIt opens at noon.\n\n## Parking\n\nAsk at the gate.\n"
    )
    with Assistant.open(tmp_path / "library", settings, embedder=WordEmbedder()) as assistant:
        assistant.add(tmp_path / "guide.md")
        answer = assistant.ask("When does the canteen open at noon?")
    assert answer.text == "The canteen: It opens at noon."
    assert [claim.verdict for claim in answer.claims] == ["told", "quoted"]


def test_what_happened_takes_more_than_one_sentence(tmp_path):
    answer = asked(
        tmp_path,
        "What happened to the ferry in the storm?",
        first="The ferry lost its rudder in the storm. The weather had been fine for weeks.",
        second="In the storm the ferry was driven onto the rocks at Newby.",
    )
    assert len({citation.source for citation in answer.citations}) == 2
    assert "rudder" in answer.text and "rocks" in answer.text
