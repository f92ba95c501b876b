"""Archives that mean harm, or are cut, locked or empty: each is refused in one sentence, in little time and memory."""

from __future__ import annotations

import copy
import io
import socket
import stat
import struct
import time
import tracemalloc
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


def declared(path: Path, **said: int) -> None:
    """Has the archive's list say something else of its last part."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/last.bin", b"x" * 5_000)
        for field, value in said.items():
            setattr(archive.filelist[-1], field, value)


def nested(depth: int) -> bytes:
    """An archive of archives of archives, as 42.zip is: sixteen of each, and at the bottom a megabyte of nothing."""
    inside = bytes(1_000_000)
    for level in range(depth):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(16):
                archive.writestr(f"{level}-{number}.zip", inside)
        inside = packed.getvalue()
    return inside


NESTED = nested(5)


def test_an_archive_of_archives_is_no_document(tmp_path):
    (tmp_path / "a.docx").write_bytes(NESTED)
    with pytest.raises(DamagedFile, match=r"^a\.docx looks like a zip archive, not like \.docx"):
        read(tmp_path / "a.docx")


@pytest.mark.parametrize("suffix", PARTS)
def test_an_archive_inside_a_document_is_never_unpacked(tmp_path, suffix):
    path = written(tmp_path, suffix)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("embedded/bomb.zip", NESTED)
        archive.writestr("again", path.read_bytes())
    began = time.process_time()
    assert SENTENCE in read(path).text
    assert time.process_time() - began < 2


def test_a_document_that_claims_a_part_of_ten_gigabytes_is_refused(tmp_path):
    path = written(tmp_path, "docx")
    declared(path, file_size=10 << 30)
    with pytest.raises(DamagedFile, match=r"it unpacks to 10,737 MB, more than 200 MB; open it in Word"):
        read(path)


def test_a_part_that_holds_more_than_it_claims_is_not_unpacked_further(tmp_path):
    path = written(tmp_path, "docx")
    with zipfile.ZipFile(path) as archive:
        at = archive.namelist().index("word/document.xml")
    change(path, "word/document.xml", text_of(path, "word/document.xml") + b" " * 20_000_000)
    with zipfile.ZipFile(path, "a") as archive:
        archive.filelist[at].file_size = 1_000
        archive.writestr("word/media/last.bin", b"")
    tracemalloc.start()
    try:
        with pytest.raises(DamagedFile, match=r"its part word/document\.xml cannot be unpacked"):
            read(path)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_parts_that_share_their_bytes_are_counted_each(tmp_path):
    """As Fifield's better zip bomb has them: one packed kernel, to which a thousand entries point."""
    path = written(tmp_path, "docx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("kernel", bytes(4_000_000))
        for number in range(1_000):
            entry = copy.copy(archive.getinfo("kernel"))
            entry.filename = f"word/media/{number}"
            archive.filelist.append(entry)
    with pytest.raises(DamagedFile, match=r"it unpacks to 4,004 MB, more than 200 MB"):
        read(path)


def test_a_list_of_a_million_files_is_not_even_read(tmp_path):
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", *[0] * 16, 0, 0)[:46]
    entry = entry[:28] + struct.pack("<H", 8) + entry[30:46] + b"filename"
    size = 1_000_000 * len(entry)
    path = tmp_path / "a.docx"
    path.write_bytes(
        b"PK\x03\x04" + entry * 1_000_000 + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, size, 4, 0)
    )
    tracemalloc.start()
    try:
        with pytest.raises(DamagedFile, match=r"an archive of far more than 2,000 files; open it in Word"):
            read(path)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BLOWN_UP = {
    "laughs": (f'<!ENTITY l0 "laugh">{LAUGHS}', "&l9;"),
    "squared": (f'<!ENTITY a "{"laugh" * 20_000}">', "&a;" * 20_000),
}


@pytest.mark.parametrize("suffix", PARTS)
@pytest.mark.parametrize("kind", BLOWN_UP)
def test_entities_that_multiply_take_no_memory(tmp_path, suffix, kind):
    path = written(tmp_path, suffix)
    entities, used = BLOWN_UP[kind]
    change(path, PARTS[suffix], declaring(text_of(path, PARTS[suffix]), entities).replace(b"ferry", used.encode()))
    began = time.process_time()
    try:
        text = read(path).text
    except UnreadableFile as error:
        assert "\n" not in str(error)
        text = ""
    assert text.count("laugh") < 10
    assert time.process_time() - began < 5


def declaring(part: bytes, entities: str, outside: str = "") -> bytes:
    """A part of an archive with a document type that declares these entities."""
    head, end, body = part.partition(b"?>")
    root = body.lstrip()[1:].split()[0].split(b">")[0].decode()
    return head + end + f"<!DOCTYPE {root} {outside} [{entities}]>".encode() + body


@pytest.mark.parametrize("suffix", PARTS)
def test_no_entity_or_document_type_is_fetched(tmp_path, suffix):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        there = f"http://127.0.0.1:{listener.getsockname()[1]}"
        entities = f'<!ENTITY % p SYSTEM "{there}/p"> %p; <!ENTITY s SYSTEM "{there}/s">'
        path = written(tmp_path, suffix)
        part = declaring(text_of(path, PARTS[suffix]), entities, f'SYSTEM "{there}/x.dtd"')
        change(path, PARTS[suffix], part.replace(b"ferry", b"ferry&s;"))
        try:
            read(path)
        except UnreadableFile as error:
            assert "\n" not in str(error)
        with pytest.raises(BlockingIOError):
            listener.accept()


@pytest.mark.parametrize("suffix", PARTS)
def test_names_that_lead_out_of_an_archive_write_and_read_nothing(tmp_path, suffix):
    folder = tmp_path / "inside" / "deeper"
    folder.mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("the secret")
    path = WRITERS[suffix](folder / f"a.{suffix}", HEADING, [FILLER, SENTENCE])
    with zipfile.ZipFile(path, "a") as archive:
        for name in ("../../secret.txt", "/tmp/escape.txt", "..\\..\\escape.txt", "C:\\escape.txt", "a/../../../x"):
            archive.writestr(name, b"overwritten")
        link = zipfile.ZipInfo("embedded/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "../../secret.txt")
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    text = read(path).text
    assert SENTENCE in text
    assert "secret" not in text and "overwritten" not in text
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize(
    "target", ["../../../secret.txt", "/../secret.txt", "file:///etc/passwd", "http://127.0.0.1:9/"]
)
def test_a_document_whose_body_is_said_to_lie_elsewhere_is_read_from_the_archive_alone(tmp_path, target):
    path = written(tmp_path, "docx")
    (tmp_path / "secret.txt").write_text("the secret")
    change(path, "_rels/.rels", text_of(path, "_rels/.rels").replace(b"word/document.xml", target.encode()))
    assert SENTENCE in read(path).text
