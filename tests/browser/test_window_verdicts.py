"""Verdicts on answers as a person gives them, and the question set that comes of them."""

from __future__ import annotations

from assistant.evaluation import load_cases
from tests.browser.test_window import KILLED, UNKNOWN, ask, contrast

RESIGNED = "Who offered his resignation?"


def saved(servers, question: str):
    return next(case for case in load_cases(servers[0].library / "cases.jsonl") if case.question == question)


def test_a_wrong_answer_is_corrected_by_keyboard_and_the_case_is_in_the_file(visit, address, servers):
    page = visit(address)
    ask(page, KILLED)
    wrong = page.get_by_role("button", name="Wrong answer")
    wrong.focus()
    page.keyboard.press("Enter")
    box = page.get_by_label("What should it have said? (optional)")
    assert box.evaluate("box => box === document.activeElement")
    page.keyboard.type("At least <b>83</b> people")
    page.keyboard.press("Escape")
    assert box.is_hidden() and wrong.evaluate("button => button === document.activeElement")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved to cases.jsonl in sample").wait_for()
    assert box.is_hidden() and wrong.get_attribute("aria-pressed") == "true"
    assert saved(servers, KILLED).answers == ("At least <b>83</b> people",)
    page.get_by_role("button", name="Good answer").click()
    page.wait_for_selector('.judge[data-verdict="good"][aria-pressed="true"]')
    assert wrong.get_attribute("aria-pressed") == "false"
    assert saved(servers, KILLED).evidence[0].quote
    ask(page, UNKNOWN)
    assert page.locator(".told", has_text="Saved").count() == 0
    assert page.locator('.judge[aria-pressed="true"]').count() == 1


def test_what_is_not_in_the_documents_is_said_while_another_answer_grows(visit, address, servers):
    page = visit(address)
    ask(page, RESIGNED)
    page.fill("#composer textarea", "answer slowly")
    page.keyboard.press("Enter")
    page.wait_for_selector('.turn[data-state="busy"] .text')
    page.get_by_role("button", name="Wrong answer").click()
    page.locator(".correction textarea").press("x")
    page.wait_for_timeout(300)
    assert page.locator(".correction textarea").input_value() == "x"
    page.get_by_role("button", name="Not in my documents").click()
    page.get_by_text("Saved to cases.jsonl").wait_for()
    assert page.locator('.turn[data-state="busy"]').count() == 1
    page.keyboard.press("Escape")
    page.wait_for_selector('.turn[data-state="stopped"]')
    assert not saved(servers, RESIGNED).answerable


def test_the_row_and_the_form_are_readable_in_both_schemes_and_fit_a_phone(visit, address):
    for scheme in ("light", "dark"):
        page = visit(address, 360, 740, color_scheme=scheme)
        ask(page, RESIGNED)
        page.click('[data-verdict="good"]')
        page.get_by_text("Saved to cases.jsonl").wait_for()
        page.click('[data-verdict="open"]')
        assert page.evaluate("document.querySelector('#talk').scrollWidth <= innerWidth")
        colours = page.evaluate(
            """() => ['.judge[aria-pressed=true]', '.judge[aria-pressed=false]', '.told', '.correction label',
                '.correction .aside', '.correction textarea', '.choices .main', '.choices .plain', '.choices .quiet']
                .map(q => { let e = document.querySelector(q), ground = e;
                    while (/, 0\\)$/.test(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
                    return [q, getComputedStyle(e).color, getComputedStyle(ground).backgroundColor]; })"""
        )
        for place, ink, ground in colours:
            assert contrast(ink, ground) >= 4.5, (scheme, place, ink, ground)
