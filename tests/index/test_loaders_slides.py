"""Presentations: slides with their titles, lists, tables and notes."""

from __future__ import annotations

from assistant.cite import citation
from index.loaders import pptx
from index.split import split
from tests.index.documents_slides import shape, table, write_slides


def test_a_slide_is_a_page_with_its_title_its_list_its_table_and_its_notes(tmp_path):
    slide = shape(["One point", "Another"], "body") + shape(["9"], "sldNum") + table([["Town", "Fare"], ["Holm", "5"]])
    notes = {1: shape(["Say hello first."], "body") + shape(["1"], "sldNum")}
    path = write_slides(tmp_path / "a.pptx", [slide + shape(["The Plan"], "title"), shape(["free"])], notes)
    document = pptx.load(path)
    assert document.text == (
        "The Plan\n\n• One point\n• Another\n\nTown | Fare\nHolm | 5\n\nNotes: Say hello first.\n\nfree"
    )
    assert [page.label for page in document.pages] == ["slide 1", "slide 2"]
    assert document.title == "The Plan"
    assert document.dropped == {"slide number": 2}
    passages = split(document, lambda texts: [1 for _ in texts], 99)
    assert passages[0].context == "The Plan › The Plan › Town | Fare; speaker's notes"
    assert (passages[1].text, passages[1].heading) == ("free", "")
    cited = citation(document, document.text.index("free"), len(document.text), 1)
    assert (cited.locator, cited.heading, cited.page) == ("slide 2", "", 2)


def test_numbered_lists_are_numbered(tmp_path):
    shapes = shape(["a", "b"], "body", '<a:buAutoNum type="arabicPeriod"/>') + shape(["c", "d"], "body", "<a:buNone/>")
    assert pptx.load(write_slides(tmp_path / "a.pptx", [shapes])).text == "1. a\n2. b\n\nc\n\nd"


def test_slides_that_are_hidden_or_without_text_are_said(tmp_path):
    document = pptx.load(
        write_slides(tmp_path / "a.pptx", ["", shape(["shown"]), shape(["kept back"]), "", ""], hidden=3)
    )
    assert document.warnings == ("slide 3 is hidden and read too", "slides 1, 4-5 hold no text, perhaps only pictures")
    assert "kept back" in document.text
    assert [(page.start, page.end) for page in document.pages] == [(0, 0), (0, 7), (7, 16), (16, 16), (16, 16)]
