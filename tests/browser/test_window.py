"""The window as a person uses it, in a real Chromium over a real library."""

from __future__ import annotations

from tests.index.documents import write_pdf

KILLED = "How many people have been killed?"
UNKNOWN = "What is the boiling point of tungsten hexafluoride?"


def ask(page, question: str) -> None:
    before = page.locator(".turn").count()
    page.fill("#composer textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_selector(f'.turn[data-key="turn-{before + 1}"]:not([data-state="busy"])')


def drop(page, name: str, body: bytes) -> None:
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": body}
    page.set_input_files("#documents input[type=file]", file)


def upload(page, name: str, text: str) -> None:
    drop(page, name, text.encode())
    page.locator("#documents .canvas > li:has(> details)", has_text=name).wait_for()


def test_a_pdf_is_uploaded_asked_and_opened_at_the_exact_words(visit, address, tmp_path):
    page = visit(address)
    sentence = "The deposit for the bicycle shed key is 45 euros."
    lines = ("# House rules", "The house rules are short.", "", sentence, "", "Guests leave by noon.")
    drop(page, "house rules.pdf", write_pdf(tmp_path / "rules.pdf", [lines]).read_bytes())
    page.locator("#documents .canvas > li:has(> details)", has_text="house rules.pdf").wait_for()
    ask(page, "How much is the deposit for the bicycle shed key?")
    assert "45 euros" in page.inner_text(".turn .text")
    page.click(".turn a.cite >> nth=0")
    page.wait_for_selector("#source mark")
    quote = page.text_content("#source mark")
    assert quote in sentence or sentence in quote
    assert page.inner_text("#source header.where h2") == "house rules.pdf"
    assert "page 1" in page.inner_text("#source header.where p")
    assert "Guests leave by noon." in page.inner_text("#source .paper")
    assert page.get_attribute(".turn a.cite >> nth=0", "aria-current") == "true"


def test_the_quote_is_scrolled_to_the_middle(visit, address):
    page = visit(address, height=520)
    ask(page, "Who offered his resignation?")
    page.click(".turn a.cite >> nth=0")
    page.wait_for_selector("#source mark")
    words, frame = page.locator("#source mark").first.bounding_box(), page.locator(".reading").bounding_box()
    off = (words["y"] + words["height"] / 2) - (frame["y"] + frame["height"] / 2)
    assert abs(off) < 40


def test_j_and_k_go_through_the_places_of_an_answer(visit, address):
    page = visit(address)
    ask(page, UNKNOWN)
    page.click(".turn a.card >> nth=0")
    for key, place in (("j", "#hit-1-2"), ("j", "#hit-1-3"), ("k", "#hit-1-2")):
        page.wait_for_selector("#source mark")
        page.locator(".reading").focus()
        page.keyboard.press(key)
        page.wait_for_selector(f'.reading[data-key="{place}"]')
        assert page.get_attribute(f'.turn a[href="{place}"]', "aria-current") == "true"


def test_what_is_not_in_the_documents_is_a_card_whose_passages_open(visit, address):
    page = visit(address)
    ask(page, UNKNOWN)
    card = page.locator(".refusal")
    assert "Not in your documents" in card.inner_text()
    assert 1 <= card.locator("a.card").count() <= 3
    card.locator("a.card").first.click()
    page.wait_for_selector("#source mark")


def test_an_example_of_the_sample_is_one_click(visit, address):
    page = visit(address)
    page.click(f"text={KILLED}")
    page.wait_for_selector('.turn[data-state="done"] a.cite')
    assert page.locator("#welcome .welcome").is_hidden()
    assert "76" in page.inner_text(".turn strong")


def test_hostile_text_names_and_questions_run_nothing_and_are_shown_to_the_letter(visit, address):
    page = visit(address)
    hostile = "${window.owned=1} ${HOME} {{7*7}} <img src=x onerror=window.owned=1> <b>&amp;"
    name = "\"><img src=x onerror=window.owned=1>${window.owned=1}{{x}}'\u202eexe.txt"
    upload(page, name, f"The secret word of the lighthouse keeper is {hostile} indeed.\n\nNothing else is here.\n")
    question = f"What is the secret word of the lighthouse keeper? {hostile}"
    ask(page, question)
    assert hostile in page.text_content(".turn .asked")
    assert "<img src=x onerror=window.owned=1>${window.owned=1}{{x}}" in page.text_content("#documents .canvas")
    assert page.locator("#documents .canvas .hidden-sign").count() >= 1
    page.click(".turn a.card >> nth=0")
    page.wait_for_selector("#source mark")
    assert hostile in page.text_content("#source .paper")
    page.click("#documents summary >> nth=0")
    page.wait_for_timeout(300)
    assert page.evaluate("window.owned") is None
    assert page.locator("#panes img").count() == 0


def test_a_file_that_cannot_be_read_says_so_until_it_is_dismissed(visit, address):
    page = visit(address)
    drop(page, "numbers.bin", b"\x00\x01")
    problem = page.locator("#documents .canvas .failed .problem")
    problem.wait_for()
    assert "Not added." in problem.inner_text()
    page.click("#documents .canvas .failed button")
    problem.wait_for(state="detached")


def test_a_document_shows_its_receipt_and_is_removed_after_asking_once(visit, address):
    page = visit(address)
    upload(page, "short-lived.txt", "This document will be removed.")
    row = page.locator("#documents li.document", has_text="short-lived.txt")
    row.locator("summary").first.click()
    assert "Characters" in row.inner_text() and "Passages" in row.inner_text()
    row.locator(".removal summary").click()
    row.locator("[data-keep]").click()
    assert row.count() == 1
    row.locator(".removal summary").click()
    row.locator("[data-remove]").click()
    row.wait_for(state="detached")


def test_an_answer_is_stopped_by_escape_and_what_came_of_it_stays(visit, address):
    page = visit(address)
    page.fill("#composer textarea", "answer slowly")
    page.keyboard.press("Enter")
    page.wait_for_selector('.turn[data-state="busy"] .text')
    assert page.get_attribute("#composer .send", "aria-label") == "Stop"
    page.keyboard.press("Escape")
    page.wait_for_selector('.turn[data-state="stopped"]')
    text = page.inner_text(".turn .text")
    page.wait_for_timeout(400)
    assert page.inner_text(".turn .text") == text
    assert page.get_attribute("#composer .send", "aria-label") == "Ask"
    ask(page, KILLED)
    page.click("[data-over]")
    page.locator(".turn").first.wait_for(state="detached")
    assert page.locator("#welcome .welcome").is_visible()


def test_an_upload_does_not_wait_for_an_answer_and_another_visitor_does_not_either(visit, address):
    page, other = visit(address), visit(address)
    page.fill("#composer textarea", "answer slowly")
    page.keyboard.press("Enter")
    page.wait_for_selector('.turn[data-state="busy"] .text')
    upload(page, "meanwhile.txt", "This was added while an answer was being written.")
    ask(other, KILLED)
    assert page.locator('.turn[data-state="busy"]').count() == 1
    page.keyboard.press("Escape")


def test_errors_stay_where_they_happened_and_the_next_question_works(visit, address):
    page = visit(address)
    ask(page, "fail")
    assert "The chat model does not answer" in page.inner_text(".turn .problem")
    ask(page, "break")
    assert "Something went wrong" in page.inner_text('[data-key="turn-2"] .problem')
    ask(page, KILLED)
    assert page.locator('[data-key="turn-3"] a.cite').count() >= 1
    assert page.locator(".problem").count() == 2


def test_the_conversation_follows_the_answer_unless_someone_reads_further_up(visit, address):
    page = visit(address, height=500)
    page.fill("#composer textarea", "answer slowly")
    page.keyboard.press("Enter")
    beyond = "document.querySelector('#talk').scrollHeight - document.querySelector('#talk').clientHeight"
    page.wait_for_function(f"{beyond} > 150")
    page.wait_for_function(f"{beyond} - document.querySelector('#talk').scrollTop < 60")
    page.evaluate("document.querySelector('#talk').scrollTop = 0")
    page.wait_for_timeout(500)
    assert page.evaluate("document.querySelector('#talk').scrollTop") == 0
    page.keyboard.press("Escape")


def test_keys_reach_the_question_and_break_its_lines(visit, address):
    page = visit(address)
    page.click("#source")
    page.keyboard.press("/")
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two/three")
    assert page.input_value("#composer textarea") == "one\ntwo/three"
    page.fill("#composer textarea", "  ")
    page.keyboard.press("Enter")
    assert page.inner_text("#composer .hint") == "Type a question first."
    assert page.locator(".turn").count() == 0


def test_narrow_a_chip_switches_to_the_source_and_back_to_the_same_place(visit, address):
    page = visit(address, 390, 520, has_touch=True)
    ask(page, KILLED)
    ask(page, "Who offered his resignation?")
    page.evaluate("document.querySelector('#talk').scrollTop = 40")
    page.locator('[data-key="turn-1"] a.cite').first.click()
    page.wait_for_selector("#source mark")
    assert page.locator("#source mark").first.is_visible() and not page.locator("#composer textarea").is_visible()
    page.click("#source .back")
    assert page.locator("#composer textarea").is_visible() and not page.locator("#source mark").first.is_visible()
    assert page.evaluate("document.querySelector('#talk').scrollTop") > 0
    page.click("#tabs [data-pane=documents]")
    assert page.locator("#documents .drop").is_visible()


def test_nothing_scrolls_sideways_at_360_pixels_and_no_page_scrolls(visit, address):
    wide = """() => [...document.querySelectorAll('html, body, #panes *')]
        .filter(e => /auto|scroll/.test(getComputedStyle(e).overflowX) || e.matches('#documents, #chat, #source'))
        .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.className || e.id || e.tagName)"""
    name = "a-name-without-a-single-blank-" * 5 + "${x}.txt"
    for width, height in ((360, 740), (1024, 700)):
        page = visit(address, width, height)
        drop(page, name, b"The name of this file is long.")
        page.locator("#documents .canvas > li", has_text=name).locator("summary").first.wait_for(state="attached")
        page.eval_on_selector_all("#documents details", "all => all.forEach(each => each.open = true)")
        ask(page, KILLED)
        ask(page, "What is the boiling point of " + "tungstenhexafluoride" * 8 + "?")
        page.locator(".turn a.cite").first.click()
        page.wait_for_selector("#source mark")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        assert page.evaluate(wide) == []


def test_a_question_before_any_document_is_told_what_to_do(visit, empty_address):
    page = visit(empty_address)
    assert "Ask your documents" in page.inner_text("#welcome")
    page.fill("#composer textarea", "Anything?")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#composer .hint').textContent.includes('drop a file')")
    assert page.input_value("#composer textarea") == "Anything?"


def test_dark_and_light_are_both_readable(visit, address):
    for scheme in ("light", "dark"):
        page = visit(address, color_scheme=scheme)
        ask(page, KILLED)
        colours = page.evaluate(
            """() => ['.turn .text', '.facts', '.asked', 'a.cite', '.card .quote', '#documents .state', '.below']
                .map(q => { let e = document.querySelector(q), ground = e;
                    while (/, 0\\)$/.test(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
                    return [q, getComputedStyle(e).color, getComputedStyle(ground).backgroundColor]; })"""
        )
        for place, ink, ground in colours:
            assert contrast(ink, ground) >= 4.5, (scheme, place, ink, ground)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours such as "rgb(1, 2, 3)", 1 to 21 (WCAG 2.2, relative luminance)."""
    low, high = sorted(map(_luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [float(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_an_answer_brings_questions_that_are_one_click_and_nothing_moves(visit, address):
    page = visit(address)
    ask(page, "Who offered his resignation?")
    height = "document.querySelector('#talk').scrollHeight"
    before = page.evaluate(height)
    page.wait_for_selector("#further .chips button")
    assert page.evaluate(height) == before
    question = page.inner_text("#further .chips button >> nth=0")
    page.click("#further .chips button >> nth=0")
    page.wait_for_selector('.turn[data-key="turn-2"]:not([data-state="busy"])')
    assert page.inner_text(".turn >> nth=1 >> .asked > span >> nth=1") == question
    assert "Not in your documents" not in page.inner_text(".turn >> nth=1")


def test_questions_to_ask_next_make_way_for_another_question(visit, address):
    page = visit(address)
    ask(page, "Who offered his resignation?")
    page.wait_for_selector("#further .chips button")
    page.fill("#composer textarea", "answer slowly")
    page.keyboard.press("Enter")
    assert page.locator("#further .chips").count() == 0
    page.wait_for_selector('.turn[data-key="turn-2"][data-state="busy"]')
    page.keyboard.press("Escape")
    page.wait_for_selector('.turn[data-key="turn-2"][data-state="stopped"]')
    assert page.locator("#further .chips").count() == 0


def test_a_document_that_arrives_brings_questions_in_its_receipt(visit, empty_address):
    page = visit(empty_address)
    upload(page, "mill.md", "# The mill\n\nThe mill was built in 1791. The owner is Ada Berg.\n")
    page.wait_for_selector('#welcome .example:has-text("Who is the owner?")')
    row = page.locator("#documents li.document", has_text="mill.md")
    row.locator("summary").first.click()
    assert "Who is the owner?" in row.locator("details .asks").inner_text()
    row.locator(".removal summary").click()
    row.locator("[data-remove]").click()
    page.wait_for_selector("#welcome .example", state="detached")
