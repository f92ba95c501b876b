import asyncio

import pytest
from langchain_core.runnables import RunnableLambda
from langchain_core.tracers.context import collect_runs

from assistant import Answer, Assistant, Settings
from assistant.errors import BadQuestion
from assistant.sample import SAMPLE
from tests.stub import Scripted, WordEmbedder

QUESTION = "How many people have been killed?"


def told(pieces):
    """The text that was streamed, and the answer behind it."""
    assert all(isinstance(piece, str) for piece in pieces[:-1])
    assert isinstance(pieces[-1], Answer)
    return "".join(pieces[:-1]), pieces[-1]


@pytest.fixture
def writing(tmp_path):
    replies = {QUESTION: ["At least ", "76 people ", "were killed ", "[1.1]", "."]}
    settings = Settings(model=None, store="memory", refuse_below=0.02)
    with Assistant.open(
        tmp_path / "library", settings, embedder=WordEmbedder(), model=Scripted(replies=replies)
    ) as assistant:
        assistant.add(SAMPLE)
        yield assistant


def test_invoking_gives_the_answer_that_asking_gives(sample):
    answer = sample.as_runnable().invoke(QUESTION)
    assert answer.text == sample.ask(QUESTION).text
    assert answer.complete


def test_streaming_gives_the_text_and_ends_with_the_answer(sample):
    text, answer = told(list(sample.as_runnable().stream(QUESTION)))
    assert text == answer.text != ""
    assert answer.complete


def test_a_written_answer_is_streamed_in_pieces_and_the_quoted_one_before_it_is_not(writing):
    pieces = list(writing.as_runnable().stream(QUESTION))
    text, answer = told(pieces)
    assert text == answer.text == "At least 76 people were killed."
    assert len(pieces) > 3
    assert answer.citations


def test_it_streams_and_answers_without_holding_up_the_event_loop(sample):
    async def run():
        pieces = [piece async for piece in sample.as_runnable().astream(QUESTION)]
        return pieces, await sample.as_runnable().ainvoke(QUESTION)

    pieces, answer = asyncio.run(run())
    assert told(pieces)[0] == answer.text


def test_it_takes_a_history_and_a_scope_and_joins_a_chain(sample):
    chain = sample.as_runnable() | RunnableLambda(lambda answer: answer.text)
    history = [("Who is the head of US Southern Command?", "Admiral Alvin Holsey is the head of US Southern Command.")]
    assert "resignation" in chain.invoke({"question": "What did he offer?", "history": history})
    batch = sample.as_runnable().batch([QUESTION, {"question": QUESTION, "within": [SAMPLE.name]}])
    assert batch[0].text == batch[1].text


def test_it_is_traced_as_one_run(sample):
    with collect_runs() as runs:
        sample.as_runnable().invoke(QUESTION, {"run_name": "asked"})
        list(sample.as_runnable().stream(QUESTION))
    assert [run.name for run in runs.traced_runs] == ["asked", "AnswerRunnable"]
    assert all(run.end_time and not run.error for run in runs.traced_runs)


def test_what_is_no_question_is_refused(sample):
    with pytest.raises(BadQuestion):
        sample.as_runnable().invoke("  ")
    with pytest.raises(ValueError, match="no question"):
        list(sample.as_runnable().stream({"query": QUESTION}))
