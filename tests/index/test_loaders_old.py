"""Old Office documents: what is said of them before LibreOffice is asked, or where it is not installed."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from index.errors import DamagedFile, LockedFile, OldFormat, UnknownFormat
from index.office import kind_of, program
from index.read import read
from tests.index.documents import HEADING, SENTENCE, write_docx, write_rtf
from tests.index.documents_mail import write_compound

NEW = {"doc": "docx", "ppt": "pptx", "xls": "xlsx"}
STREAMS = {"doc": "WordDocument", "ppt": "PowerPoint Document", "xls": "Workbook"}
LOCKED = {
    "doc": {"WordDocument": struct.pack("<H8xH", 0xA5EC, 0x0100)},
    "xls": {"Workbook": struct.pack("<HH16xHH6x", 0x0809, 16, 0x002F, 6)},
    "ppt": {"PowerPoint Document": b"old", "Current User": struct.pack("<8xII", 0x14, 0xF3D1C4DF)},
}


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A program called soffice, which nobody starts here."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "soffice").write_text("#!/bin/sh\n")
    (folder / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def old(tmp_path: Path, suffix: str, name: str = "") -> Path:
    return write_compound(tmp_path / (name or f"ferries.{suffix}"), {STREAMS[suffix]: b"old"})


@pytest.mark.parametrize("suffix", NEW)
def test_without_libreoffice_the_sentence_says_what_to_do(tmp_path, monkeypatch, suffix):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnknownFormat, match=r"^ferries\.\w+ is an old .* only where LibreOffice is installed") as told:
        read(old(tmp_path, suffix))
    assert not isinstance(told.value, OldFormat)
    assert str(told.value).endswith(f"save it as .{NEW[suffix]} and add that")
    assert program() is None


@pytest.mark.parametrize("suffix", NEW)
def test_with_libreoffice_it_is_to_be_saved_anew_first(tmp_path, installed, suffix):
    with pytest.raises(OldFormat, match=rf"^ferries\.{suffix} is an old .* has to save anew first; "):
        read(old(tmp_path, suffix))
    assert program() is not None


@pytest.mark.parametrize("suffix", NEW)
def test_a_document_that_needs_a_password_says_so_before_libreoffice_is_asked(tmp_path, installed, suffix):
    path = write_compound(tmp_path / f"secret.{suffix}", LOCKED[suffix])
    with pytest.raises(LockedFile, match=rf"^secret\.{suffix} needs a password; save a copy without one"):
        read(path)


def test_new_documents_and_rich_text_under_an_old_name_are_read_as_what_they_are(tmp_path):
    for path in (
        write_docx(tmp_path / "a.doc", HEADING, [SENTENCE]),
        write_rtf(tmp_path / "b.doc", HEADING, [SENTENCE]),
    ):
        document = read(path)
        assert SENTENCE in document.text and "although its name ends in .doc" in document.warnings[0]


def test_an_old_document_under_a_new_name_is_told(tmp_path, installed):
    with pytest.raises(OldFormat, match=r"^a\.docx is an old Word document"):
        read(old(tmp_path, "doc", "a.docx"))
    (tmp_path / "b.doc").write_text("words")
    with pytest.raises(DamagedFile, match="whatever its name says"):
        read(tmp_path / "b.doc")


@pytest.mark.parametrize("suffix", NEW)
def test_the_format_is_the_content_s_and_the_name_s_where_the_content_says_nothing(tmp_path, suffix):
    assert kind_of(old(tmp_path, suffix, "a.bin"), "pdf") == suffix
    both = write_compound(tmp_path / "both.bin", {"WordDocument": b"old", STREAMS[suffix]: b"old", "Workbook": b"old"})
    assert kind_of(both, suffix) == suffix
    assert kind_of(write_compound(tmp_path / "c.bin", {"Other": b"old"}), suffix) == suffix
    (tmp_path / "plain").write_bytes(b"\xdb\xa5 older than compound files")
    assert kind_of(tmp_path / "plain", suffix) == suffix
