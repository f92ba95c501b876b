"""Choosing who writes the answers, and writing them again, over an Ollama on loopback that streams at its leisure."""

from __future__ import annotations

import pytest

from tests.browser.serving import Server
from tests.browser.test_window import KILLED, ask, contrast
from tests.ollama import running

REPLIES = {
    "at most half as many": ["76 people", 0.3, " at least. [1.8]"],
    "explain each term": ["And ", 0.2, "so on ", 20.0, "for ever."],
    "killed": ["At least 76 people ", 0.3, "had been killed. [1", 1.5, ".8] ", "Over 900 were hurt. [1.8]"],
}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The address of a window beside a running Ollama and one key, and that Ollama."""
    with running(REPLIES) as (host, handler), pytest.MonkeyPatch.context() as patch:
        patch.setenv("OLLAMA_HOST", host)
        patch.setenv("ANTHROPIC_API_KEY", "secret-key-456")
        for name in ("OPENAI_API_KEY", "GOOGLE_API_KEY"):
            patch.delenv(name, raising=False)
        server = Server(str(tmp_path_factory.mktemp("written") / "library"))
        yield server.address(), handler
        assert server.stop() == 0


def choose(page, name: str) -> None:
    page.click("#writers summary")
    page.locator("#writers label", has_text=name).click()
    page.locator("#writers summary", has_text=f"written by {name}").wait_for()
    page.keyboard.press("Escape")


def test_what_is_there_is_offered_when_the_list_is_opened_and_says_where_questions_go(visit, written):
    page = visit(written[0])
    foot = page.locator("#documents .foot")
    assert page.locator("#writers summary").inner_text() == "Answers: quoted from the documents"
    assert foot.inner_text() == "Everything stays on this computer."
    page.click("#writers summary")
    page.locator("#writers legend", has_text="Ollama").wait_for()
    shown = page.locator("#writers form").inner_text()
    assert "qwen3:4b" in shown and "nomic" not in shown and "bold" not in shown
    assert "sent to ollama.com." in shown
    assert "pip install 'document-assistant[anthropic]'" in shown or "sent to Anthropic." in shown
    assert "The environment holds no OPENAI_API_KEY or GOOGLE_API_KEY." in shown
    assert "secret" not in page.content()
    page.locator("#writers label", has_text="gpt-oss").click()
    page.locator("#writers summary", has_text="gpt-oss:120b-cloud").wait_for()
    assert foot.inner_text().endswith("are sent to ollama.com.")
    page.locator("#writers label", has_text="Quoted from").click()
    page.locator("#writers summary", has_text="quoted").wait_for()
    assert foot.inner_text() == "Everything stays on this computer."


def test_a_chosen_model_writes_the_next_answer_with_its_verdicts_and_its_cost(visit, written):
    page = visit(written[0])
    ask(page, KILLED)
    assert page.locator(".cost").count() == 0 and page.locator(".again").is_hidden()
    choose(page, "qwen3:4b")
    assert page.get_by_role("button", name="Write it out").is_visible()
    page.fill("#composer textarea", KILLED)
    page.keyboard.press("Enter")
    page.wait_for_selector('.turn[data-state="busy"] .text:has-text("At least 76 people had been killed.")')
    assert page.locator('.turn[data-state="busy"] .unsupported').count() == 0, "its sources are yet to come"
    page.wait_for_selector('.turn:nth-child(2)[data-state="done"]')
    turn = page.locator(".turn").nth(1)
    assert turn.locator(".unsupported").inner_text() == "Over 900 were hurt."
    # To make the question stand alone behind another took as many again.
    assert "2,400 tokens read, 68 written" in turn.locator(".cost").inner_text()
    assert "qwen3:4b · first word in" in turn.locator(".cost").inner_text()
    turn.locator("a.cite").first.click()
    page.locator("#source mark", has_text="At least 76 people").first.wait_for()


def test_an_answer_is_written_shorter_in_its_place_and_stop_keeps_what_came(visit, written):
    page = visit(written[0])
    choose(page, "qwen3:4b")
    ask(page, KILLED)
    page.get_by_role("button", name="Shorter").click()
    page.locator('.turn[data-state="done"] .text', has_text="76 people at least.").wait_for()
    assert page.locator(".turn").count() == 1 and page.locator(".turn a.cite").count() == 1
    page.get_by_role("button", name="Simpler").click()
    page.locator('.turn[data-state="busy"] .text', has_text="And so on").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_selector('.turn[data-state="stopped"]')
    assert page.locator(".turn .text").inner_text() == "And so on"
    assert page.locator(".turn .unsupported").inner_text() == "And so on"
    assert page.get_by_text("You stopped this answer; it may not be whole.").is_visible()
    assert "about" in page.locator(".cost").inner_text()
    page.get_by_role("button", name="Try again").wait_for()


def test_the_list_is_readable_in_both_schemes_fits_a_phone_and_works_by_keyboard(visit, written):
    for scheme in ("light", "dark"):
        page = visit(written[0], 360, 740, color_scheme=scheme)
        page.locator("#writers summary").focus()
        page.keyboard.press("Enter")
        page.locator("#writers legend", has_text="Ollama").wait_for()
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
        box = page.locator("#writers form").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 360 and box["y"] >= 0 and box["width"] > 300
        colours = page.evaluate(
            """() => ['.lead', '.writer b', '.writer .aside', 'legend', 'form > .aside', 'summary']
                .map(q => { let e = document.querySelector('#writers ' + q), ground = e;
                    while (/, 0\\)$/.test(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
                    return [q, getComputedStyle(e).color, getComputedStyle(ground).backgroundColor]; })"""
        )
        for place, ink, ground in colours:
            assert contrast(ink, ground) >= 4.5, (scheme, place, ink, ground)
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        page.locator("#writers summary", has_text="qwen3:4b").wait_for()
        page.keyboard.press("Escape")
        assert page.locator("#writers details").get_attribute("open") is None
        assert page.locator("#writers summary").evaluate("each => each === document.activeElement")
