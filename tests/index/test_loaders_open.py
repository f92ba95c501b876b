"""OpenDocument texts, presentations and spreadsheets, and e-books."""

from __future__ import annotations

import zipfile

import pytest

from assistant.cite import citation
from index.errors import DamagedFile, LockedFile
from index.loaders import epub, odp, ods, odt
from index.read import read
from tests.index.documents_open import cell, paragraph, write_book, write_odt, write_open


def test_a_text_has_its_lists_tables_notes_and_blanks(tmp_path):
    note = "<text:note-citation>1</text:note-citation><text:note-body><text:p>A note.</text:p></text:note-body>"
    line = f'a<text:s text:c="2"/>b<text:tab/>c<text:note>{note}</text:note><text:line-break/>d'
    body = f'<text:h text:outline-level="2">Head</text:h><text:p>{line}</text:p>'
    body += f"<text:list><text:list-item>{paragraph('one')}<text:list><text:list-item>{paragraph('deep')}"
    body += "</text:list-item></text:list></text:list-item></text:list>"
    rows = [["Town", "Fare"], ["Holm", "5"]]
    body += "<table:table>" + "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    body += "</table:table><text:tracked-changes><text:p>gone</text:p></text:tracked-changes>"
    document = odt.load(write_open(tmp_path / "a.odt", "text", body))
    assert document.text == "Head\n\na b c\nd\n\n• one\n• deep\n\nTown | Fare\nHolm | 5\n\nA note."
    assert document.dropped == {"deleted text": 4, "mark of a note": 1}
    assert [block.context for block in document.blocks if block.kind == "row"] == ["", "Town | Fare"]


def test_slides_have_titles_and_notes(tmp_path):
    frame = "<draw:frame{}><draw:text-box>{}</draw:text-box></draw:frame>"
    notes = (
        "<presentation:notes>"
        + frame.format(' presentation:class="notes"', paragraph("Say it."))
        + "</presentation:notes>"
    )
    title = frame.format(' presentation:class="title"', paragraph("Plan"))
    slide = frame.format("", paragraph("words")) + title + notes
    path = write_open(tmp_path / "a.odp", "presentation", f"<draw:page>{slide}</draw:page><draw:page/>")
    document = odp.load(path)
    assert document.text == "Plan\n\nwords\n\nNotes: Say it."
    assert document.warnings == ("slide 2 holds no text, perhaps only pictures",)


def test_a_sheet_counts_repeated_rows_and_cells(tmp_path):
    rows = f"<table:table-row>{cell('Town')}{cell('Day')}{cell('Fare')}</table:table-row>"
    rows += '<table:table-row table:number-rows-repeated="3"/>'
    date = cell("3. maj", 'office:value-type="date" office:date-value="2024-05-03T00:00:00"')
    hidden = 'table:visibility="collapse"'
    rows += f"<table:table-row {hidden}>{cell('Holm')}{date}{cell('5,00 kr')}</table:table-row>"
    last = cell("x", 'table:number-columns-repeated="2"') + cell("", 'table:formula="of:=1"')
    rows += f'<table:table-row table:number-rows-repeated="2">{last}</table:table-row>'
    styles = '<style:style style:name="t"><style:table-properties table:display="false"/></style:style>'
    table = f'<table:table table:name="Fares" table:style-name="t">{rows}</table:table>'
    table += f'<table:table table:name="More">{rows}</table:table>'
    document = ods.load(write_open(tmp_path / "a.ods", "spreadsheet", table, styles=styles))
    assert document.text.startswith("Fares\n\nTown | Day | Fare\nHolm | 2024-05-03 | 5,00 kr\nx | x\nx | x\n\nMore\n\n")
    assert [block.cell for block in document.blocks[:5]] == ["", "A1:C1", "A5:C5", "A6:B6", "A7:B7"]
    assert document.warnings[:2] == ("1 hidden sheet was read too: Fares", "2 hidden rows were read too")
    assert citation(document, document.text.index("Holm"), document.text.index("x | x"), 1).locator == "Fares!A5:C5"


def test_a_sheet_repeated_without_end_is_cut(tmp_path):
    wide = 'table:number-columns-repeated="99999999"'
    huge = f'<table:table-row table:number-rows-repeated="99999999">{cell("x", wide)}</table:table-row>'
    document = ods.load(write_open(tmp_path / "a.ods", "spreadsheet", f"<table:table>{huge}</table:table>"))
    assert len(document.text) < 5_000_000


def test_an_encrypted_text_is_locked(tmp_path):
    path = write_odt(tmp_path / "a.odt", "H", ["words"])
    space = 'xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("META-INF/manifest.xml", f"<m:manifest {space}><m:encryption-data/></m:manifest>")
    with pytest.raises(LockedFile, match="password"):
        odt.load(path)


def test_chapters_are_pages_by_their_titles_in_the_contents(tmp_path):
    chapters = {
        "": "<p>Before.</p>",
        "One": "<p>First words.</p>",
        " ": "<p>More of one.</p>",
        "Two": "<h2>2. Two</h2><p>End.<br/></p>",
    }
    document = epub.load(write_book(tmp_path / "a.epub", chapters, "The Book"))
    assert document.text == "Before.\n\nOne\n\nFirst words.\n\nMore of one.\n\n2. Two\n\nEnd."
    assert [page.label for page in document.pages] == ["beginning", "One", "Two"]
    at = document.text.index("More")
    cited = citation(document, at, at + 4, 1)
    assert (cited.locator, cited.heading, document.title) == ("One", "One", "The Book")


def test_a_protected_book_is_locked_and_one_with_scrambled_fonts_is_read(tmp_path):
    for target, locked in (("OPS/text/c1.xhtml", True), ("OPS/font.otf", False)):
        scheme = f'<encryption><CipherReference URI="{target}"/></encryption>'
        path = write_book(tmp_path / "a.epub", {"One": "<p>words</p>"}, parts={"META-INF/encryption.xml": scheme})
        if locked:
            with pytest.raises(LockedFile, match="protected"):
                read(path)
        else:
            assert "words" in read(path).text


def test_an_archive_that_is_no_book_is_refused(tmp_path):
    path = write_odt(tmp_path / "a.epub", "H", ["words"])
    with pytest.raises(DamagedFile, match="holds no EPUB book"):
        epub.load(path)
    assert "OpenDocument text" in read(path).warnings[0]
