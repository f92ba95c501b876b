"""Answers that are written once more from the same passages, and what a written answer costs."""

import pytest

from assistant import Assistant, Settings
from assistant.errors import BadQuestion, BadSetting, ModelFailed, NoDocuments
from assistant.sample import SAMPLE
from assistant.told import Told
from assistant.types import Cost
from tests.ollama import running
from tests.stub import Scripted, WordEmbedder

QUESTION = "How many people have been killed?"
FIRST = ["At least 76 people had been ", "killed in the strikes. [1.8]"]
SHORT = "at most half as many words"


def written(tmp_path, replies):
    settings = Settings(model=None, store="memory", refuse_below=0.02)
    assistant = Assistant.open(tmp_path / "library", settings, embedder=WordEmbedder(), model=Scripted(replies=replies))
    assistant.add(SAMPLE)
    return assistant


def test_an_answer_is_written_shorter_from_the_same_passages_without_a_new_search(tmp_path):
    with written(tmp_path, {SHORT: ["76 ", "people. [1.8]"], QUESTION: FIRST}) as assistant:
        before = assistant.ask(QUESTION)
        searched = []
        assistant.index.search = lambda *given: searched.append(given)
        values = list(assistant.stream_again(before, "shorter"))
        del assistant.index.search
        [first, second] = assistant._model.seen
    assert not searched
    assert before.text == "At least 76 people had been killed in the strikes."
    assert values[0].text == before.text and values[0].stage == "writing" and not values[0].complete
    answer = values[-1]
    assert answer.text == "76 people." and answer.complete and answer.stage == "done"
    assert answer.hits == before.hits and answer.citations[0].quote == before.citations[0].quote
    assert answer.claims[0].check == "supported"
    assert before.text in second and "[1.8] At least 76 people" in second
    fence = "quotation"
    shown = [text.split(fence)[2] for text in (first.split("Question:")[0], second.split("Question:")[0])]
    assert shown[0].split("-----", 1)[1] == shown[1].split("-----", 1)[1]


@pytest.mark.parametrize("style", ["anew", "shorter", "longer", "simpler"])
def test_each_way_of_writing_says_its_own_wish(tmp_path, style):
    with written(tmp_path, {"The answer so far": ["76. [1.8]"], QUESTION: FIRST}) as assistant:
        assert assistant.again(assistant.ask(QUESTION), style).text == "76."
        said = assistant._model.seen[-1]
        assert assistant._prompts.render(style) in said
        assert "quoted material" in said


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        ([ModelFailed("the chat model failed: it is gone")], "it is gone"),
        (["NOT IN THE DOCUMENTS"], "found no answer in the same passages"),
        (["Some people died, I think."], "named no source"),
    ],
    ids=["fails", "finds nothing", "names nothing"],
)
def test_the_answer_before_stands_where_nothing_better_comes(tmp_path, pieces, words):
    replies = {"names no sources": ["No."], SHORT: pieces, QUESTION: FIRST}
    with written(tmp_path, replies) as assistant:
        before = assistant.ask(QUESTION)
        answer = assistant.again(before, "shorter")
    assert answer.text == before.text and answer.complete and answer.citations == before.citations
    assert words in answer.notes[-1] and "the answer before stands" in answer.notes[-1]


def test_what_breaks_off_is_kept_and_marked(tmp_path):
    pieces = ["76 people were killed. [1.8] And ", ModelFailed("the chat model failed: it is gone")]
    with written(tmp_path, {SHORT: pieces, QUESTION: FIRST}) as assistant:
        answer = assistant.again(assistant.ask(QUESTION), "shorter")
    assert answer.text.startswith("76 people were killed.") and not answer.complete
    assert "broke off" in answer.notes[-1]


def test_passages_that_are_gone_are_not_written_from(tmp_path):
    with written(tmp_path, {QUESTION: FIRST}) as assistant:
        before = assistant.ask(QUESTION)
        assistant.remove(SAMPLE.name)
        assistant.add_texts([("other.md", "Other", "Nothing of the kind was killed.")])
        with pytest.raises(NoDocuments, match="no longer in your documents"):
            assistant.again(before)
        assistant.add_texts([(SAMPLE.name, "Changed", "x" * 50 + " " + SAMPLE.read_text())])
        with pytest.raises(NoDocuments, match="no longer in your documents"):
            assistant.again(before)


def test_what_cannot_be_is_refused_with_a_sentence(tmp_path, sample):
    with pytest.raises(BadSetting, match="written by a chat model"):
        sample.again(sample.ask(QUESTION))
    with (
        written(tmp_path / "other", {QUESTION: FIRST}) as assistant,
        pytest.raises(BadQuestion, match="'louder'; anew, shorter, longer or simpler would work"),
    ):
        assistant.again(assistant.ask(QUESTION), "louder")


def test_another_model_writes_over_the_same_library_and_none_quotes_again(sample, monkeypatch):
    with running({QUESTION: FIRST}) as (host, handler):
        other = sample.written_by("openai:small", f"http://{host}/v1")
        answer = other.ask(QUESTION)
    assert answer.claims[0].verdict == "cited" and other.model_name == "small"
    assert answer.cost == Cost("small", 1200, 34, answer.cost.first, answer.cost.seconds, True)
    assert answer.tokens == 1234 and 0 < answer.cost.first <= answer.cost.seconds
    assert sample.ask(QUESTION).claims[0].verdict == "quoted" and sample.model_name == ""
    assert other.written_by(None).ask(QUESTION).cost is None
    assert len(handler.asked) == 1


def test_where_a_server_does_not_count_tokens_are_estimated_and_said_to_be(sample):
    with running({QUESTION: FIRST}, counts=False) as (host, handler):
        answer = sample.written_by("openai:small", f"http://{host}/v1").ask(QUESTION)
    sent = sum(len(message["content"]) for message in handler.asked[0]["messages"])
    assert (answer.cost.counted, answer.cost.read, answer.cost.wrote) == (
        False,
        -(-sent // 4),
        -(-len("".join(FIRST)) // 4),
    )


def test_making_a_follow_up_stand_alone_counts_too(tmp_path):
    replies = {"Last question": ["How many were killed?"], "How many were": FIRST, QUESTION: FIRST}
    with written(tmp_path, replies) as assistant:
        first = assistant.ask(QUESTION)
        from assistant import Turn

        second = assistant.ask("How many?", [Turn(QUESTION, first)])
        sent = sum(-(-len(text.replace("\n", "", 1)) // 4) for text in assistant._model.seen[1:])
    assert second.asked == "How many were killed?"
    assert abs(second.cost.read - sent) < 3 and second.cost.wrote > first.cost.wrote


class Chunk:
    def __init__(self, text="", usage=None):
        self.text, self.usage_metadata, self.response_metadata = text, usage, {}


def test_the_first_word_is_timed_and_a_refused_request_costs_nothing():
    now = iter([0.0, 10.0, 11.0, 12.5, 13.0, 14.0])
    told = Told("m", lambda: next(now))
    told.ask(400)
    told.ask(400)
    told.hear(Chunk(" "))
    told.hear(Chunk("word"))
    told.hear(Chunk("s"))
    told.hear(Chunk("", {"input_tokens": 90, "output_tokens": 2}))
    assert told.cost == Cost("m", 90, 2, 2.5, 4.0, True)
    assert Told("m").cost is None


def test_a_model_is_told_what_day_a_document_says_it_is_of_but_not_when_its_file_was_copied(tmp_path):
    with written(tmp_path, {QUESTION: FIRST}) as assistant:
        (tmp_path / "memo.md").write_text("---\ndate: 2024-05-31\n---\n\n# Memo\n\nNobody has been killed, it says.\n")
        assistant.add(tmp_path / "memo.md")
        assistant.ask(QUESTION)
        [said] = assistant._model.seen
    assert "(memo.md, dated 2024-05-31, Memo)" in said
    assert f"({SAMPLE.name}, " in said and f"({SAMPLE.name}, dated" not in said
