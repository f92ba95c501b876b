"""Every character of a file is in its document's text, or left out for a reason that has a name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from index.index import Index
from index.loaders import Writing
from index.read import read
from index.split import split
from index.types import Document, ink
from tests.index.counts import COUNTS
from tests.index.documents import (
    FILLER,
    HEADING,
    SENTENCE,
    WRITERS,
    run,
    word_part,
    write_docx,
    write_html,
    write_txt,
)
from tests.index.documents_json import write_value
from tests.index.documents_mail import message
from tests.index.documents_open import cell, paragraph, write_book, write_open
from tests.index.documents_slides import shape, table, write_slides
from tests.index.documents_tables import row, write_workbook
from tests.stub import WordEmbedder

# Its characters are those that text recognition sees.
ELSEWHERE = {"png"}


def balance(document: Document) -> int:
    """The characters that are not explained: 0 when all is well."""
    assert document.seen is not None
    return document.seen + document.written - ink(document.text) - sum(document.dropped.values())


def check(path: Path, dropped: Mapping[str, int], written: int) -> Document:
    """The document, whose account is exactly this one, and whose characters are those counted by other means."""
    document = read(path)
    assert document.seen == COUNTS[path.suffix[1:]](path)
    assert document.dropped == dropped
    assert document.written == written
    assert balance(document) == 0
    return document


def test_ink_is_every_character_that_is_not_white_space():
    every = "".join(map(chr, range(0x110000)))
    assert ink(every) == sum(not letter.isspace() for letter in every)
    assert [ink("a b\u3000c"), ink(" \n\xa0"), ink("")] == [3, 0, 0]


def test_every_format_has_a_count_by_other_means():
    assert sorted(COUNTS) == sorted(set(WRITERS) - ELSEWHERE)


@pytest.mark.parametrize("suffix", COUNTS)
def test_all_characters_of_a_plain_document_are_explained(suffix, tmp_path):
    odd = "plain" if suffix in ("pdf", "rtf") else "so\u00adft and <odd> & \u201cquoted\u201d \U0001f600"
    path = WRITERS[suffix](tmp_path / f"ferries.{suffix}", HEADING, [FILLER, SENTENCE, odd])
    document = read(path)
    assert document.seen == COUNTS[suffix](path)
    assert balance(document) == 0
    assert document.warnings == ()
    passages = split(document, lambda texts: [1 for _ in texts], 99)
    assert sum(ink(passage.text) for passage in passages) == ink(document.text)


def test_what_word_hides_is_named(tmp_path):
    raw = f"<w:p>{run('kept')}<w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
    raw += f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>hid</w:t></w:r>{run('a')}<w:r><w:noBreakHyphen/></w:r></w:p>"
    raw += "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:ruby><w:rt><w:r><w:t>ru</w:t></w:r></w:rt></w:ruby></w:p>"
    raw += f"<w:p><w:r><w:pict><w:txbxContent><w:p>{run('box')}</w:p></w:txbxContent></w:pict></w:r></w:p>"
    raw += f"<w:p><Fallback><w:txbxContent><w:p>{run('box')}</w:p></w:txbxContent></Fallback></w:p>"
    merged = f"<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p>{run('under')}</w:p></w:tc>"
    raw += f"<w:tbl><w:tr>{merged}<w:tc><w:p>{run('x')}</w:p></w:tc><w:tc><w:p>{run('y')}</w:p></w:tc></w:tr></w:tbl>"
    raw += '<w:p><w:r><w:sym w:font="Symbol" w:char="F061"/><w:sym w:font="Wingdings" w:char="F0FC"/></w:r></w:p>'
    parts = {
        "word/header1.xml": word_part("hdr", f"<w:p>{run('Secret!')}</w:p>"),
        "word/comments.xml": word_part("comments", f"<w:p>{run('Why?')}</w:p>"),
        "word/footnotes.xml": word_part("footnotes", f'<w:footnote w:id="2"><w:p>{run("A note.")}</w:p></w:footnote>'),
        "word/glossary/document.xml": word_part("glossaryDocument", f"<w:p>{run('Block')}</w:p>"),
    }
    dropped = {
        "building block": 5,
        "comment": 4,
        "copy for older programs": 3,
        "covered by a merged cell": 5,
        "deleted text": 4,
        "drawn sign": 1,
        "field code": 4,
        "header or footer": 7,
        "hidden text": 3,
        "reading aid": 2,
    }
    document = check(write_docx(tmp_path / "a.docx", HEADING, [SENTENCE], raw, parts), dropped, 1)
    assert document.text.endswith("\n\nkept\n\na-\n\nbox\n\nx | y\n\nα\n\nA note.")


def test_files_inside_a_document_and_parts_that_are_broken_are_told(tmp_path):
    parts = {"word/embeddings/fares.xlsx": "PK", "word/afchunk1.htm": "<p>x</p>", "word/header1.xml": "<w:hdr>"}
    document = read(write_docx(tmp_path / "a.docx", HEADING, [SENTENCE], "", parts))
    assert (
        document.missing
        == document.warnings
        == (
            "parts that are broken and were not read: word/header1.xml",
            "files inside it that were not read: fares.xlsx, afchunk1.htm",
        )
    )
    assert balance(document) == 0


def test_numbers_of_lists_are_not_taken_for_the_documents_own(tmp_path):
    numbering = word_part(
        "numbering",
        '<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/>'
        '</w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>',
    )
    item = '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>{}</w:p>'
    raw = item.format(run("one")) + item.format(run("two"))
    path = write_docx(tmp_path / "a.docx", HEADING, [SENTENCE], raw, {"word/numbering.xml": numbering})
    assert check(path, {}, 4).text.endswith("1. one\n2. two")


def test_a_chart_in_a_text_is_read(tmp_path):
    space = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    categories = "".join(f'<c:pt idx="{at}"><c:v>{name}</c:v></c:pt>' for at, name in enumerate(["Holm", "Vik"]))
    series = "".join(
        f"<c:ser><c:tx><c:v>{name}</c:v></c:tx><c:cat>{categories}</c:cat>"
        f'<c:val><c:pt idx="0"><c:v>{one}</c:v></c:pt><c:pt idx="1"><c:v>{two}</c:v></c:pt></c:val></c:ser>'
        for name, one, two in (("Cars", 5, 6), ("Bikes", 7, 8))
    )
    chart = f"<c:chartSpace {space}><c:title><p><t>Traffic</t></p></c:title>{series}</c:chartSpace>"
    raw = f'<w:p><c:chart {space} xmlns:r="r" r:id="r1"/></w:p>'
    path = write_docx(tmp_path / "a.docx", HEADING, [SENTENCE], raw, {"word/chart1.xml": chart})
    repeated = {"numbers and names in a chart that repeat others or belong to no point": 7}
    document = check(path, repeated, 5)
    assert document.text.endswith("Traffic\n\nCars | Bikes\nHolm | 5 | 7\nVik | 6 | 8")


def test_what_slides_repeat_is_named(tmp_path):
    cells = table([["Town", "Fare"], ["Holm", "5"]]).replace("<a:tc>", '<a:tc hMerge="1">', 1)
    slide = shape(["The Plan"], "title") + shape(["a", "b"], "body") + shape(["9"], "sldNum") + cells
    slide += f"<Fallback>{shape(['old'])}</Fallback>"
    notes = {1: shape(["Say it."], "body") + shape(["Draft"], "ftr")}
    dropped = {"copy for older programs": 3, "covered by a merged cell": 4, "date or footer": 5, "slide number": 1}
    document = check(write_slides(tmp_path / "a.pptx", [slide, ""], notes), dropped, ink("•• | Notes:"))
    assert document.text == "The Plan\n\n• a\n• b\n\nFare\nHolm | 5\n\nNotes: Say it."


def test_what_a_workbook_shows_is_counted_as_it_is_shown(tmp_path):
    rows = row(1, ["Town", "Fare"]) + row(2, ["Holm", None]) + '<row r="3"><c r="B3" s="1"><v>0.5</v></c></row>'
    rows = f"<sheetData>{rows}</sheetData><headerFooter><oddHeader>&amp;CDraft</oddHeader></headerFooter>"
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="9"/></cellXfs>'
    path = write_workbook(tmp_path / "a.xlsx", {"Fares": rows}, styles)
    document = read(path)
    assert document.text == "Fares\n\nTown | Fare\nHolm\n50%"
    assert document.seen == ink("Town Fare Holm 50% &CDraft")
    assert document.dropped == {"header or footer": 7}
    assert document.written == ink("Fares |") and balance(document) == 0


def test_texts_that_cells_share_count_for_each_cell_and_reading_aids_are_named(tmp_path):
    shared = "<si><t>Holm</t><rPh><t>ho</t></rPh></si><si><t>unused</t></si>"
    rows = "".join(f'<row r="{at}"><c r="A{at}" t="s"><v>0</v></c></row>' for at in (1, 2))
    document = read(write_workbook(tmp_path / "a.xlsx", {"S": rows}, shared=shared))
    assert (document.seen, document.written, document.dropped) == (12, 1, {"reading aid": 4})
    assert balance(document) == 0


def test_what_an_open_text_leaves_out_is_named(tmp_path):
    body = f"<text:tracked-changes>{paragraph('gone')}</text:tracked-changes>"
    note = f"<text:note-citation>7</text:note-citation><text:note-body>{paragraph('A note.')}</text:note-body>"
    said = f"<office:annotation>{paragraph('Why?')}</office:annotation><text:ruby-text>ru</text:ruby-text>"
    box = f"<draw:frame><draw:text-box>{paragraph('box')}</draw:text-box></draw:frame>"
    body += f"<text:p>line<text:note>{note}</text:note>{said}{box}</text:p>"
    body += f"<text:list><text:list-item>{paragraph('one')}</text:list-item></text:list>"
    repeated = cell("x", 'table:number-columns-repeated="3"')
    body += f"<table:table><table:table-row>{repeated}{cell('y')}</table:table-row></table:table>"
    body += "<draw:frame><svg>boat</svg></draw:frame>".replace("svg", "text:desc")
    dropped = {"comment": 4, "deleted text": 4, "mark of a note": 1, "picture description": 4, "reading aid": 2}
    document = check(write_open(tmp_path / "a.odt", "text", body), dropped, ink("• xx |||"))
    assert document.text == "line\n\nbox\n\n• one\n\nx | x | x | y\n\nA note."


def test_what_open_slides_and_sheets_leave_out_is_named(tmp_path):
    declared = "<presentation:footer-decl>Draft</presentation:footer-decl>"
    notes = f"<presentation:notes><draw:frame>{paragraph('3')}</draw:frame></presentation:notes>"
    slide = f"<draw:page><draw:frame>{paragraph('words')}</draw:frame>{notes}</draw:page>"
    dropped = {"date or footer": 1, "header or footer": 5}
    check(write_open(tmp_path / "a.odp", "presentation", declared + slide), dropped, 0)
    date = cell("3. maj", 'office:value-type="date" office:date-value="2024-05-03"')
    box = f"<table:shapes><draw:frame><draw:text-box>{paragraph('box')}</draw:text-box></draw:frame></table:shapes>"
    rows = f'<table:table-row table:number-rows-repeated="2">{cell("Holm")}{date}</table:table-row>'
    path = write_open(tmp_path / "a.ods", "spreadsheet", f'<table:table table:name="S">{box}{rows}</table:table>')
    document = check(path, {"dates as they were shown": 5}, ink("S Holm | | 2024-05-03 2024-05-03"))
    assert document.text == "S\n\nHolm | 2024-05-03\nHolm | 2024-05-03\n\nbox"


def test_what_a_page_does_not_show_is_named(tmp_path):
    raw = "<script>evil()</script><p hidden>no<!-- deep --></p><!-- remark --><img alt='A boat'><noscript>js</noscript>"
    raw += "<ul><li>one</ul><table><tr><td>a<td>b</table><template>t</template><p>so&shy;ft</p>"
    path = write_html(tmp_path / "a.html", HEADING, [SENTENCE], "<title>The Title</title><style>p {}</style>", raw)
    dropped = {
        "comment": 10,
        "for other browsers": 2,
        "head of the page": 8,
        "hidden text": 2,
        "invisible characters": 1,
        "script or style": 9,
        "template": 1,
    }
    check(path, dropped, 2)


def test_what_a_book_repeats_is_named_and_a_broken_chapter_is_told(tmp_path):
    path = write_book(
        tmp_path / "a.epub", {"One": "<p>words</p>", "Two": "<h2>2. Two</h2><p>end</p><script>x</script>"}
    )
    check(path, {"script or style": 1}, 3)
    path = write_book(tmp_path / "b.epub", {"One": "<p>words</p>", "Two": "\0\1\2\3" * 500})
    assert read(path).warnings == ("parts of the book that are broken and were not read: OPS/text/c2.xhtml",)


@pytest.mark.parametrize(
    ("name", "text", "dropped", "written"),
    [
        ("a.csv", 'Town,Fare\n"Holm, ""old""",5\n', {"separators and quotes": 6}, 2),
        ("a.tsv", "Town\tFare\nHolm\t5\n", {}, 2),
        ("a.jsonl", '{"a": "x"}\nbroken {\n', {"quotes, braces and commas": 7}, 1),
        ("a.json", '{"a": "\\u00e9", "b": [1.50, true]}', {"quotes, braces and commas": 19}, 3),
        ("a.json", '{"a": {}, "a": 2}', {"quotes, braces and commas": 11}, 4),
    ],
)
def test_marks_of_tables_and_of_values_are_named(tmp_path, name, text, dropped, written):
    path = tmp_path / name
    path.write_text(text)
    check(path, dropped, written)


def test_names_of_groups_are_named(tmp_path):
    path = write_value(tmp_path / "a.json", {"ferries": [{"town": "Holm", "long": "x" * 50}]})
    dropped = read(path).dropped
    assert dropped["names of groups, which stand beside the values in them"] == 7


def test_other_forms_of_what_code_gave_out_are_named(tmp_path):
    outputs = [
        {"output_type": "stream", "text": ["\x1b[31mred\x1b[0m\n"]},
        {"output_type": "display_data", "data": {"text/plain": "<Table>", "text/html": "<b>Table</b>"}},
        {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": ["at line 1"]},
    ]
    cells = [{"cell_type": "code", "source": "x = 1", "outputs": outputs}]
    document = read(write_value(tmp_path / "a.ipynb", {"cells": cells}))
    assert document.dropped == {
        "codes that colour a terminal": 9,
        "the same text in another form": 12,
        "where in the code an error arose": 7,
    }
    assert balance(document) == 0


def test_what_rich_text_hides_is_named(tmp_path):
    raw = r"{\rtf1{\stylesheet{\s1 heading 1;}}{\header top\par}a{\footnote A note.}{\v hid}{\deleted old}"
    raw += r"\u-10179?\u-8704?"
    raw += r"{\field{\*\fldinst PAGE}{\fldrslt 3}}{\*\unknown data}\par{\listtext 1.\tab}one\par"
    raw += r"\intbl x\cell y\cell\row\intbl left"
    path = tmp_path / "a.rtf"
    path.write_text(raw + "}")
    document = read(path)
    assert document.text == "a\U0001f6003\n\n1. one\n\nx | y\n\nleft\n\nA note."
    assert document.dropped == {
        "data for other programs": 4,
        "deleted text": 3,
        "field code": 4,
        "header or footer": 3,
        "hidden text": 3,
        "mark of a list": 2,
    }
    assert (document.written, balance(document)) == (3, 0)


def test_a_message_counts_the_form_that_is_not_shown_and_what_is_attached(tmp_path):
    made = message("Both", ["plain words\non two lines"])
    made.add_alternative("<p>page words</p>", subtype="html")
    made.add_attachment("a,b\n1,2\n", subtype="csv", filename="t.csv")
    (tmp_path / "a.eml").write_bytes(bytes(made))
    document = read(tmp_path / "a.eml")
    assert document.dropped == {"separators and quotes": 2, "the same text in another form": ink("<p>page words</p>")}
    assert document.written == ink("From: To: Date: | |")
    assert document.seen == COUNTS["eml"](tmp_path / "a.eml")
    assert balance(document) == 0


def test_an_attached_pdf_keeps_all_its_text(tmp_path):
    made = message("Pages", ["See below."])
    pdf = WRITERS["pdf"](tmp_path / "t.pdf", HEADING, [FILLER, SENTENCE])
    made.add_attachment(pdf.read_bytes(), "application", "pdf", filename="t.pdf")
    (tmp_path / "a.eml").write_bytes(bytes(made))
    document = read(tmp_path / "a.eml")
    assert balance(document) == 0
    assert "".join(read(pdf).text.split()) in "".join(document.text.split())


def forgetful(path: Path) -> Document:
    """A loader that loses a sentence on its way."""
    writing = Writing()
    for text in path.read_text().split("\n\n"):
        writing.account.see(text)
        writing.add("" if text.strip() == SENTENCE else text)
    return writing.document(path.name, path.stem, "text/plain")


def stammering(path: Path) -> Document:
    """A loader that says everything twice."""
    writing = Writing()
    for text in path.read_text().split("\n\n"):
        writing.account.see(text)
        writing.add(text)
        writing.add(text)
    return writing.document(path.name, path.stem, "text/plain")


def test_a_loader_that_loses_a_sentence_is_found_out_in_the_receipt(tmp_path):
    path = write_txt(tmp_path / "a.txt", HEADING, [FILLER, SENTENCE])
    with Index.open(
        tmp_path / "l", embedder=WordEmbedder(), read=lambda path, name: read(path, name, forgetful)
    ) as index:
        receipt = index.add(path)[0]
    lost, there = ink(SENTENCE), ink(HEADING + FILLER + SENTENCE)
    assert receipt.unexplained == lost
    assert receipt.warnings == (
        f"{lost} of {there} characters cannot be accounted for; compare the text with the original",
    )


def test_a_loader_that_says_things_twice_is_found_out(tmp_path):
    path = write_txt(tmp_path / "a.txt", HEADING, [FILLER])
    twice = ink(HEADING + FILLER)
    warnings = read(path, load=stammering).warnings
    assert warnings == (f"{twice} characters were read twice or come from nowhere; compare the text with the original",)


def test_a_sound_document_has_nothing_unexplained_in_its_receipt(tmp_path):
    path = write_txt(tmp_path / "a.txt", HEADING, [FILLER, SENTENCE])
    with Index.open(tmp_path / "l", embedder=WordEmbedder(), read=read) as index:
        receipt = index.add(path)[0]
    assert (receipt.unexplained, receipt.seen, receipt.kept, receipt.warnings) == (
        0,
        receipt.kept,
        ink(path.read_text()),
        (),
    )
