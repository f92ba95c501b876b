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
