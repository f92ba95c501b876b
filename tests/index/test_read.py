"""Reading a file by what it is, and saying in one sentence what is wrong with it."""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from pathlib import Path

import pytest

from index.errors import DamagedFile, EmptyFile, LockedFile, UnknownFormat, UnreadableFile
from index.read import formats, read
from tests.index.documents import FILLER, HEADING, SENTENCE, WRITERS, write_docx, write_html, write_pdf, write_txt

PROGRAM = b"\x7fELF\2\1\1"
RECOGNISED = ("page 1 was read from pictures by text recognition, which can misread",)


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_file_is_read_with_its_hash_its_name_and_its_date(suffix, tmp_path):
    path = WRITERS[suffix](tmp_path / f"ferries.{suffix}", HEADING, [FILLER, SENTENCE])
    os.utime(path, (86_400, 86_400))
    document = read(path)
    assert SENTENCE in document.text
    assert document.source == f"ferries.{suffix}"
    assert document.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert document.dates["modified"] == "1970-01-02"
    assert document.warnings == (RECOGNISED if suffix == "png" else ())


def test_formats_are_the_loaders_and_their_further_suffixes():
    assert {"docx", "html", "htm", "md", "markdown", "pdf", "txt", "text", "log"} <= set(formats())
    assert formats() == sorted(formats())


@pytest.mark.parametrize("name", ["a.TXT", "b.log", "c.Markdown"])
def test_suffixes_count_without_case_and_with_their_other_spellings(name, tmp_path):
    assert SENTENCE in read(write_txt(tmp_path / name, HEADING, [SENTENCE])).text


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_file_without_a_suffix_is_told_by_its_content(suffix, tmp_path):
    path = WRITERS[suffix](tmp_path / "ferries", HEADING, [SENTENCE])
    document = read(path)
    assert SENTENCE in document.text
    assert document.warnings == (RECOGNISED if suffix == "png" else ())


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("pdf", "a.txt"),
        ("pdf", "a.docx"),
        ("docx", "a.pdf"),
        ("html", "a.docx"),
        ("html", "a.xls"),
        ("xlsx", "a.csv"),
        ("pptx", "a.docx"),
        ("epub", "a.zip"),
        ("odt", "a.docx"),
        ("ods", "a.odt"),
        ("rtf", "a.doc"),
        ("msg", "a.eml"),
    ],
)
def test_a_file_is_read_as_what_it_is_and_a_warning_says_so(written, name, tmp_path):
    document = read(WRITERS[written](tmp_path / name, HEADING, [SENTENCE]))
    assert SENTENCE in document.text
    assert len(document.warnings) == 1 and name in document.warnings[0]


def test_a_pdf_whose_name_ends_in_no_format_is_still_read(tmp_path):
    document = read(write_pdf(tmp_path / "1706.03762", [[SENTENCE]]))
    assert document.text == SENTENCE
    assert "PDF" in document.warnings[0]


def test_the_source_of_a_page_kept_as_text_is_text(tmp_path):
    path = write_html(tmp_path / "page.txt", HEADING, [SENTENCE])
    assert read(path).text == path.read_text()


@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.docx", "a"])
def test_a_program_under_another_name_is_said_to_be_one(name, tmp_path):
    (tmp_path / name).write_bytes(PROGRAM + bytes(100))
    with pytest.raises(DamagedFile, match=f"^{re.escape(name)} looks like a program"):
        read(tmp_path / name)


@pytest.mark.parametrize(("part", "words"), [("content.xml", "an OpenDocument file"), ("a.txt", "a zip archive")])
def test_an_archive_under_another_name_is_said_to_be_one(part, words, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.txt", "w") as archive:
        archive.writestr(part, "x")
    with pytest.raises(DamagedFile, match=words):
        read(tmp_path / "a.txt")


def make(tmp_path: Path, name: str, raw: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize(
    ("name", "raw", "error", "words"),
    [
        ("a.xyz", b"words", UnknownFormat, r"\.xyz.*docx, .*txt"),
        ("a.txt", b"", EmptyFile, "0 bytes"),
        ("a.txt", b" \n\t\xc2\xa0\n", EmptyFile, "no text"),
        ("a.html", b"<html><body><script>1</script></body></html>", EmptyFile, "no text"),
        ("a.html", b"<!-- -->", EmptyFile, "no text"),
        ("a.md", b"\0\1\2\3" * 99, DamagedFile, "binary"),
        ("a.pdf", b"plain words", DamagedFile, "broken"),
        ("a.docx", b"PK\x03\x04 cut", DamagedFile, "broken"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), DamagedFile, "old Office document"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(tmp_path, name, raw, error, words):
    with pytest.raises(error, match=words) as raised:
        read(make(tmp_path, name, raw))
    message = str(raised.value)
    assert message.startswith(name)
    assert "\n" not in message and ". " not in message and not message.endswith(".")
    assert str(tmp_path) not in message


def test_a_missing_file_and_a_folder_are_named_without_their_place(tmp_path):
    for path in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(UnreadableFile) as raised:
            read(path)
        assert path.name in str(raised.value) and str(tmp_path.parent) not in str(raised.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    path = make(tmp_path, "a.txt", b"words")
    path.chmod(0)
    with pytest.raises(UnreadableFile, match="permission"):
        read(path)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(UnreadableFile, match="pipe"):
        read(tmp_path / "a.txt")


def test_an_upload_goes_by_the_name_it_was_given(tmp_path):
    path = write_txt(tmp_path / "f81d4fae", HEADING, [SENTENCE])
    document = read(path, "ferries.txt")
    assert (document.source, document.title) == ("ferries.txt", "ferries")
    locked = write_pdf(tmp_path / "c2a9", [[SENTENCE]], password="secret")
    with pytest.raises(LockedFile, match=r"^ferries\.pdf needs a password"):
        read(locked, "ferries.pdf")


def test_the_text_never_holds_zeros_or_halves_of_characters(tmp_path):
    document = read(write_html(tmp_path / "a.html", HEADING, [SENTENCE], raw="<p>a&#0;b&#xD800;c&#x1F600;d</p>"))
    document.text.encode("utf-8")
    assert "\0" not in document.text and "😀" in document.text


def test_a_docx_with_another_main_part_is_told_by_its_suffix(tmp_path):
    path = write_docx(tmp_path / "a.docx", HEADING, [SENTENCE])
    renamed = tmp_path / "b.docx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(renamed, "w") as new:
        for name in old.namelist():
            part = old.read(name).replace(b"word/document.xml", b"word/document2.xml")
            new.writestr(name.replace("document.xml", "document2.xml"), part)
    assert SENTENCE in read(renamed).text
