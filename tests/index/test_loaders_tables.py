"""Workbooks and tables as text: rows that stand alone, and numbers as a person sees them."""

from __future__ import annotations

import pytest

from assistant.cite import citation
from index.errors import DamagedFile
from index.loaders import csv, xlsx
from index.loaders.xlsx.numbers import shown
from index.records import document_row, to_document
from index.split import split
from index.types import Block, Document
from tests.index.documents_tables import row, write_table, write_workbook

FORMATS = (
    '<numFmts><numFmt numFmtId="164" formatCode="#,##0.00\\ &quot;kr&quot;"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="9"/></cellXfs>'
)


def lines(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks if block.kind == "row"]


def test_rows_have_their_column_names_as_context_and_their_cells_as_place(tmp_path):
    rows = row(2, ["Fares of the year"], "B") + row(4, ["Town", "Hour", "Fare"], "B") + row(5, ["Holm", 9, 12.5], "B")
    document = xlsx.load(write_workbook(tmp_path / "a.xlsx", {"Budget": rows + row(6, ["Vik", None, 15], "B")}))
    assert document.text == "Budget\n\nFares of the year\nTown | Hour | Fare\nHolm | 9 | 12.5\nVik |  | 15"
    assert [block.context for block in document.blocks][-3:] == ["", *["Town | Hour | Fare"] * 2]
    cited = [citation(document, block.start, block.end, 1).locator for block in document.blocks]
    assert cited == ["Budget", "Budget!B2", "Budget!B4:D4", "Budget!B5:D5", "Budget!B6:D6"]
    both = citation(document, document.text.index("Holm"), len(document.text), 1)
    assert both.locator == "Budget!B5:D6"
    assert split(document, lambda texts: [1 for _ in texts], 99)[0].context == "a › Budget › Town | Hour | Fare"


def test_a_table_after_an_empty_row_has_column_names_of_its_own(tmp_path):
    rows = row(1, ["Town", "Fare"]) + row(2, ["Holm", 5]) + row(4, ["Boat", "Seats"]) + row(5, ["Ask", 40])
    document = xlsx.load(write_workbook(tmp_path / "a.xlsx", {"S": rows}))
    assert [block.context for block in document.blocks[1:]] == ["", "Town | Fare", "", "Boat | Seats"]


def test_numbers_and_dates_are_as_the_sheet_shows_them(tmp_path):
    cells = '<c r="A1" s="1"><v>45415</v></c><c r="B1" s="2"><v>1234.5</v></c><c r="C1" s="3"><v>.25</v></c>'
    cells += '<c r="D1" t="b"><v>1</v></c><c r="E1" t="e"><v>#N/A</v></c><c r="F1"><v>0.30000000000000004</v></c>'
    document = xlsx.load(write_workbook(tmp_path / "a.xlsx", {"S": f'<row r="1">{cells}</row>'}, FORMATS))
    assert lines(document) == ["2024-05-03 | 1,234.50 kr | 25% | TRUE | #N/A | 0.3"]
    old = '<workbookPr date1904="1"/>'
    path = write_workbook(tmp_path / "b.xlsx", {"S": f'<row r="1">{cells}</row>'}, FORMATS, properties=old)
    assert lines(xlsx.load(path))[0].startswith("2028-05-04 | ")


@pytest.mark.parametrize(
    ("value", "code", "words"),
    [
        (1234.5, "#,##0.00", "1,234.50"),
        (-5, "0.00;[Red](0.00)", "(5.00)"),
        (1234, '"$"#,##0_);\\("$"#,##0\\)', "$1,234"),
        (1234567, "#\\ ##0", "1,234,567"),
        (12_345_678, '#,##0,"K"', "12,346K"),
        (5551234, "###\\-####", "555-1234"),
        (7, "000", "007"),
        (0, '0;-0;"none"', "none"),
        (1.5, "# ?/?", "1.5"),
        (1234.5, "0.00E+00", "1.23E+03"),
        (45415.6, "m/d/yy h:mm", "2024-05-03 14:24"),
        (45415, "[$-409]d\\-mmm\\-yyyy;@", "2024-05-03"),
        (45415, "mmm-yy", "2024-05"),
        (0.5, "h:mm AM/PM", "12:00"),
        (1.5, "[h]:mm", "36:00"),
        (1, "yyyy-mm-dd", "1900-01-01"),
        (-1, "yyyy-mm-dd", "-1"),
        (1e300, "yyyy-mm-dd", "1e+300"),
    ],
)
def test_number_formats(value, code, words):
    assert shown(value, code) == words


def test_shared_texts_are_read_without_their_reading_aids(tmp_path):
    shared = "<si><t>one_x000A_line</t></si><si><r><t>rich</t></r><r><t> text</t></r><rPh><t>aid</t></rPh></si>"
    cells = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>9</v></c></row>'
    document = xlsx.load(write_workbook(tmp_path / "a.xlsx", {"S": cells}, shared=shared))
    assert lines(document) == ["one line | rich text"]


def test_what_is_hidden_is_read_and_said(tmp_path):
    columns = '<cols><col min="2" max="3" hidden="1"/><col min="9" max="16384" hidden="1"/></cols>'
    rows = columns + "<sheetData>" + row(1, ["a"], entries='hidden="1"') + "</sheetData>"
    formula = '<row r="1"><c r="A1"><f>B1+1</f></c><c r="B1" t="str"><f>X()</f><v></v></c></row>'
    document = xlsx.load(write_workbook(tmp_path / "a.xlsx", {"S": rows, "T": formula + row(2, ["b"])}, hidden="T"))
    assert document.warnings == (
        "1 hidden sheet was read too: T",
        "1 hidden row was read too",
        "2 hidden columns were read too",
        "1 cell holds a formula and not its result; open the file in a spreadsheet program, save it and add it again",
    )


def test_a_row_far_down_and_rows_out_of_order_are_read(tmp_path):
    rows = row(1_048_576, ["end"]) + row(3, ["back"])
    document = xlsx.load(write_workbook(tmp_path / "a.xlsx", {"S": rows}))
    assert [block.cell for block in document.blocks] == ["", "A1048576", "A1048577"]


def test_a_text_repeated_without_end_is_refused(tmp_path, monkeypatch):
    shared = f"<si><t>{'x' * 30_000}</t></si>"
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 3_400))
    with pytest.raises(DamagedFile, match="more than 100,000,000 characters"):
        xlsx.load(write_workbook(tmp_path / "a.xlsx", {"S": rows}, shared=shared))


def test_contexts_and_cells_are_kept_in_the_ledger_once_a_table_and_old_rows_are_still_read(tmp_path):
    table = [["Town", "Fare"], ["Holm", "5"], ["Vik", "7"]]
    document = csv.load(write_table(tmp_path / "a.csv", table))
    source, title, sha256, media_type, text, blocks, pages, *rest = document_row(document)
    assert blocks.count("Town | Fare") == 1
    kept = [source, title, text, blocks, pages, sha256, media_type, *rest]
    assert to_document(kept).blocks == document.blocks
    kept[3] = '[[0, 4, "text", 0, null, null]]'
    assert to_document(kept).blocks == (Block(0, 4),)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_told_from_the_lines(tmp_path, separator):
    table = [["Town", "Fare", "Note"], ["Holm", "1,5", "a\nb"], ["Vik", "2,5", ""]]
    document = csv.load(write_table(tmp_path / "a.csv", table, separator))
    assert lines(document) == ["Town | Fare | Note", "Holm | 1,5 | a b", "Vik | 2,5"]
    assert citation(document, document.blocks[1].start, document.blocks[2].end, 1).locator == "row 2 to row 3"


def test_a_quotation_mark_that_is_never_closed_loses_no_text(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,"open\n2,more\n')
    assert "more" in csv.load(path).text
