"""Archives that mean harm, or are cut, locked or empty: each is refused in one sentence, in little time and memory."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from index.errors import DamagedFile, EmptyFile, LockedFile, UnreadableFile
from index.read import read
from tests.index.documents import FILLER, HEADING, SENTENCE, WRITERS

PARTS = {
    "docx": "word/document.xml",
    "epub": "OPS/text/c1.xhtml",
    "odp": "content.xml",
    "ods": "content.xml",
    "odt": "content.xml",
    "pptx": "ppt/slides/s2.xml",
    "xlsx": "xl/worksheets/s1.xml",
}
OFFICE = ("docx", "pptx", "xlsx")


def written(tmp_path: Path, suffix: str) -> Path:
    return WRITERS[suffix](tmp_path / f"a.{suffix}", HEADING, [FILLER, SENTENCE])


def change(path: Path, part: str, changed: bytes | None) -> None:
    """Writes the archive anew with another part, or without it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            if name != part:
                archive.writestr(name, text)
            elif changed is not None:
                archive.writestr(name, changed)


def text_of(path: Path, part: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(part)


@pytest.mark.parametrize("suffix", PARTS)
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, suffix):
    path = written(tmp_path, suffix)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.bin", bytes(6_000_000))
    with pytest.raises(DamagedFile, match=r"^a\.\w+ is no sound .* 200 times its size; open it in \w+"):
        read(path)


@pytest.mark.parametrize("suffix", PARTS)
@pytest.mark.parametrize("kept", [0.5, 0.9, 0.99])
def test_a_cut_archive_is_damaged(tmp_path, suffix, kept):
    path = written(tmp_path, suffix)
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * kept)])
    with pytest.raises(DamagedFile, match=r"^a\.\w+ is broken or cut short"):
        read(path)


@pytest.mark.parametrize("suffix", [suffix for suffix in PARTS if suffix != "epub"])
def test_damage_in_a_part_is_told_with_its_name(tmp_path, suffix):
    path = written(tmp_path, suffix)
    change(path, PARTS[suffix], b"<broken><")
    with pytest.raises(DamagedFile, match=rf"its part {PARTS[suffix]} is not whole"):
        read(path)


@pytest.mark.parametrize("suffix", PARTS)
def test_a_missing_part_never_fails_with_anything_but_a_sentence(tmp_path, suffix):
    with zipfile.ZipFile(written(tmp_path, suffix)) as archive:
        names = archive.namelist()
    for name in names:
        path = written(tmp_path, suffix)
        change(path, name, None)
        try:
            read(path)
        except UnreadableFile as error:
            assert str(error).startswith(path.name) and "\n" not in str(error)


@pytest.mark.parametrize("suffix", PARTS)
def test_no_entity_reaches_a_file_or_multiplies(tmp_path, suffix):
    path = written(tmp_path, suffix)
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    part = text_of(path, PARTS[suffix])
    name = part.partition(b"?>")[2].lstrip()[1:].split()[0].split(b">")[0]
    entities = f'<!ENTITY s SYSTEM "{secret.as_uri()}"><!ENTITY a "boom"><!ENTITY b "&a;&a;&a;&a;">'.encode()
    part = part.replace(b"?>", b"?><!DOCTYPE " + name + b" [" + entities + b"]>", 1)
    change(path, PARTS[suffix], part.replace(b"ferry", b"ferry&s;&b;"))
    try:
        text = read(path).text
    except UnreadableFile:
        text = ""
    assert "the secret" not in text and "boomboom" not in text


@pytest.mark.parametrize("suffix", PARTS)
def test_a_part_that_is_locked_asks_for_a_copy_without_a_password(tmp_path, suffix):
    path = written(tmp_path, suffix)
    raw = bytearray(path.read_bytes())
    for mark, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = raw.find(mark)
        while at >= 0:
            raw[at + flags] |= 1
            at = raw.find(mark, at + 4)
    path.write_bytes(bytes(raw))
    with pytest.raises(LockedFile, match=r"^a\.\w+ needs a password; save a copy without one and add that$"):
        read(path)


@pytest.mark.parametrize("suffix", OFFICE)
def test_an_encrypted_office_document_is_locked(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(LockedFile, match=r"^a\.\w+ needs a password"):
        read(path)


@pytest.mark.parametrize("suffix", OFFICE)
def test_a_document_without_text_is_empty(tmp_path, suffix):
    path = written(tmp_path, suffix)
    part = text_of(path, PARTS[suffix])
    head, _, _ = part.partition(b"?>")
    name = part.partition(b"?>")[2].lstrip()[1:].split()[0]
    space = part.partition(b"xmlns")[2].split(b">")[0]
    for found in (PARTS[suffix], "ppt/slides/s1.xml"):
        change(path, found, head + b"?><" + name + b" xmlns" + space + b"></" + name + b">")
    with pytest.raises(EmptyFile):
        read(path)
