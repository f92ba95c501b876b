"""A chat model is asked what words and meaning leave open, over a real server on loopback."""

import time

import pytest

from assistant import Assistant, Settings
from assistant.models import chat_model
from assistant.opinion import read
from assistant.verify import CONTRADICTED, NOT_SUPPORTED, PARTLY, SUPPORTED
from tests.assistant.faulty import good, raw, serving, status
from tests.stub import WordEmbedder

TEXT = "Staff get 25 days of leave. The canteen is closed on Fridays."
QUESTION = "How much leave do staff get?"
OPEN = "Everybody may rest for weeks. [1.1]"
CLEAR = "Staff get 26 days of leave. [1.1]"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    settings = Settings(model=None, store="memory")
    with Assistant.open(tmp_path_factory.mktemp("open") / "library", settings, embedder=WordEmbedder()) as assistant:
        assistant.add_texts([("leave.txt", "Leave", TEXT)])
        yield assistant.index


def answered(library, *plays, **more):
    """The answer where a server plays these, and what the server was asked."""
    with serving(*plays) as (url, server):
        more = {"model_verdicts": True, "timeout": 4.0} | more
        settings = Settings(model="openai:small", model_url=url, store="memory", refuse_below=0.02, **more)
        answer = Assistant(library, settings, chat_model(settings)).ask(QUESTION)
        return answer, [request["messages"][-1]["content"] for request in server.asked]


def test_what_is_open_is_put_to_the_model_and_the_verdict_says_who_gave_it(library):
    answer, asked = answered(library, good(OPEN), good("**Supported**", "."))
    [claim] = answer.claims
    assert (claim.check, claim.by, claim.reason) == (SUPPORTED, "model", "")
    assert len(asked) == 2 and "Everybody may rest for weeks." in asked[1] and "Staff get 25 days of leave." in asked[1]
    assert answer.complete and answer.stage == "done"


def test_without_the_setting_no_model_is_asked(library):
    answer, asked = answered(library, good(OPEN), model_verdicts=False)
    assert (answer.claims[0].check, answer.claims[0].by, len(asked)) == (NOT_SUPPORTED, "meaning", 1)


def test_what_words_decide_is_not_put_to_the_model(library):
    answer, asked = answered(library, good(CLEAR), good("supported"))
    assert (answer.claims[0].check, answer.claims[0].by, len(asked)) == (CONTRADICTED, "words", 1)


@pytest.mark.parametrize("failure", [status(500), status(401), raw(b""), good(""), good("I would rather not say")])
def test_a_model_that_fails_leaves_the_verdict_as_it_was(library, failure):
    answer, _ = answered(library, good(OPEN), failure)
    assert (answer.claims[0].check, answer.claims[0].by) == (NOT_SUPPORTED, "meaning")
    assert answer.complete and answer.notes == ()


def test_a_silent_model_is_waited_for_once_and_for_a_quarter_of_the_timeout(library):
    began = time.monotonic()
    answer, asked = answered(library, good(OPEN + " " + OPEN), raw(8.0))
    assert [claim.by for claim in answer.claims] == ["meaning", "meaning"] and len(asked) == 2
    assert time.monotonic() - began < 4


def test_strict_leaves_out_what_the_model_does_not_find(library):
    answer, _ = answered(library, good(OPEN), good("missing"), strict=True)
    assert answer.claims == () and "left out" in answer.notes[0]


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        ("supported", SUPPORTED),
        ("**Supported.**", SUPPORTED),
        ("Answer: partly", PARTLY),
        ("Contradicted: they say otherwise", CONTRADICTED),
        ("missing", NOT_SUPPORTED),
        ("Not supported", NOT_SUPPORTED),
        ("The sentences don't support it.", NOT_SUPPORTED),
        ("No.", NOT_SUPPORTED),
        ("<think>It may be contradicted.</think>\n\nyes", SUPPORTED),
        ("\n\nsupported\n\nThey say it is contradicted elsewhere.", SUPPORTED),
        ("It is not contradicted.", None),
        ("supported, partly, contradicted or missing", None),
        ("I cannot tell", None),
        ("<think>supported", None),
        ("", None),
    ],
)
def test_one_word_is_read_whatever_stands_around_it(reply, verdict):
    assert read(reply) == verdict
