"""Questions of several parts over documents that are written here, with and without a chat model."""

import pytest

from assistant import Assistant, Settings, Turn
from assistant.account import UNFOUND, part_line, parts_beside
from assistant.readers.apart import joined
from assistant.terminal import as_json, as_text
from assistant.types import Part
from index.types import Hit, Passage
from tests.stub import Scripted, WordEmbedder

TEXTS = [
    ("press.md", "Press", "# Quay Press\n\nThe Quay Press was founded in 1921. The Quay Press is led by Rosa Amberg."),
    ("novel.md", "Novel", "# The Salt Road\n\nThe author of The Salt Road is Mirelle Audoin. The novel has 300 pages."),
    ("lives.md", "Lives", "# Lives\n\nMirelle Audoin was born in Brissac in 1899. Tobias Wendt was born in Ulmen."),
    ("fair.md", "Fair", "# Fair\n\nThe fair takes place on 20 July in the school hall. It costs nothing."),
]
TWO = "When was the Quay Press founded and who is it led by?"
HOP = "Where was the author of The Salt Road born?"


@pytest.fixture
def opened(tmp_path):
    """Opens an assistant over the four documents: `opened(replies of a chat model or None, settings)`."""
    every = []

    def make(replies=None, **settings):
        model = Scripted(replies=replies) if replies else None
        chosen = Settings(model=None, store="memory", refuse_below=0.05, **settings)
        every.append(Assistant.open(tmp_path / str(len(every)), chosen, embedder=WordEmbedder(), model=model))
        every[-1].add_texts(TEXTS)
        return every[-1]

    yield make
    for each in every:
        each.close()


def test_each_part_is_quoted_on_a_line_of_its_own(opened):
    answer = opened().ask(TWO)
    assert answer.answered and answer.text.splitlines() == [
        "When was the Quay Press founded? The Quay Press was founded in 1921.",
        "Who is it led by? The Quay Press is led by Rosa Amberg.",
    ]
    assert [part.short for part in answer.parts] == ["1921", "Rosa Amberg"]
    quotes = {citation.number: citation.quote for citation in answer.citations}
    assert [[quotes[n] for n in part.citations] for part in answer.parts] == [
        ["The Quay Press was founded in 1921."],
        ["The Quay Press is led by Rosa Amberg."],
    ]
    assert not parts_beside(answer), "the text says it all"


def test_a_part_that_is_not_there_is_said_to_be_missing(opened):
    answer = opened().ask("When was the Quay Press founded and what is the capital of Peru?")
    assert answer.answered and answer.text.splitlines()[1] == f"What is the capital of Peru? {UNFOUND}"
    assert not answer.parts[1].answered and not answer.parts[1].citations


def test_what_leads_over_another_answer_is_searched_with_that(opened):
    answer = opened().ask(HOP)
    assert [part.asked for part in answer.parts][-1] == "Where was Mirelle Audoin born?"
    assert answer.short == "Brissac" and answer.parts[0].short == "Mirelle Audoin"
    assert {citation.source for citation in answer.citations} == {"novel.md", "lives.md"}


def test_what_one_sentence_answers_whole_is_not_divided(opened):
    answer = opened().ask("When and where does the fair take place?")
    assert answer.answered and not answer.parts and "20 July in the school hall" in answer.text


def test_no_round_divides_nothing(opened):
    assistant = opened(rounds=0)
    assert not assistant.ask(TWO).parts and not assistant.ask(HOP).parts


def test_no_part_stands_on_more_searches_than_are_allowed(opened):
    for rounds in (1, 2):
        assert all(part.round <= rounds for part in opened(rounds=rounds).ask(HOP).parts)


def test_nothing_of_a_document_outside_the_scope_answers_a_part(opened):
    answer = opened().ask(HOP, within=["novel.md"])
    assert {citation.source for citation in answer.citations} <= {"novel.md"}
    assert all(hit.passage.source == "novel.md" for part in answer.parts for hit in part.hits)


def test_a_chat_model_is_shown_the_passages_of_each_part_and_the_evidence_stays(opened):
    assistant = opened({"Question": ["She was born in Brissac. [", "1.1]"]})
    answer = assistant.ask(HOP)
    prompt = assistant._model.seen[-1]
    assert "born in Brissac in 1899" in prompt and "The author of The Salt Road is Mirelle Audoin." in prompt
    assert answer.text == "She was born in Brissac."
    assert [part.answered for part in answer.parts] == [True, True] and parts_beside(answer) == answer.parts
    numbers = {citation.number for citation in answer.citations}
    assert all(set(part.citations) and set(part.citations) <= numbers for part in answer.parts)
    printed = as_text(answer)
    assert all(part_line(part) in printed for part in answer.parts)
    assert [part["short"] for part in as_json(answer)["parts"]] == ["Mirelle Audoin", "Brissac"]


def test_an_answer_written_once_more_keeps_its_parts_and_their_passages(opened):
    assistant = opened({"at most half": ["Brissac. [1.1]"], "Question": ["She was born in Brissac. [1.1]"]}, passages=1)
    before = assistant.ask(HOP)
    answer = assistant.again(before, "shorter")
    assert answer.text == "Brissac." and answer.complete
    assert [part.short for part in answer.parts] == ["Mirelle Audoin", "Brissac"]
    numbers = {citation.number for citation in answer.citations}
    assert all(set(part.citations) and set(part.citations) <= numbers for part in answer.parts)
    first, second = assistant._model.seen
    assert all("born in Brissac in 1899" in shown and "is Mirelle Audoin." in shown for shown in (first, second))


def test_the_evidence_of_parts_is_no_source_of_an_answer_that_names_none(opened):
    answer = opened({"Question": ["Nobody knows."], "again": ["Nobody knows."]}).ask(HOP)
    assert answer.claims[0].verdict == "told" and "named no source" in answer.notes[0]


def test_the_best_passage_of_each_part_comes_first_and_none_twice():
    hits = [Hit(Passage(str(n), "a", "text", n, n + 1, None, ""), 0.0, {}) for n in range(6)]
    parts = [Part("a?", hits=(hits[3], hits[0])), Part("b?", hits=(hits[4], hits[3]))]
    assert [hit.passage.id for hit in joined(parts, hits)] == ["3", "4", "0", "1", "2", "5"]


@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        ("Who was the last keeper?", "How long had she served?", "22 years"),
        ("How many complaints were there?", "What did they concern?", "late deliveries"),
    ],
)
def test_a_follow_up_is_answered_by_its_own_words_in_passages_on_its_topic(shelf, first, then, said):
    answer = shelf.ask(then, [Turn(first, shelf.ask(first))])
    assert said in answer.text
