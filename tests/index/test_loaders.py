"""Every loader gives a sound document; and what is particular to each."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from index import loaders
from index.errors import DamagedFile, EmptyFile, LockedFile
from index.named import named, names
from index.types import Block, Document
from tests.index.documents import (
    FILLER,
    HEADING,
    SENTENCE,
    WRITERS,
    draw,
    page_stream,
    run,
    word_part,
    write_docx,
    write_html,
    write_pdf,
    write_pdf_streams,
)

# These are read through LibreOffice; tests/index/test_loaders_old.py plays it.
OLD = {"doc", "ppt", "xls"}
FORMATS = [name for name in names(loaders) if name not in OLD]
# These have no headings, and are called what their file is called.
WITHOUT_HEADINGS = {"csv", "json", "jsonl", "tsv", "txt"}


def load(path: Path) -> Document:
    return named(loaders, path.suffix[1:]).load(path)


def texts(document: Document, kind: str) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks if block.kind == kind]


def block_at(document: Document, words: str) -> Block:
    at = document.text.index(words)
    return next(block for block in document.blocks if block.start <= at < block.end)


@pytest.fixture(params=FORMATS)
def loaded(request, tmp_path) -> Document:
    path = tmp_path / f"ferries.{request.param}"
    return load(WRITERS[request.param](path, HEADING, [FILLER, SENTENCE]))


def test_every_loader_has_a_writer_here_so_that_a_new_one_is_tested_at_once():
    assert sorted(WRITERS) == FORMATS


def test_further_suffixes_lead_to_loaders_that_exist():
    assert set(loaders.ALSO.values()) <= set(names(loaders))
    assert not set(loaders.ALSO) & set(names(loaders))


def test_the_text_holds_the_known_sentence_and_no_control_characters(loaded):
    assert SENTENCE in loaded.text
    assert not [letter for letter in loaded.text if ord(letter) < 32 and letter != "\n"]


def test_blocks_are_sorted_do_not_overlap_and_lie_within_the_text(loaded):
    edges = [edge for block in loaded.blocks for edge in (block.start, block.end)]
    assert edges == sorted(edges)
    assert edges[0] >= 0 and edges[-1] <= len(loaded.text)
    assert all(block.start < block.end for block in loaded.blocks)
    assert all(loaded.text[block.start : block.end].strip() for block in loaded.blocks)


def test_a_block_covers_the_known_sentence(loaded):
    block = block_at(loaded, SENTENCE)
    assert loaded.text.index(SENTENCE) + len(SENTENCE) <= block.end


def test_pages_tile_the_text(loaded):
    edges = [(page.start, page.end) for page in loaded.pages]
    if edges:
        assert edges[0][0] == 0 and edges[-1][1] == len(loaded.text)
        assert all(one[1] == two[0] for one, two in zip(edges, edges[1:], strict=False))
        assert [page.number for page in loaded.pages] == list(range(1, len(edges) + 1))


def test_kinds_and_levels_are_those_the_types_allow(loaded):
    assert {block.kind for block in loaded.blocks} <= {"text", "heading", "item", "row", "code"}
    assert all(1 <= block.level <= 6 if block.kind == "heading" else block.level == 0 for block in loaded.blocks)


def test_types_are_what_they_are_annotated_as(loaded):
    assert isinstance(loaded.blocks, tuple) and isinstance(loaded.pages, tuple) and isinstance(loaded.warnings, tuple)
    assert loaded.source.startswith("ferries.") and loaded.sha256 == "" and "/" in loaded.media_type
    assert all(isinstance(count, int) for count in loaded.dropped.values())


@pytest.mark.parametrize("suffix", [name for name in FORMATS if name not in WITHOUT_HEADINGS])
def test_the_heading_is_found_and_names_the_document(suffix, tmp_path):
    document = load(WRITERS[suffix](tmp_path / f"ferries.{suffix}", HEADING, [FILLER, SENTENCE]))
    headings = texts(document, "heading")
    assert [heading.strip("# ") for heading in headings] == [HEADING]
    assert document.title == HEADING


class TestText:
    @pytest.mark.parametrize(
        ("encoding", "words"),
        [
            ("utf-8", "Ærø, 7 km — déjà vu"),
            ("utf-8-sig", "Ærø, 7 km"),
            ("utf-16", "Ærø, 7 km"),
            ("utf-16-le", "the ferry leaves at nine"),
            ("utf-32", "Ærø, 7 km"),
            ("cp1252", "café – 5 €"),
            ("cp1252", "Die Fähre fährt täglich über den Großen Belt nach Süden und zurück."),
            ("cp1251", "Паром отходит в девять часов семь минут, билеты продаются на борту."),
            ("shift_jis", "船は九時に出ます。切符は船の中で買うことができます。"),
        ],
    )
    def test_the_encoding_is_told_from_the_bytes(self, tmp_path, encoding, words):
        path = tmp_path / "a.txt"
        path.write_bytes(words.encode(encoding))
        assert load(path).text == words

    def test_line_endings_become_one_and_all_else_stays(self, tmp_path):
        path = tmp_path / "a.txt"
        path.write_bytes(b"one\r\ntwo\rthree\n\n  four\tfive  \n")
        document = load(path)
        assert document.text == "one\ntwo\nthree\n\n  four\tfive  \n"
        assert texts(document, "text") == ["one\ntwo\nthree", "four\tfive"]

    @pytest.mark.parametrize("raw", [b"words\0\0and\1\2\3 zeros" * 9, bytes(range(256)) * 40])
    def test_binary_data_is_refused(self, tmp_path, raw):
        path = tmp_path / "a.txt"
        path.write_bytes(raw)
        with pytest.raises(DamagedFile, match=r"a\.txt"):
            load(path)


class TestMarkdown:
    def test_each_kind_of_block_is_a_slice_of_the_file(self, tmp_path):
        path = tmp_path / "a.md"
        path.write_text(
            "---\ntitle: The Log\n---\nSetext\n======\n\nA *paragraph*\nof two lines.\n\n- one\n- two\n  - three\n\n"
            "| a | b |\n|---|---|\n| 1 | 2 |\n\n```py\nx = 1\n```\n\n### Deep ###\n"
        )
        document = load(path)
        assert document.title == "The Log"
        assert [(block.level, document.text[block.start : block.end]) for block in document.blocks if block.level] == [
            (1, "Setext\n======"),
            (3, "### Deep ###"),
        ]
        assert texts(document, "text") == ["A *paragraph*\nof two lines."]
        assert texts(document, "item") == ["- one", "- two", "- three"]
        assert texts(document, "row") == ["| a | b |", "| 1 | 2 |"]
        assert [block.context for block in document.blocks if block.kind == "row"] == ["", "a | b"]
        assert texts(document, "code")[1:] == ["x = 1"]

    def test_rules_at_the_top_are_no_front_matter(self, tmp_path):
        path = tmp_path / "a.md"
        path.write_text("---\n\nJust words.\n\n---\n\nMore.\n")
        assert texts(load(path), "text") == ["Just words.", "More."]

    def test_an_open_fence_at_the_end_of_the_file_keeps_its_code(self, tmp_path):
        path = tmp_path / "a.md"
        path.write_text("Text.\n\n```\ncode without an end")
        assert texts(load(path), "code") == ["code without an end"]


class TestHtml:
    def read(self, tmp_path: Path, raw: str, head: str = "") -> Document:
        return load(write_html(tmp_path / "a.html", HEADING, [SENTENCE], head, raw))

    def test_what_is_not_shown_is_left_out_and_counted(self, tmp_path):
        raw = "<script>evil()</script><p hidden>no</p><p style='display: none'>nor</p><!-- remark --><p>yes</p>"
        document = self.read(tmp_path, raw, "<title>The Title</title><style>p {}</style>")
        assert document.text == f"yes\n\n{HEADING}\n\n{SENTENCE}"
        assert document.title == "The Title"
        assert document.dropped == {"comment": 6, "head of the page": 8, "hidden text": 5, "script or style": 9}

    def test_inline_elements_put_no_blanks_into_words(self, tmp_path):
        document = self.read(tmp_path, "<p>un<b>believ</b>able<br>new  \n line&nbsp;here, soft&shy;ly</p>")
        assert document.text.startswith("unbelievable\nnew line here, softly\n\n")

    def test_lists_and_tables_stand_on_lines_of_their_own(self, tmp_path):
        raw = "<ul><li>a<ul><li>b</li></ul></li></ul><ol start=3><li>c<li>d</ol>"
        raw += "<table><tr><th>Town<th>Hour</tr><tr><td>Holm<td><p>9</p><p>10</p></tr></table>"
        document = self.read(tmp_path, raw)
        assert document.text.startswith("• a\n• b\n\n3. c\n4. d\n\nTown | Hour\nHolm | 9 10\n\n")
        assert texts(document, "row") == ["Town | Hour", "Holm | 9 10"]
        assert [block.context for block in document.blocks if block.kind == "row"] == ["", "Town | Hour"]

    def test_a_table_for_the_layout_of_the_page_is_read_as_paragraphs(self, tmp_path):
        document = self.read(tmp_path, "<table><tr><td><h2>Menu</h2></td><td><p>One.</p><p>Two.</p></td></tr></table>")
        assert document.text.startswith("Menu\n\nOne.\n\nTwo.\n\n")

    def test_preformatted_lines_stay_lines(self, tmp_path):
        assert texts(self.read(tmp_path, "<pre>\n  a\n\n    b\n</pre>"), "code") == ["  a\n\n    b"]

    def test_the_declared_encoding_counts_and_utf8_is_tried_without_one(self, tmp_path):
        path = tmp_path / "a.html"
        path.write_bytes("<meta charset=windows-1251><p>Паром".encode("cp1251"))
        assert load(path).text == "Паром"
        path.write_bytes("<p>Ærø".encode())
        assert load(path).text == "Ærø"

    def test_elements_nested_a_thousand_deep_lose_no_text(self, tmp_path):
        document = self.read(tmp_path, "<div>" * 1_000 + "deep" + "</div>" * 1_000)
        assert document.text == f"deep\n\n{HEADING}\n\n{SENTENCE}"

    def test_elements_nested_beyond_all_measure_are_refused_and_not_cut(self, tmp_path):
        with pytest.raises(DamagedFile, match="deep"):
            self.read(tmp_path, "<div>" * 5_000 + "deep")


class TestWord:
    def read(self, tmp_path: Path, raw: str, parts: dict[str, str] | None = None) -> Document:
        return load(write_docx(tmp_path / "a.docx", HEADING, [SENTENCE], raw, parts))

    def test_tracked_insertions_are_text_and_deletions_are_counted(self, tmp_path):
        raw = (
            f"<w:p>{run('It is ')}<w:ins>{run('now')}</w:ins><w:del><w:r><w:delText>not</w:delText></w:r></w:del></w:p>"
        )
        document = self.read(tmp_path, raw)
        assert document.text.endswith("\n\nIt is now")
        assert document.dropped == {"deleted text": 3}

    def test_cells_merged_downwards_are_not_repeated(self, tmp_path):
        def cell(text: str, merge: str = "") -> str:
            return f"<w:tc><w:tcPr>{merge}</w:tcPr><w:p>{run(text)}</w:p></w:tc>"

        rows = [cell("Holm", '<w:vMerge w:val="restart"/>') + cell("9"), cell("Holm", "<w:vMerge/>") + cell("10")]
        document = self.read(tmp_path, "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>")
        assert texts(document, "row") == ["Holm | 9", "10"]

    def test_the_first_row_of_words_names_the_columns_of_a_table(self, tmp_path):
        rows = [["Town", "Fare"], ["Holm", "5"]]
        cells = ("".join(f"<w:tc><w:p>{run(text)}</w:p></w:tc>" for text in row) for row in rows)
        document = self.read(tmp_path, "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>")
        assert [block.context for block in document.blocks if block.kind == "row"] == ["", "Town | Fare"]

    def test_lists_are_numbered_as_word_numbers_them(self, tmp_path):
        levels = "".join(
            f'<w:lvl w:ilvl="{depth}"><w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/></w:lvl>'
            for depth, (style, text) in enumerate([("decimal", "%1."), ("lowerLetter", "%1.%2)")])
        )
        plan = f'<w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
        numbering = word_part("numbering", plan + '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>')
        raw = "".join(
            f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="1"/></w:numPr></w:pPr>{run(text)}</w:p>'
            for depth, text in [(0, "one"), (1, "deep"), (1, "deeper"), (0, "two")]
        )
        document = self.read(tmp_path, raw, {"word/numbering.xml": numbering})
        assert texts(document, "item") == ["1. one", "1.a) deep", "1.b) deeper", "2. two"]

    def test_footnotes_come_at_the_end_and_headers_are_counted(self, tmp_path):
        note = f'<w:footnote w:id="2"><w:p>{run("A note.")}</w:p></w:footnote>'
        parts = {
            "word/footnotes.xml": word_part("footnotes", note),
            "word/header1.xml": word_part("hdr", f"<w:p>{run('Confidential')}</w:p>"),
        }
        document = self.read(tmp_path, "", parts)
        assert document.text.endswith("\n\nA note.")
        assert document.dropped == {"header or footer": 12}

    def test_a_cut_file_and_one_that_is_no_archive_are_damaged(self, tmp_path):
        path = write_docx(tmp_path / "a.docx", HEADING, [SENTENCE])
        path.write_bytes(path.read_bytes()[:-60])
        with pytest.raises(DamagedFile, match=r"a\.docx"):
            load(path)
        path.write_text("no archive")
        with pytest.raises(DamagedFile, match=r"a\.docx"):
            load(path)

    def test_an_encrypted_document_is_locked(self, tmp_path):
        path = tmp_path / "a.docx"
        path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le"))
        with pytest.raises(LockedFile, match="password"):
            load(path)

    def test_a_zip_bomb_is_refused_before_it_is_unpacked(self, tmp_path):
        path = write_docx(tmp_path / "a.docx", HEADING, [SENTENCE])
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/media/zeros.bin", bytes(6_000_000))
        with pytest.raises(DamagedFile, match="200 times"):
            load(path)

    def test_too_many_entries_are_refused(self, tmp_path):
        path = write_docx(tmp_path / "a.docx", HEADING, [SENTENCE])
        with zipfile.ZipFile(path, "a") as archive:
            for number in range(2_001):
                archive.writestr(f"word/media/{number}", b"")
        with pytest.raises(DamagedFile, match="archive of"):
            load(path)

    def test_entities_are_not_expanded(self, tmp_path):
        path = write_docx(tmp_path / "a.docx", HEADING, [SENTENCE])
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        bomb = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
        text = parts["word/document.xml"].replace(b"?>", b"?>" + bomb, 1).replace(b"ferry", b"f&b;y")
        with zipfile.ZipFile(path, "w") as archive:
            for name, part in {**parts, "word/document.xml": text}.items():
                archive.writestr(name, part)
        assert "aaa" not in load(path).text


class TestPdf:
    LONG = (
        "The harbour office opens at six and closes when the last boat is in, which",
        "may be late. The keeper notes each boat by name, with the hour and the tide",
        "and the names of all on board.",
    )

    def test_two_pages_have_their_printed_labels(self, tmp_path):
        labels = "0 << /S /r >> 1 << /S /D /St 5 >>"
        document = load(write_pdf(tmp_path / "a.pdf", [["# One", "", FILLER], ["# Two", "", SENTENCE]], labels))
        assert [page.label for page in document.pages] == ["i", "5"]
        assert block_at(document, SENTENCE).page == 2
        assert document.text[document.pages[1].start :].startswith("Two")

    def test_lines_of_a_paragraph_are_joined_and_keep_their_places(self, tmp_path):
        document = load(write_pdf(tmp_path / "a.pdf", [[*self.LONG, "", SENTENCE]]))
        assert document.text == " ".join(self.LONG) + "\n\n" + SENTENCE
        boxes = [block.box for block in document.blocks]
        assert len(boxes) == 4 and all(above[1] < below[1] for above, below in zip(boxes, boxes[1:], strict=False))

    def test_the_box_is_where_the_line_is_drawn(self, tmp_path):
        path = write_pdf_streams(tmp_path / "a.pdf", [draw(SENTENCE, 59.5, 421)])
        left, top, right, bottom = load(path).blocks[0].box
        assert left == pytest.approx(0.1, abs=0.01)
        assert top < 0.5 < bottom < 0.51
        assert 0.4 < right < 0.7

    @pytest.mark.parametrize(
        ("rotate", "corner"), [(0, (0.1, 0.1)), (90, (0.9, 0.1)), (180, (0.9, 0.9)), (270, (0.1, 0.9))]
    )
    def test_boxes_are_those_of_the_rotated_page(self, tmp_path, rotate, corner):
        """A line that starts a tenth from the upper left corner starts there too after the page was turned."""
        entries = f"/Rotate {rotate}" if rotate else ""
        path = write_pdf_streams(tmp_path / "a.pdf", [draw("Short one", 59.5, 842 * 0.9)], page_entries=entries)
        left, top, right, bottom = load(path).blocks[0].box
        assert left - 0.02 <= corner[0] <= right + 0.02
        assert top - 0.02 <= corner[1] <= bottom + 0.02

    def test_text_outside_the_crop_box_is_counted_and_left_out(self, tmp_path):
        stream = draw(SENTENCE, 100, 700) + b"\n" + draw("hidden", 20, 20)
        path = write_pdf_streams(tmp_path / "a.pdf", [stream], page_entries="/CropBox [50 400 595 842]")
        document = load(path)
        assert document.text == SENTENCE
        assert document.dropped == {"outside the page": 6}
        assert document.blocks[0].box[0] == pytest.approx(50 / 545, abs=0.01)
        assert document.blocks[0].box[3] == pytest.approx(142 / 442, abs=0.02)

    @pytest.mark.parametrize(
        ("end", "start", "joined"),
        [("an exam-", "ple of it", "an example of it"), ("an old well-", "known song", "an old well-known song")],
    )
    def test_a_hyphen_at_the_end_of_a_line_stays_only_where_it_belongs(self, tmp_path, end, start, joined):
        lines = [f"Here the keeper of the harbour wrote with some care about {end}", f"{start} and more.", ""]
        lines += ["A well-known word and another, both of which are written in this one line."]
        assert joined in load(write_pdf(tmp_path / "a.pdf", [lines])).text

    def test_headings_are_told_by_type_size_and_weight(self, tmp_path):
        stream = b"\n".join(
            [
                draw("A Large Title", 72, 780, 24),
                draw("A Bold Line", 72, 740, 11, "F2"),
                *(draw(line, 72, 720 - 14 * at) for at, line in enumerate(self.LONG)),
                draw("A Smaller Title", 72, 640, 16),
                *(draw(line, 72, 610 - 14 * at) for at, line in enumerate(self.LONG)),
            ]
        )
        document = load(write_pdf_streams(tmp_path / "a.pdf", [stream]))
        found = [(document.text[block.start : block.end], block.level) for block in document.blocks if block.level]
        assert found == [("A Large Title", 1), ("A Bold Line", 3), ("A Smaller Title", 2)]

    def test_two_columns_written_line_by_line_are_read_one_after_the_other(self, tmp_path):
        left = [f"left {number} goes on with the tale of" for number in range(12)]
        right = [f"right {number} tells of another thing" for number in range(12)]
        stream = b"\n".join(
            draw(one, 50, 700 - 14 * at) + b"\n" + draw(two, 320, 700 - 14 * at)
            for at, (one, two) in enumerate(zip(left, right, strict=True))
        )
        text = load(write_pdf_streams(tmp_path / "a.pdf", [stream])).text
        assert text.index("left 11") < text.index("right 0")
        assert "left 0 goes on with the tale of left 1" in text

    def test_rows_of_a_table_stand_on_lines_of_their_own(self, tmp_path):
        rows = [("Town", "Hour", "Fare"), ("Holm", "9:07", "12"), ("Vik", "10:30", "15")]
        stream = b"\n".join(
            draw(cell, 72 + 150 * column, 700 - 16 * at)
            for at, row in enumerate(rows)
            for column, cell in enumerate(row)
        )
        document = load(write_pdf_streams(tmp_path / "a.pdf", [stream]))
        assert texts(document, "row") == ["Town Hour Fare", "Holm 9:07 12", "Vik 10:30 15"]
        assert document.text == "Town Hour Fare\nHolm 9:07 12\nVik 10:30 15"

    def test_a_running_header_is_dropped_and_counted(self, tmp_path):
        words = ["oak", "elm", "ash", "fir"]
        streams = [
            draw(f"Report 7, page {at}", 72, 810, 9) + b"\n" + page_stream([f"This page is about the {word}."], top=700)
            for at, word in enumerate(words, 8)
        ]
        document = load(write_pdf_streams(tmp_path / "a.pdf", streams))
        assert document.dropped == {"running header or footer": sum(len(f"Report7,page{at}") for at in (8, 9, 10, 11))}
        assert document.text == "\n\n".join(f"This page is about the {word}." for word in words)

    def test_a_sentence_goes_on_over_the_end_of_a_page(self, tmp_path):
        document = load(write_pdf(tmp_path / "a.pdf", [["The boat that left at nine"], ["came back at ten."]]))
        assert document.text == "The boat that left at nine came back at ten."
        assert document.pages[1].start == document.text.index("came")

    def test_pages_without_text_are_named(self, tmp_path):
        pages = [[SENTENCE], [], [FILLER], [], [], []]
        document = load(write_pdf(tmp_path / "a.pdf", pages))
        assert document.warnings == ("pages 2, 4-6 hold no text",)
        assert len(document.pages) == 6

    def test_a_password_is_asked_for(self, tmp_path):
        with pytest.raises(LockedFile, match=r"^a\.pdf needs a password; save a copy without one and add that$"):
            load(write_pdf(tmp_path / "a.pdf", [[SENTENCE]], password="secret"))

    def test_an_encrypted_file_that_opens_without_a_password_is_read(self, tmp_path):
        assert load(write_pdf(tmp_path / "a.pdf", [[SENTENCE]], password="")).text == SENTENCE

    def test_pictures_only_and_no_pages_at_all_are_empty(self, tmp_path):
        with pytest.raises(EmptyFile, match="nor do its pictures show any"):
            load(write_pdf_streams(tmp_path / "a.pdf", [b"0 0 100 100 re f"]))
        with pytest.raises(EmptyFile, match="no pages"):
            load(write_pdf(tmp_path / "b.pdf", []))

    @pytest.mark.parametrize("kept", [9, 120])
    def test_a_cut_file_is_damaged(self, tmp_path, kept):
        path = write_pdf(tmp_path / "a.pdf", [[SENTENCE]])
        path.write_bytes(path.read_bytes()[:kept])
        with pytest.raises(DamagedFile, match=r"a\.pdf is broken or cut short"):
            load(path)
