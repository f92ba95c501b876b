"""A round trip for each format: a known sentence goes in, is asked for, and is highlighted at its named place."""

from __future__ import annotations

from importlib.util import find_spec

from tests.browser.test_window import ask
from tests.index.documents import FILLER, WRITERS

HEADING = "Notes of the port"
# What the label of the citation names: the page, slide, message, cell or row, and else the section.
PLACES = {
    "csv": "row 3",
    "docx": HEADING,
    "eml": "message, from Ann Ålund",
    "epub": HEADING,
    "html": HEADING,
    "ipynb": "cell 3",
    "json": "paragraphs › 2",
    "jsonl": "line 2 › text",
    "mbox": "message 1, from Ann Ålund",
    "md": HEADING,
    "mhtml": HEADING,
    "msg": "message, from Ann",
    "odp": "slide 2",
    "ods": f"'{HEADING}'!A2",
    "odt": HEADING,
    "pdf": "page 2",
    "png": "page 1",
    "pptx": "slide 2",
    "rtf": HEADING,
    "tsv": "row 3",
    "txt": "",  # nothing in it says where
    "xlsx": f"'{HEADING}'!A2",
}
TOWNS = (
    "Aarhus Billund Copenhagen Drammen Esbjerg Falster Grenaa Herning Ikast Jelling Kolding Lemvig "
    "Mandal Nyborg Odense Pandrup Quedlinburg Randers Skagen Thisted Ulstrup Viborg"
).split()


def sentence(town: str) -> str:
    return f"The harbour master of {town} keeps the spare key in a green box."


def test_each_format_is_cited_at_its_place_and_highlighted_there(visit, address, tmp_path):
    assert sorted(WRITERS) == sorted(PLACES)
    towns = dict(zip(PLACES, TOWNS, strict=True))
    if find_spec("rapidocr") is None:
        del towns["png"]
    paths = []
    for kind, town in towns.items():
        paths.append(WRITERS[kind](tmp_path / f"port.{kind}", HEADING, [FILLER, sentence(town)]))
    page = visit(address)
    page.set_input_files("#documents input[type=file]", paths)
    rows = page.locator("#documents .canvas > li:has(> details)", has_text="port.")
    page.wait_for_function(
        "count => [...document.querySelectorAll('#documents details > summary')].filter(each => "
        "each.title.startsWith('port.')).length === count",
        arg=len(paths),
        timeout=60_000,
    )
    assert page.locator("#documents .failed").count() == 0 and rows.count() == len(paths)
    for kind, town in towns.items():
        ask(page, f"Where does the harbour master of {town} keep the spare key?")
        chip = page.locator(".turn").last.locator("a.cite").first
        label = chip.get_attribute("aria-label")
        assert label.startswith(f"Source 1: port.{kind}") and PLACES[kind] in label, (kind, label)
        chip.click()
        page.wait_for_selector(f'.reading[data-key="{chip.get_attribute("href")}"]')
        quote = " ".join(page.locator("#source mark").all_text_contents())
        assert town in quote and "green box" in quote, (kind, quote)
        assert PLACES[kind] in page.locator("#source header.where").inner_text().replace("… › ", ""), kind
