"""Adding documents as a person does it: several at once, cancelled, asked about, and what became of them."""

from __future__ import annotations

import re

from tests.browser.test_window import KILLED, ask, drop, upload
from tests.index.documents_open import write_book

ROW = "#documents .canvas > li:has(> details)"
UNHURRIED = "The unhurried clerk wrote line {} about the parish, its roofs, its wells and all of its other matters.\n\n"


def files(*pairs: tuple[str, bytes]) -> list[dict[str, object]]:
    return [{"name": name, "mimeType": "application/octet-stream", "buffer": body} for name, body in pairs]


def arriving(page, name: str):
    return page.locator("#documents .canvas > li:not(:has(> details))", has_text=name)


def test_a_slow_file_blocks_neither_another_nor_a_question_and_is_cancelled(visit, address):
    page = visit(address)
    sent = files(("slow ledger.txt", b"A slow ledger."), ("herons.txt", b"Herons nest in the mill."))
    page.set_input_files("#documents input[type=file]", sent)
    page.locator(ROW, has_text="herons.txt").wait_for()
    slow = arriving(page, "slow ledger.txt")
    slow.get_by_text("reading…").wait_for()
    ask(page, KILLED)
    slow.get_by_text("reading…").wait_for()
    slow.get_by_role("button", name="Cancel adding slow ledger.txt").click()
    slow.get_by_text("Cancelled; nothing of it was added.").wait_for()
    slow.get_by_role("button", name="Dismiss").click()
    slow.wait_for(state="detached")
    assert page.locator(ROW, has_text="slow ledger.txt").count() == 0


def test_a_file_that_still_waits_in_the_browser_or_is_being_sent_is_cancelled(visit, address):
    page, held = visit(address), []
    page.route("**/gradio_api/upload", lambda route: held.append(route))
    sent = files(*((f"{word}.txt", f"A note on {word}.".encode()) for word in ("owls", "larks", "wrens")))
    page.set_input_files("#documents input[type=file]", sent)
    rows = page.locator("#documents .uploads > li")
    assert rows.count() == 3
    for word in ("larks", "owls"):  # the second one waits, and the first one is on its way
        rows.filter(has_text=word).get_by_role("button", name=f"Cancel adding {word}.txt").click()
        assert "nothing of it was added" in rows.filter(has_text=word).inner_text()
    while len(held) < 2:  # the last one is sent once the first one is not
        page.wait_for_timeout(50)
    held[1].continue_()
    page.locator(ROW, has_text="wrens.txt").wait_for()
    assert page.locator(ROW, has_text=re.compile("owls|larks")).count() == 0
    rows.filter(has_text="owls").get_by_role("button", name="Dismiss").click()
    assert rows.count() == 1


def test_the_line_says_how_long_reading_takes_and_it_can_be_paused(visit, address):
    page = visit(address)
    text = "".join(UNHURRIED.format(number) for number in range(120))
    upload(page, "parish.txt", text)
    line = page.locator("#documents .following")
    line.get_by_text(re.compile(r"Reading for meaning: \d+%.* · you can already ask")).wait_for()
    line.get_by_role("button", name="Pause").click()
    line.get_by_text(re.compile(r"Paused at \d+%\. Passages not read yet are found by their words only\.")).wait_for()
    assert re.search(r"paused at \d+%", page.locator(ROW, has_text="parish.txt").inner_text())
    ask(page, "What did the unhurried clerk write?")
    assert "parish.txt" in page.inner_text(".turn")
    line.get_by_role("button", name="Resume").click()
    line.get_by_text("Reading for meaning").wait_for()
    line.wait_for(state="detached", timeout=60_000)
    assert "ready" in page.locator(ROW, has_text="parish.txt").inner_text()


def test_another_file_of_the_same_name_asks_and_is_kept_beside_or_in_its_place(visit, address):
    page = visit(address)
    upload(page, "fees.txt", "The mooring fee is 10 crowns.")
    for body, button in ((b"The mooring fee is 20 crowns.", "Keep both"), (b"The fee is 30 crowns.", "Replace it")):
        drop(page, "fees.txt", body)
        row = arriving(page, "There is already a fees.txt (added today).")
        row.get_by_role("button", name=button).click()
        row.wait_for(state="detached")
    arriving(page, "The earlier version was replaced.").wait_for()
    assert page.locator(ROW, has_text="fees").count() == 2
    assert page.locator(ROW, has_text="fees (2).txt").count() == 1
    drop(page, "fees.txt", b"The fee is 40 crowns.")
    row = arriving(page, "There is already a fees.txt")
    row.get_by_role("button", name="Cancel").click()
    row.wait_for(state="detached")
    drop(page, "fees.txt", b"The fee is 30 crowns.")
    arriving(page, "Already here, unchanged.").wait_for()


def test_the_same_content_is_noted_and_cited_under_both_names(visit, address):
    page = visit(address)
    body = "The bell of Saint Olaf weighs 1,250 kilograms."
    upload(page, "bell.txt", body)
    drop(page, "bell copy.txt", body.encode())
    arriving(page, "Same content as bell.txt; stored once.").wait_for()
    ask(page, "How much does the bell of Saint Olaf weigh?")
    chip = page.locator(".turn a.cite").first
    names = {"bell.txt", "bell copy.txt"}
    shown, other = re.match(r"Source 1: (.+?) · .*also in (.+)$", chip.get_attribute("title")).groups()
    assert {shown, other} == names
    chip.click()
    page.wait_for_selector("#source mark")
    assert page.inner_text("#source header.where h2") == shown
    assert f"also in {other}" in page.inner_text("#source header.where")


def test_the_receipt_accounts_for_every_character_and_what_is_missing_is_red(visit, address, tmp_path):
    page = visit(address)
    whole = write_book(tmp_path / "whole.epub", {"One": "<p>All words are here.</p><script>let x = 1;</script>"})
    torn = write_book(tmp_path / "torn.epub", {"One": "<p>Some words are here.</p>", "Two": "\0\1\2\3" * 500})
    for path in (whole, torn):
        drop(page, path.name, path.read_bytes())
        page.locator(ROW, has_text=path.name).wait_for()
    row = page.locator(ROW, has_text="whole.epub")
    row.locator("summary").first.click()
    found, put_in, kept, left = _counts(row.locator(".account").inner_text())
    assert found + put_in == kept + left and left == len("letx=1;")
    assert "script or style" in row.inner_text() and "incomplete" not in row.inner_text()
    assert "White space is not counted" in row.locator(".account").get_attribute("title")
    row = page.locator(ROW, has_text="torn.epub")
    assert "incomplete" in row.locator("summary .state").inner_text()
    row.locator("summary").first.click()
    assert "broken and were not read" in row.locator(".receipt .problem").inner_text()


def _counts(account: str) -> list[int]:
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", account)]


def test_a_web_address_is_taken_and_one_that_is_not_public_is_refused(visit, address):
    page = visit(address)
    box = page.get_by_label("Web address")
    box.fill("http://127.0.0.1:9/page")
    box.press("Enter")
    assert box.input_value() == ""
    row = arriving(page, "127.0.0.1")
    row.locator(".problem").wait_for()
    assert "Not added." in row.inner_text()
