"""What could not be read is told apart from what is only worth knowing, and the receipt keeps it."""

from __future__ import annotations

import pytest

from index.index import Index
from index.read import read
from index.types import ink
from tests.index.documents_mail import message
from tests.index.documents_open import write_book
from tests.index.documents_slides import shape, write_slides
from tests.index.documents_tables import row, write_workbook
from tests.stub import WordEmbedder


def presentation(tmp_path):
    return write_slides(tmp_path / "a.pptx", [shape(["words"]), "", shape(["hidden words"])], hidden=3)


def workbook(tmp_path):
    formula = '<row r="1"><c r="A1"><f>B1+1</f></c></row>'
    return write_workbook(tmp_path / "a.xlsx", {"S": row(1, ["a"]), "T": formula + row(2, ["b"])}, hidden="T")


def book(tmp_path):
    return write_book(tmp_path / "a.epub", {"One": "<p>words</p>", "Two": "\0\1\2\3" * 500})


def mail(tmp_path):
    made = message("Ferry", ["See below."])
    made.add_attachment(b"cut", "application", "pdf", filename="cut.pdf")
    made.add_attachment(b"\x89PNG", "image", "png", filename="boat.bin")
    (tmp_path / "a.eml").write_bytes(bytes(made))
    return tmp_path / "a.eml"


@pytest.mark.parametrize(
    ("write", "missing", "notes"),
    [
        (presentation, ["slide 2 holds no text"], ["slide 3 is hidden and read too"]),
        (workbook, ["1 cell holds a formula"], ["1 hidden sheet was read too: T"]),
        (book, ["parts of the book that are broken"], []),
        (mail, ["attachment cut.pdf was not read"], ["attachments that were not read: boat.bin"]),
    ],
)
def test_what_is_missing_is_a_part_of_the_warnings(tmp_path, write, missing, notes):
    document = read(write(tmp_path))
    assert [found.startswith(said) for found, said in zip(document.missing, missing, strict=True)] == [True]
    assert set(document.missing) < set(document.warnings) or not notes
    assert [found for found in document.warnings if found not in document.missing] == notes


def test_what_is_garbled_is_missing_and_the_receipt_keeps_that(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Words. " + "\ue000" * 40)
    said = f"the text is garbled: 40 of its {ink(path.read_text())} characters stand for no known letter"
    assert read(path).missing == (said,)
    with Index.open(tmp_path / "library", embedder=WordEmbedder(), store="memory") as index:
        [receipt] = index.add(path)
        assert receipt.missing == (said,) == index.documents()[0].receipt.missing
    with Index.open(tmp_path / "library", embedder=WordEmbedder(), store="memory") as index:
        assert index.documents()[0].receipt.missing == (said,)
