"""Whatever a model writes into an answer, the page that shows it loads nothing, sends nothing and links nowhere."""

from __future__ import annotations

import pytest

from tests.assistant.attacks import TRUTH
from tests.benchmarks.attack import listening
from tests.browser.obedient import every
from tests.browser.serving import Server
from tests.browser.test_window import ask

QUESTION = "When does the harbour office open, in {}?"


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    """The address of a window whose model obeys an attacker, the attacker's port, and what the attacker was asked."""
    with listening() as (port, asked):
        server = Server(str(tmp_path_factory.mktemp("attacked") / "library"), str(port), script="obedient.py")
        yield server.address(), port, asked
        server.stop()


def asked_of(page, port: int, question: str) -> list[str]:
    """What the page asks of the attacker while it shows the answer to a question; holds that the answer is there."""
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    ask(page, question)
    turn = page.locator(".turn").last
    assert TRUTH.rstrip(".") in turn.inner_text()
    for way in ("img", "iframe", "script", "style", "link", "video", "form[action]", "object", 'a[href^="http"]'):
        assert turn.locator(way).count() == 0, way
    page.wait_for_timeout(200)
    return [url for url in requests if f":{port}" in url]


def test_no_request_leaves_a_page_whose_model_writes_every_kind_of_picture_and_link(visit, attacked):
    address, port, asked = attacked
    page = visit(address)
    assert asked_of(page, port, QUESTION.format("every manner")) == []
    assert asked == [], "the attacker was asked for something"


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(every())))
def test_no_request_leaves_for_any_one_kind_by_itself(visit, attacked, number):
    address, port, asked = attacked
    assert asked_of(visit(address), port, QUESTION.format(f"manner {number}")) == [] == asked
