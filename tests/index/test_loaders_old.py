"""Old Office documents: through LibreOffice, played here by a script, or refused in one sentence that says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import DamagedFile, UnknownFormat
from index.loaders import doc
from index.loaders.doc.convert import converted
from index.read import read
from tests.index.documents import HEADING, SENTENCE, WRITERS, write_docx, write_rtf
from tests.index.documents_mail import write_compound

NEW = {"doc": "docx", "ppt": "pptx", "xls": "xlsx"}
STREAMS = {"doc": "WordDocument", "ppt": "PowerPoint Document", "xls": "Workbook"}


def install(folder: Path, monkeypatch, script: str) -> None:
    """Puts a program called soffice where programs are looked for."""
    folder.mkdir()
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def old(tmp_path: Path, suffix: str, name: str = "") -> Path:
    return write_compound(tmp_path / (name or f"ferries.{suffix}"), {STREAMS[suffix]: b"old"})


@pytest.mark.parametrize("suffix", NEW)
def test_without_libreoffice_the_sentence_says_what_to_do(tmp_path, monkeypatch, suffix):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        UnknownFormat, match=rf"^ferries\.{suffix} is an old .*save it as \.{NEW[suffix]} and add that$"
    ):
        read(old(tmp_path, suffix))


@pytest.mark.parametrize("suffix", NEW)
def test_with_libreoffice_the_document_is_read_as_it_saves_it(tmp_path, monkeypatch, suffix):
    made = WRITERS[NEW[suffix]](tmp_path / f"made.{NEW[suffix]}", HEADING, [SENTENCE])
    install(tmp_path / "bin", monkeypatch, f'mkdir out && cp "{made}" out/in.{NEW[suffix]}')
    document = read(old(tmp_path, suffix))
    assert SENTENCE in document.text
    assert (document.source, document.title) == (f"ferries.{suffix}", HEADING)


def test_a_conversion_that_hangs_is_ended_and_one_that_fails_is_told(tmp_path, monkeypatch):
    install(tmp_path / "bin", monkeypatch, "sleep 60 & sleep 60")
    with pytest.raises(DamagedFile, match=r"^ferries\.doc could not be read, .* within 0\.2 seconds"):
        converted(old(tmp_path, "doc"), "docx", seconds=0.2)
    install(tmp_path / "other", monkeypatch, "exit 1")
    with pytest.raises(DamagedFile, match=r"^ferries\.doc cannot be opened by LibreOffice"):
        doc.load(old(tmp_path, "doc"))


def test_new_documents_and_rich_text_under_an_old_name_are_read_as_what_they_are(tmp_path):
    for path in (
        write_docx(tmp_path / "a.doc", HEADING, [SENTENCE]),
        write_rtf(tmp_path / "b.doc", HEADING, [SENTENCE]),
    ):
        document = read(path)
        assert SENTENCE in document.text and "although its name ends in .doc" in document.warnings[0]


def test_an_old_document_under_a_new_name_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnknownFormat, match=r"^a\.docx is an old Word document"):
        read(old(tmp_path, "doc", "a.docx"))
    (tmp_path / "b.doc").write_text("words")
    with pytest.raises(DamagedFile, match="whatever its name says"):
        read(tmp_path / "b.doc")
