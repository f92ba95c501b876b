"""Every fault of a chat model's server, played by a real server on loopback."""

import shutil
import subprocess
import threading
import time

import pytest

from assistant import Assistant, Settings, Turn
from assistant.models import chat_model
from assistant.sample import SAMPLE
from tests.assistant.faulty import chunk, endless, good, raw, serving, status, torn
from tests.stub import WordEmbedder

QUESTION = "How many people have been killed?"
KEY = "secret-key-123"
ANSWER = ("At least 76 people ", "were killed. [1", ".1]")
LONG = '{"error": {"code": "context_length_exceeded", "message": "This model\'s maximum context length is 10 tokens"}}'
TIMEOUT = 2.0
"""Seconds of silence that these tests allow, in the place of the default's minute."""

SLACK = 1.5
"""Seconds that finding and quoting may take beside the model, on a busy machine."""


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The index of a library that holds the sample."""
    folder = tmp_path_factory.mktemp("faults") / "library"
    with Assistant.open(folder, Settings(model=None, store="memory"), embedder=WordEmbedder()) as assistant:
        assistant.add(SAMPLE)
        assistant.ask(QUESTION)
        yield assistant.index


@pytest.fixture
def asked(library, monkeypatch):
    """Asks an assistant that is attached to a server; the snapshots of the answer, with their times in seconds."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)

    def ask(url, timeout=TIMEOUT, history=()):
        assistant = attached(library, url, timeout)
        began = time.monotonic()
        return [(answer, time.monotonic() - began) for answer in assistant.stream(QUESTION, history)]

    return ask


def attached(index, url, timeout=TIMEOUT):
    """An assistant that is attached to the server at an address."""
    settings = Settings(model="openai:small", model_url=url, store="memory", refuse_below=0.02, timeout=timeout)
    return Assistant(index, settings, chat_model(settings))


def quoted(values, words):
    """Holds that the quoted answer stood at once and stands in the end, and that what went wrong is said."""
    answer, _ = values[-1]
    assert answer.question == QUESTION
    assert answer.complete and answer.answered and answer.claims[0].verdict == "quoted"
    assert answer.hits and answer.citations[0].quote in SAMPLE.read_text()
    assert words in answer.notes[0] and "quoted from your documents" in answer.notes[0]
    assert KEY not in str(answer.notes)
    first = next(value for value, _ in values if value.text)
    assert first.claims[0].verdict == "quoted"
    return answer


def broken(values, words):
    """Holds that what came is kept, marked incomplete, with its sources, and never passes for whole."""
    answer, _ = values[-1]
    assert answer.question == QUESTION
    assert not answer.complete and answer.stage == "done"
    assert answer.text.startswith("At least 76 people")
    assert answer.hits
    assert words in answer.notes[-1]
    assert not any(value.complete for value, _ in values)
    return answer


def whole(values):
    answer, _ = values[-1]
    assert answer.complete and answer.text == "At least 76 people were killed."
    assert all("do not fit" in note for note in answer.notes)
    assert answer.claims[0].verdict == "cited"
    return answer


AT_ONCE = {
    "the key is refused": (status(401), "refused the key"),
    "the model's name is wrong": (status(404, '{"error": {"message": "no such model"}}'), "no such model"),
    "a web page": (raw(b"<!DOCTYPE html><html><body>Welcome</body></html>", kind="text/html"), "no answer"),
    "invalid JSON": (raw(b'data: {"id": "1", "choi\n\n'), "no answer"),
    "JSON of another kind": (raw(b'data: ["x"]\n\n'), "the chat model failed"),
    "an empty answer": (good(""), "an empty answer"),
    "nothing at all": (raw(b""), "no answer"),
    "a gateway's page": (status(502, "<html>Bad gateway</html>", "text/html"), "status 502"),
    "too many requests, for long": (status(429, Retry_After="120"), "ask again in 120 s"),
    "too long, however little it is given": (status(400, LONG), "longer than it can read"),
    "an error in the stream": (
        raw(b'data: {"error": {"message": "KEY is wrong"}}\n\n'.replace(b"KEY", KEY.encode())),
        "…",
    ),
}


@pytest.mark.parametrize("fault", AT_ONCE)
def test_what_fails_before_the_first_word_leaves_the_quoted_answer_and_is_said(asked, fault):
    play, words = AT_ONCE[fault]
    with serving(play) as (url, _):
        values = asked(url)
    quoted(values, words)
    assert values[-1][1] < TIMEOUT + SLACK


def test_a_server_that_is_not_there_is_said(asked):
    with serving(good()) as (url, _):
        pass
    quoted(asked(url), "cannot be reached")


def test_a_certificate_that_nobody_vouches_for_is_said(asked, tmp_path):
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("openssl is not installed, so no certificate can be made")
    files = ["-keyout", f"{tmp_path}/key.pem", "-out", f"{tmp_path}/cert.pem"]
    make = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1", *files]
    subprocess.run(make, check=True, capture_output=True)
    both = tmp_path / "both.pem"
    both.write_text((tmp_path / "cert.pem").read_text() + (tmp_path / "key.pem").read_text())
    with serving(good(*ANSWER), certificate=both) as (url, handler):
        quoted(asked(url), "certificate of its server cannot be trusted")
    assert not handler.asked


@pytest.mark.parametrize(
    "plays",
    [
        [status(429), good(*ANSWER)],
        [status(429, Retry_After="0.1"), good(*ANSWER)],
        [status(500), status(500), status(500), good(*ANSWER)],
        [status(400, LONG), status(400, LONG), good(*ANSWER)],
    ],
    ids=["429", "429 with Retry-After", "500 three times", "a window a quarter as long"],
)
def test_what_passes_is_tried_again(asked, plays):
    with serving(*plays) as (url, handler):
        whole(asked(url))
    assert len(handler.asked) == len(plays)


def test_a_server_is_not_asked_more_than_four_times(asked):
    with serving(status(500)) as (url, handler):
        quoted(asked(url), "status 500")
    assert len(handler.asked) == 4


def test_what_the_server_asks_to_wait_is_waited(asked):
    with serving(status(429, Retry_After="0.7"), good(*ANSWER)) as (url, _):
        values = asked(url)
    whole(values)
    assert values[-1][1] > 0.7


def test_where_passages_are_too_many_for_the_model_fewer_are_given(asked):
    with serving(status(400, LONG), good(*ANSWER)) as (url, handler):
        whole(asked(url))
    first, second = (len(str(body["messages"])) for body in handler.asked)
    assert second < 0.9 * first


SILENT = {
    "nothing": raw(30.0),
    "a comment again and again": endless(b": still here\n\n", 0.1, 8),
    "half an event": raw(b'data: {"id"', 30.0),
}


@pytest.mark.parametrize("fault", SILENT)
def test_silence_ends_when_the_timeout_is_over(asked, fault):
    with serving(SILENT[fault]) as (url, handler):
        values = asked(url, timeout=1.0)
    quoted(values, "did not answer in time")
    assert 0.9 < values[-1][1] < 1 + SLACK
    assert len(handler.asked) == 1


def test_the_quoted_answer_does_not_wait_for_a_model_that_is_silent_about_a_follow_up(asked):
    with serving(raw(30.0)) as (url, _):
        values = asked(url, timeout=1.0, history=[Turn("Who?", "Nobody.")])
    answer = values[-1][0]
    assert answer.answered and answer.complete
    assert all("in time" in note for note in answer.notes) and len(answer.notes) == 2
    first = next(seconds for value, seconds in values if value.text)
    assert first < 0.25 + SLACK
    assert values[-1][1] < 1.25 + SLACK


def test_silence_after_the_first_words_keeps_them_and_marks_them(asked):
    with serving(raw(chunk("At least 76 people died. [1.1]"), 30.0)) as (url, _):
        values = asked(url, timeout=1.0)
    broken(values, "did not answer in time")
    assert values[-1][1] < 1 + SLACK


def test_a_model_that_drips_is_given_up_when_five_timeouts_are_over(asked):
    with serving(endless(chunk(""), 0.1)) as (url, handler):
        values = asked(url, timeout=0.4)
        quoted(values, "did not answer in time")
        assert 1.9 < values[-1][1] < 2 + SLACK
        until = time.monotonic() + 5
        while not handler.dropped and time.monotonic() < until:
            time.sleep(0.05)
    assert handler.dropped, "the connection is closed"


SPOKEN = chunk("At least 76 people were killed. [1.1] É")
CUT = {
    "the connection ends": raw(chunk("At least 76 people were killed. [1.1] And")),
    "the connection is gone": torn(chunk("At least 76 people were killed. [1.1] And")),
    "half a character": torn(SPOKEN, SPOKEN[: SPOKEN.index("É".encode()) + 1]),
    "half a character, then a line's end": raw(SPOKEN, SPOKEN[: SPOKEN.index("É".encode()) + 1] + b"\n\n"),
    "invalid JSON": raw(SPOKEN, b"data: {]\n\n"),
    "an error": raw(SPOKEN, b'data: {"error": {"message": "overloaded"}}\n\n'),
    "its length is reached": good("At least 76 people were killed. [1.1] And", finish="length"),
    "its server stops it": good("At least 76 people were killed. [1.1] And", finish="content_filter"),
}


@pytest.mark.parametrize("fault", CUT)
def test_an_answer_that_breaks_off_is_kept_and_marked(asked, fault):
    with serving(CUT[fault]) as (url, handler):
        answer = broken(asked(url), "broke off")
    assert answer.citations[0].quote in SAMPLE.read_text()
    assert len(handler.asked) == 1, "what has begun is not begun again"


@pytest.mark.parametrize(
    "play",
    [
        endless(chunk("At least 76 people died. [1.1] ")),
        raw(chunk("At least 76 people died. [1.1] " * 320_000, "stop")),
    ],
    ids=["for ever", "ten megabytes at once"],
)
def test_an_endless_answer_is_stopped(asked, play):
    with serving(play) as (url, _):
        values = asked(url, timeout=10.0)
    answer = broken(values, "did not come to an end")
    assert len(answer.text) < 10_000
    assert values[-1][1] < 5 + SLACK


def test_citations_that_do_not_exist_are_not_shown(asked):
    with serving(good("At least 76 people were killed. [1.1] The moon is cheese. [99.1][0][7777]")) as (url, _):
        answer, _ = asked(url)[-1]
    assert [claim.verdict for claim in answer.claims] == ["cited", "unsupported"]
    assert len(answer.citations) == 1


def test_a_character_may_come_in_two_pieces(asked):
    data = chunk("At least 76 people were killed. É [1.1]", "stop")
    middle = data.index("É".encode()) + 1
    with serving(raw(data[:middle], 0.2, data[middle:])) as (url, _):
        answer, _ = asked(url)[-1]
    assert answer.complete and "É" in answer.text


def test_who_leaves_while_a_model_writes_leaves_nothing_behind(library, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    threads = threading.active_count()
    with serving(endless(chunk("word "), 0.05)) as (url, handler):
        assistant = attached(library, url)
        for _ in range(5):
            values = assistant.stream(QUESTION)
            for value in values:
                if "word" in value.text:
                    break
            values.close()
        until = time.monotonic() + 10
        while len(handler.dropped) < 5 and time.monotonic() < until:
            time.sleep(0.05)
    assert len(handler.dropped) == 5
    until = time.monotonic() + 5
    while threading.active_count() > threads and time.monotonic() < until:
        time.sleep(0.05)
    assert threading.active_count() <= threads
