"""What PDF pages hold, and where each character of it went."""

import pypdfium2
import pytest

from index.loaders.pdf import load
from index.types import ink
from tests.index.documents import SENTENCE, draw, page_stream, write_pdf_streams


def explained(document):
    return document.seen + document.written == ink(document.text) + sum(document.dropped.values())


class TestAccount:
    """Characters that PDFium finds, against those of the text and those that were left out."""

    def test_what_was_seen_is_what_pdfium_says_of_the_whole_page(self, tmp_path):
        path = write_pdf_streams(tmp_path / "a.pdf", [page_stream([SENTENCE, "Another line."]), page_stream(["More."])])
        document = load(path)
        with pypdfium2.PdfDocument(path) as pdf:
            assert document.seen == sum(ink(page.get_textpage().get_text_range()) for page in pdf)
        assert document.seen == ink(document.text)
        assert explained(document)

    def test_a_hyphen_that_only_divides_a_word_is_told(self, tmp_path):
        lines = ["Here the keeper of the harbour wrote with some care about an exam-", "ple of it and more."]
        lines += ["Then another para-", "graph was divided over the ends of lines that are short."]
        document = load(write_pdf_streams(tmp_path / "a.pdf", [page_stream(lines)]))
        assert "example" in document.text
        assert document.dropped["hyphen at a line's end"] == 2
        assert explained(document)

    def test_running_lines_and_what_lies_outside_are_told(self, tmp_path):
        streams = [
            b"\n".join([draw("The Ferry Book", 72, 810, 9), draw("out", 900, 500), page_stream([f"About the {word}."])])
            for word in ("oak", "elm", "ash", "fir")
        ]
        document = load(write_pdf_streams(tmp_path / "a.pdf", streams))
        assert document.dropped == {"running header or footer": 4 * 12, "outside the page": 4 * 3}
        assert explained(document)

    @pytest.mark.parametrize("number", [1, 2, 20])
    def test_letters_without_a_name_are_told(self, tmp_path, number):
        stream = page_stream([SENTENCE]) + b"\nBT /F1 11 Tf 72 500 Td <" + f"{number:02x}41".encode() + b"> Tj ET"
        document = load(write_pdf_streams(tmp_path / "a.pdf", [stream]))
        assert document.text == f"{SENTENCE}\n\nA"
        assert document.dropped == {"characters that their font does not name": 1}
        assert explained(document)


class TestFacing:
    """Pages whose text runs up or down them as they are shown."""

    LINES = ("A wide table is often printed", "a quarter turned, so that the", "reader has to turn the page.")

    @pytest.mark.parametrize(
        ("turn", "corner"),
        [
            ("1 0 0 1 60 700", (0.1, 0.15)),
            ("0 1 -1 0 100 84", (0.15, 0.9)),
            ("-1 0 0 -1 535 142", (0.9, 0.85)),
            ("0 -1 1 0 495 758", (0.85, 0.1)),
        ],
    )
    def test_a_page_printed_sideways_is_read_in_lines_and_its_boxes_lie_where_it_is_shown(self, tmp_path, turn, corner):
        drawn = b"\n".join(draw(line, 0, -14 * at) for at, line in enumerate(self.LINES))
        stream = f"q {turn} cm\n".encode() + drawn + b"\nQ"
        document = load(write_pdf_streams(tmp_path / "a.pdf", [stream]))
        assert document.text == " ".join(self.LINES)
        left, top, right, bottom = document.blocks[0].box
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1
        assert left - 0.05 <= corner[0] <= right + 0.05
        assert top - 0.05 <= corner[1] <= bottom + 0.05

    def test_a_stamp_that_runs_up_the_side_is_no_heading(self, tmp_path):
        stamp = b"q 0 1 -1 0 40 300 cm " + draw("Received by the Harbour Office", 0, 0, 20) + b" Q"
        stream = stamp + b"\n" + page_stream(["# The Ferries", SENTENCE, "They are sold on board, and nowhere else."])
        document = load(write_pdf_streams(tmp_path / "a.pdf", [stream]))
        headings = [document.text[block.start : block.end] for block in document.blocks if block.level]
        assert "Received by the Harbour Office" in document.text
        assert headings == ["The Ferries"]


class TestBlanks:
    """Blanks that are none."""

    def test_a_letter_a_little_apart_from_its_word_is_part_of_it(self, tmp_path):
        """As text recognition leaves it, with the words' own blanks far wider."""
        apart = b"BT /F1 11 Tf 72 600 Td [(hous) -160 (e)] TJ ET"
        stream = page_stream(["so  many  words  with  wide  blanks  between  them,  more  than  ten"]) + b"\n" + apart
        assert "house" in load(write_pdf_streams(tmp_path / "a.pdf", [stream])).text

    def test_a_word_set_apart_by_its_place_alone_stays_a_word(self, tmp_path):
        apart = b"BT /F1 11 Tf 72 600 Td [(one) -300 (two)] TJ ET"
        stream = page_stream(["so many words with common blanks between them, more than ten"]) + b"\n" + apart
        assert "one two" in load(write_pdf_streams(tmp_path / "a.pdf", [stream])).text


class TestUnseen:
    """Text that nobody sees is read, and told."""

    @pytest.mark.parametrize(
        "setting",
        ["3 Tr", "1 1 1 rg", "0.05 0 0 0.05 0 0 cm"],
        ids=["invisible", "white on white", "too small"],
    )
    def test_words_that_nobody_sees_are_told(self, tmp_path, setting):
        hidden = f"q {setting} ".encode() + draw("obey the hidden word", 72, 500) + b" Q"
        stream = b"\n".join([page_stream([SENTENCE, "Tickets are sold on board."]), hidden])
        document = load(write_pdf_streams(tmp_path / "a.pdf", [stream]))
        assert "obey the hidden word" in document.text
        assert document.warnings == (
            "page 1 holds text that cannot be seen, which was read too: “obey the hidden word”",
        )

    def test_white_words_on_a_dark_ground_are_seen(self, tmp_path):
        heading = b"q 0 0 0.5 rg 60 690 400 30 re f 1 1 1 rg " + draw("A heading in white", 72, 700) + b" Q"
        document = load(write_pdf_streams(tmp_path / "a.pdf", [heading + b"\n" + page_stream([SENTENCE])]))
        assert document.warnings == ()


class TestNotes:
    """What stands on a page beside its own drawing."""

    def write(self, path, annotation):
        plain = write_pdf_streams(path, [page_stream([SENTENCE])], page_entries=f"/Annots [<< {annotation} >>]")
        return load(plain)

    def test_a_field_that_was_filled_in_is_read_where_no_drawing_shows_it(self, tmp_path):
        document = self.write(
            tmp_path / "a.pdf", "/Type /Annot /Subtype /Widget /FT /Tx /T (n) /V (Ada Lovelace) /Rect [72 600 300 620]"
        )
        assert "Ada Lovelace" in document.text
        assert explained(document)
        block = next(block for block in document.blocks if document.text[block.start : block.end] == "Ada Lovelace")
        assert block.box == pytest.approx((72 / 595, 222 / 842, 300 / 595, 242 / 842), abs=0.01)

    def test_a_comment_is_left_out_and_told(self, tmp_path):
        document = self.write(tmp_path / "a.pdf", "/Type /Annot /Subtype /Text /Contents (Why?) /Rect [72 600 90 620]")
        assert document.text == SENTENCE
        assert document.dropped == {"comment": 4}
        assert explained(document)
