"""Whatever a file holds, its account balances: files at random, and every one of their characters explained."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from email.message import EmailMessage
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import DamagedFile, EmptyFile
from index.index import Receipt
from index.read import read
from index.split import split
from index.types import ink
from tests.index.documents import run, word_part, write_docx
from tests.index.documents_mail import write_mailbox
from tests.index.documents_open import cell, paragraph, write_book, write_open
from tests.index.documents_slides import shape, table, write_slides
from tests.index.documents_tables import row, write_workbook

Build = Callable[[Path], Path]

# What XML may hold; soft hyphens, zero-width blanks and letters beyond the first plane come up more often than chance.
LETTERS = st.one_of(
    st.characters(min_codepoint=32, max_codepoint=0x2FFFF, exclude_categories=("Cs", "Cn"), exclude_characters="\x7f"),
    st.sampled_from("ab |<>&\"'•\u00ad\u200b\u00a0\u2003\ufeff\U0001f600,;:#*-\\{}[]"),
)
WORDS = st.text(LETTERS, max_size=12)
# Newlines and tabulators too, for files that are text themselves.
LINES = st.lists(st.one_of(WORDS, st.sampled_from(["\n", "\n\n", "\t", "\r\n", "\n- "])), max_size=12).map("".join)


def xml(text: str) -> str:
    return escape(text, quote=False)


@st.composite
def word_blocks(draw: st.DrawFn, depth: int = 2) -> str:
    words = draw(WORDS)
    simple = [
        f"<w:p>{run(words)}</w:p>",
        f"<w:p>{run(words)}<w:del><w:r><w:delText>{xml(draw(WORDS))}</w:delText></w:r></w:del></w:p>",
        f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{xml(words)}</w:t></w:r><w:r><w:noBreakHyphen/></w:r></w:p>",
        f"<w:p><w:r><w:instrText>{xml(words)}</w:instrText><w:sym w:font='Symbol' w:char='F061'/></w:r></w:p>",
        f"<w:p><w:pPr><w:pStyle w:val='Heading1'/></w:pPr>{run(words)}</w:p>",
        f"<w:p><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr>{run(words)}</w:p>",
    ]
    if depth == 0:
        return draw(st.sampled_from(simple))
    inner = "".join(draw(st.lists(word_blocks(depth - 1), max_size=3)))
    merge = draw(st.sampled_from(["", "<w:tcPr><w:vMerge/></w:tcPr>"]))
    tr = draw(st.sampled_from(["", "<w:trPr><w:del/></w:trPr>"]))
    nested = [
        f"<w:tbl><w:tr>{tr}<w:tc>{merge}{inner}</w:tc><w:tc><w:p>{run(words)}</w:p></w:tc></w:tr></w:tbl>",
        f"<w:p>{run(words)}<w:r><w:pict><w:txbxContent>{inner}</w:txbxContent></w:pict></w:r></w:p>",
        f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:txbxContent>{inner}</w:txbxContent></w:r></w:p>",
        f"<w:p><w:del><w:r><w:txbxContent>{inner}</w:txbxContent></w:r></w:del>{run(words)}</w:p>",
        f"<w:sdt><w:sdtContent>{inner}</w:sdtContent></w:sdt>",
        f"<w:p><Fallback>{inner}</Fallback>{run(words)}</w:p>",
    ]
    return draw(st.sampled_from([*simple, *nested]))


@st.composite
def word(draw: st.DrawFn) -> Build:
    raw = "".join(draw(st.lists(word_blocks(), max_size=5)))
    note = f'<w:footnote w:id="2"><w:p>{run(draw(WORDS))}</w:p></w:footnote>'
    parts = {
        "word/footnotes.xml": word_part("footnotes", note),
        "word/header1.xml": word_part("hdr", f"<w:p>{run(draw(WORDS))}</w:p>"),
    }
    heading = draw(WORDS)
    return lambda folder: write_docx(folder / "a.docx", heading, ["kept"], raw, parts)


@st.composite
def slides(draw: st.DrawFn) -> Build:
    places = st.sampled_from(["", "title", "body", "sldNum", "ftr", "subTitle"])
    shapes = draw(st.lists(st.tuples(st.lists(WORDS, max_size=3), places), max_size=4))
    rows = draw(st.lists(st.lists(WORDS, min_size=2, max_size=2), max_size=3))
    slide = "".join(shape(texts, place) for texts, place in shapes) + table(rows) + shape(["kept"])
    notes = {1: shape([draw(WORDS)], draw(places))}
    return lambda folder: write_slides(folder / "a.pptx", [slide], notes)


@st.composite
def sheets(draw: st.DrawFn) -> Build:
    values = st.one_of(WORDS, st.none(), st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**9), 10**9))
    rows = draw(st.lists(st.lists(values, max_size=5), max_size=6))
    raw = "".join(row(number, cells) for number, cells in enumerate([*rows, ["kept"]], 1))
    name = draw(WORDS)
    return lambda folder: write_workbook(folder / "a.xlsx", {name: raw})


@st.composite
def open_text(draw: st.DrawFn) -> Build:
    parts = []
    for kind in draw(st.lists(st.integers(0, 6), max_size=6)):
        said = paragraph(draw(WORDS))
        box = (
            f"<draw:frame><text:title>{xml(draw(WORDS))}</text:title><draw:text-box>{said}</draw:text-box></draw:frame>"
        )
        note = (
            f"<text:note><text:note-citation>1</text:note-citation><text:note-body>{said}</text:note-body></text:note>"
        )
        parts.append(
            [
                said,
                f"<text:h>{xml(draw(WORDS))}{note}{box}</text:h>",
                f"<text:p>{xml(draw(WORDS))}{note}<office:annotation>{said}</office:annotation></text:p>",
                f"<text:list><text:list-item>{said}{said}</text:list-item></text:list>",
                f"<table:table><table:table-row>{cell(draw(WORDS))}{cell('x')}</table:table-row></table:table>",
                f"<table:table><table:table-row><table:table-cell>{said}</table:table-cell></table:table-row></table:table>",
                f"<text:p>{box}<text:ruby-text>{xml(draw(WORDS))}</text:ruby-text></text:p>",
            ][kind]
        )
    return lambda folder: write_open(folder / "a.odt", "text", "".join(parts) + paragraph("kept"))


@st.composite
def open_sheets(draw: st.DrawFn) -> Build:
    counts = st.integers(1, 3)
    rows = []
    for texts in draw(st.lists(st.lists(WORDS, max_size=4), max_size=5)):
        cells = "".join(cell(text, f'table:number-columns-repeated="{draw(counts)}"') for text in texts)
        rows.append(f'<table:table-row table:number-rows-repeated="{draw(counts)}">{cells}</table:table-row>')
    rows.append(f"<table:table-row>{cell('kept')}</table:table-row>")
    name = escape(draw(WORDS))
    body = f'<table:table table:name="{name}">{"".join(rows)}</table:table>'
    return lambda folder: write_open(folder / "a.ods", "spreadsheet", body)


PAGE = st.recursive(
    WORDS,
    lambda inner: st.builds(
        lambda tag, parts, more: f"<{tag}{more}>{''.join(parts)}</{tag.split()[0]}>",
        st.sampled_from(
            "p div span ul ol li table tr td th pre h1 h3 script style noscript template a b dl dt head title".split()
        ),
        st.lists(inner, max_size=4),
        st.sampled_from(["", " hidden", " style='display:none'", " start=3"]),
    ),
    max_leaves=25,
)


@st.composite
def pages(draw: st.DrawFn) -> Build:
    parts = draw(st.lists(st.one_of(PAGE, st.sampled_from(["<!-- a -->", "<img alt='boat'>", "<br>", "&shy;"]))))
    source = "<!doctype html><p>kept</p>" + "".join(parts)
    return lambda folder: write(folder / "a.html", source)


@st.composite
def books(draw: st.DrawFn) -> Build:
    chapters = {f"{draw(WORDS)} {number}": "<p>kept</p>" + draw(PAGE) for number in range(draw(st.integers(1, 3)))}
    return lambda folder: write_book(folder / "a.epub", chapters)


@st.composite
def csvs(draw: st.DrawFn) -> Build:
    rows = draw(st.lists(st.lists(LINES, max_size=4), max_size=6))
    separator, quoting = draw(st.sampled_from(",;\t|")), draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))

    def build(folder: Path) -> Path:
        with (folder / "a.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, delimiter=separator, quoting=quoting).writerows([["kept", "too"], *rows])
        return folder / "a.csv"

    return build


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), LINES),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(WORDS, inner, max_size=4)),
    max_leaves=20,
)


@st.composite
def values(draw: st.DrawFn) -> Build:
    raw = json.dumps({"kept": draw(VALUES)}, ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from([None, 1])))
    return lambda folder: write(folder / "a.json", raw)


@st.composite
def lines_of_values(draw: st.DrawFn) -> Build:
    raw = "\n".join(draw(st.lists(st.one_of(VALUES.map(json.dumps), WORDS))))
    return lambda folder: write(folder / "a.jsonl", '{"kept": 1}\n' + raw)


@st.composite
def notebooks(draw: st.DrawFn) -> Build:
    outputs = st.fixed_dictionaries({}, optional={"text": LINES, "data": st.dictionaries(MIMES, LINES)})
    kinds = st.sampled_from(["markdown", "code", "heading", "raw"])
    cells = st.fixed_dictionaries({"cell_type": kinds, "source": LINES, "outputs": st.lists(outputs, max_size=2)})
    book = {"cells": [{"cell_type": "code", "source": "kept"}, *draw(st.lists(cells, max_size=4))]}
    return lambda folder: write(folder / "a.ipynb", json.dumps(book))


MIMES = st.sampled_from(["text/plain", "text/html", "text/latex", "image/png"])


@st.composite
def messages(draw: st.DrawFn) -> EmailMessage:
    made = EmailMessage()
    made["Subject"] = " ".join(draw(WORDS).split())
    made["From"] = "ann@example.org"
    made.set_content(draw(LINES) + "kept")
    if draw(st.booleans()):
        made.add_alternative(draw(PAGE), subtype="html")
    if draw(st.booleans()):
        made.add_attachment(draw(LINES) + "kept", filename=draw(st.sampled_from(["a.txt", "a.md", "a.csv", "a.bin"])))
    if draw(st.booleans()):
        made.add_attachment(draw(messages()))
    return made


@st.composite
def letters(draw: st.DrawFn) -> Build:
    made = draw(messages())
    return lambda folder: write(folder / "a.eml", bytes(made).decode("utf-8", "surrogateescape"))


@st.composite
def mailboxes(draw: st.DrawFn) -> Build:
    made = draw(st.lists(messages(), min_size=1, max_size=3))
    return lambda folder: write_mailbox(folder / "a.mbox", made)


GROUPS = [
    r"\footnote",
    r"\header",
    r"\v",
    r"\*\unknown",
    r"\field{\*\fldinst PAGE}",
    r"\listtext",
    r"\b",
    r"\annotation",
]


@st.composite
def rich_texts(draw: st.DrawFn) -> Build:
    words = st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters="\\{}"), max_size=8)
    marks = st.sampled_from(
        r"\par  \cell  \row  \v  \v0  \deleted  \plain  \pard  \intbl  \u8364?  \u-10179?\u-8704?  \'e9  \~  \tab"
        r"  {\*\unknown  {\footnote  {\header  {\field{\*\fldinst  {\info{\title  {\listtext  {  }  }  }".split("  ")
    )
    group = st.builds(lambda mark, inside: "{" + mark + " " + inside + "}", st.sampled_from(GROUPS), words)
    tokens = draw(st.lists(st.one_of(words, group, marks.map(lambda mark: mark + " ")), max_size=30))
    raw = r"{\rtf1\ansi kept\par " + "".join(tokens) + "}"
    return lambda folder: write(folder / "a.rtf", raw)


def write(path: Path, text: str) -> Path:
    """Writes a text as it stands."""
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return path


def texts(name: str) -> st.SearchStrategy[Build]:
    """Files that are text themselves."""
    return LINES.map(lambda text: lambda folder: write(folder / name, "kept\n" + text))


KINDS = {
    "docx": word(),
    "pptx": slides(),
    "xlsx": sheets(),
    "odt": open_text(),
    "ods": open_sheets(),
    "html": pages(),
    "epub": books(),
    "csv": csvs(),
    "json": values(),
    "jsonl": lines_of_values(),
    "ipynb": notebooks(),
    "eml": letters(),
    "mbox": mailboxes(),
    "rtf": rich_texts(),
    "md": texts("a.md"),
    "txt": texts("a.txt"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("random")


@pytest.mark.parametrize("kind", KINDS)
def test_every_character_is_explained(kind, folder):
    @settings(max_examples=40, deadline=None, derandomize=True, database=None)
    @given(build=KINDS[kind])
    def explained(build: Build) -> None:
        try:
            document = read(build(folder))
        except (EmptyFile, DamagedFile):
            return
        passages = split(document, lambda texts: [1 for _ in texts], 99)
        kept = sum(ink(passage.text) for passage in passages)
        receipt = Receipt(
            "a", "added", dropped=document.dropped, seen=document.seen, written=document.written, kept=kept
        )
        assert document.seen is not None and min(document.dropped.values(), default=1) > 0 and document.written >= 0
        assert receipt.unexplained == 0, document.warnings

    explained()
