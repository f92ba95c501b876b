"""Garbled text is told, with the pages on which it stands."""

from __future__ import annotations

from index.doubts import doubts
from index.read import read
from index.types import Document, Page
from tests.index.documents import HEADING, SENTENCE, write_html, write_txt
from tests.index.documents_slides import shape, write_slides


def document(texts: list[str], media_type: str = "application/pdf") -> Document:
    """A document of pages with these texts."""
    pages, at = [], 0
    for number, text in enumerate(texts, 1):
        pages.append(Page(number, f"sheet {number}", at, at + len(text)))
        at += len(text)
    return Document("a", "a", "".join(texts), (), tuple(pages), "", media_type)


def test_pages_of_signs_without_letters_are_named(tmp_path):
    garbled = "\ue001\ue002 \ue003" * 30
    found = doubts(document([SENTENCE, garbled, SENTENCE, garbled, garbled + SENTENCE]))
    assert found == ("pages 2, 4-5 are garbled: 270 of their 313 characters stand for no known letter",)


def test_sheets_are_named_by_their_labels():
    found = doubts(document([SENTENCE, "\ufffd" * 1_200], "application/x-sheet"))
    assert found == ("sheet 2 is garbled: 1,200 of its 1,200 characters stand for no known letter",)


def test_a_few_signs_of_a_symbol_font_are_no_matter():
    bullets = "".join(f"\uf0b7 {SENTENCE}\n" for _ in range(40))
    assert doubts(document([bullets])) == ()
    assert doubts(document(["\uf0b7\uf0b7 a"])) == ()


def test_a_text_read_in_the_wrong_encoding_is_told(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xff\xfe" + ("\ud800" * 40).encode("utf-16-le", "surrogatepass") + "words".encode("utf-16-le"))
    assert read(path).warnings == ("the text is garbled: 40 of its 45 characters stand for no known letter",)


def test_a_slide_is_named_and_sound_pages_are_not(tmp_path):
    path = write_slides(tmp_path / "a.pptx", [shape(["fine"]), shape(["\ue000" * 20])])
    assert read(path).warnings == ("slide 2 is garbled: 20 of its 20 characters stand for no known letter",)
    assert read(write_html(tmp_path / "a.html", HEADING, [SENTENCE])).warnings == ()
    assert read(write_txt(tmp_path / "a.txt", HEADING, ["日本語 Ελλάδα हिन्दी 😀"])).warnings == ()
