"""Where is asked, and why passages were found, as a person sees and changes it."""

from __future__ import annotations

from tests.browser.test_window import KILLED, ask, contrast, upload

TAG = "<img src=x onerror=window.owned=1> ${window.owned=1} {{7*7}}"
SHED = "How much is the deposit for the canoe shed key?"
SAID = "document.querySelector('#filters summary').textContent"


def tag(page, name: str, tags: str) -> None:
    row = page.locator("#documents li.there", has_text=name)
    row.locator("summary").first.click()
    row.locator(".tagging input").fill(tags)
    row.locator(".tagging input").press("Enter")
    row.locator(".state .tags").wait_for()
    row.locator("summary").first.click()


def test_a_question_is_asked_where_it_was_chosen_and_a_bad_date_loses_nothing(visit, address):
    page = visit(address)
    upload(page, "north.txt", "The deposit for the canoe shed key is 45 euros.")
    upload(page, "south.txt", "The deposit for the canoe shed key is 90 euros.")
    tag(page, "south.txt", f"canoes, {TAG}")
    page.locator("#filters summary").press("Enter")
    page.locator("#filters .pick", has_text="canoes").locator("input").press("Space")
    page.wait_for_function(f"{SAID}.includes('Asking in tagged canoes · 1 of ')")
    since = page.get_by_label("Since")
    since.fill("soon")
    for _ in range(2):  # the same words again must come back again
        page.fill("#composer textarea", SHED)
        page.keyboard.press("Enter")
        page.wait_for_function("document.querySelector('#composer .hint').textContent.includes('not understood')")
        assert page.input_value("#composer textarea") == SHED and since.input_value() == "soon"
        assert page.locator("body[data-busy]").count() == 0
    assert "2024-05-31 would work" in page.inner_text("#since-problem")
    assert page.locator("#filters form").is_visible()
    since.fill("")
    since.press("Tab")
    page.locator("#since-problem").wait_for(state="detached")
    ask(page, SHED)
    assert page.locator("#filters form").is_hidden()
    assert "90 euros" in page.inner_text(".turn .text") and "Asked in tagged canoes (1 document)" in page.inner_text(
        ".turn"
    )
    page.click("#filters summary")
    since.press("Escape")
    assert page.locator("#filters form").is_hidden()
    page.click("#filters .clear")
    page.wait_for_function(f"{SAID} === 'Asking in all documents'")
    page.locator("#documents li.there", has_text="south.txt").locator(".within").press("Space")
    page.wait_for_function(f"{SAID}.includes('ticked document')")
    ask(page, SHED)
    assert "45 euros" in page.inner_text('[data-key="turn-2"] .text')
    page.click("#documents .every input")
    page.wait_for_function(f"{SAID} === 'Asking in all documents'")
    assert page.evaluate("window.owned") is None and page.locator("#panes img").count() == 0


def test_the_passages_of_an_answer_are_explained_by_keyboard(visit, address):
    page = visit(address)
    ask(page, KILLED)
    page.get_by_role("button", name="Why these passages?").press("Enter")
    panel = page.get_by_role("region", name="Why these passages")
    panel.wait_for()
    assert (
        "by words" in panel.inner_text() and "by meaning" in panel.inner_text() and "cited as 1" in panel.inner_text()
    )
    assert "killed" in panel.locator("mark").all_inner_texts()
    panel.locator("a.card").nth(1).press("Enter")
    page.wait_for_selector('.reading[data-key="#found-1-2"] mark')
    expected = panel.get_by_label("Expected something else?")
    for words, fate in (("made of green cheese", "stand in none"), ("resignation", "It is in caribbean")):
        expected.fill(words)
        expected.press("Enter")
        panel.locator(".fate", has_text=fate).wait_for()
        assert expected.evaluate("box => box === document.activeElement")
    panel.locator('a[href="#expected-1-1"]').click()
    page.wait_for_selector('.reading[data-key="#expected-1-1"] mark')
    page.get_by_role("button", name="Why these passages?").press("Enter")
    panel.wait_for(state="detached")


def test_both_fit_a_phone_and_are_readable_in_both_schemes(visit, address):
    for scheme in ("light", "dark"):
        page = visit(address, 360, 740, color_scheme=scheme)
        page.click("#tabs [data-pane=documents]")
        upload(page, "canoes.txt", "Canoes are kept in the shed.")
        page.click("#tabs [data-pane=chat]")
        ask(page, KILLED)
        page.click("[data-why]")
        page.wait_for_selector(".why")
        page.click("#filters summary")
        page.get_by_label("Since").fill("soon")
        page.get_by_label("Since").press("Enter")
        page.wait_for_selector("#since-problem")
        for frame in ("#talk", "#filters form", ".why"):
            assert page.evaluate(
                f"e => document.querySelector('{frame}').scrollWidth <= document.querySelector('{frame}').clientWidth"
            ), frame
        colours = page.evaluate(
            """() => ['#filters summary', '#filters legend', '#filters .aside', '#filters .pick', '#filters .typed',
                '#filters .clear', '#since-problem', '.why .lead', '.why .reasons', '.why mark',
                '.why .used', '.expected label', '.expected .plain', '[data-why]']
                .map(q => { let e = document.querySelector(q), ground = e;
                    while (/, 0\\)$/.test(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
                    return [q, getComputedStyle(e).color, getComputedStyle(ground).backgroundColor]; })"""
        )
        for place, ink, ground in colours:
            assert contrast(ink, ground) >= 4.5, (scheme, place, ink, ground)
