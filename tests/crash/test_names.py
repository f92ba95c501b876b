"""Names and texts that break things elsewhere come back as they went in, and nothing is written beside the library."""

import os
import unicodedata

import pytest

from index.errors import UnknownDocument
from index.index import Index
from index.read import read
from index.sync import sync
from tests.crash.quick import QuickEmbedder

FAMILY = "\U0001f468‍\U0001f469‍\U0001f467‍\U0001f466"
TAGGED = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"

FORMS = [
    *(unicodedata.normalize("NFC", f"{name}.txt") for name in ("\u00e5", "\uac00", "\u1e0d\u0307")),
    *(unicodedata.normalize("NFD", f"{name}.txt") for name in ("\u00e5", "\uac00", "\u1e0d\u0307")),
    "\u212b.txt", "\u2126.txt", "\u1e0b\u0323.txt", "\u03c9\u0345.txt",
]  # fmt: skip
"""The same letters, composed and apart, in and out of canonical order, and as the signs that stand for them."""

NAMES = [
    "../escape.txt", "../../../../tmp/escape.txt", "..\\escape.txt", "a/../../escape.txt", "..%2fescape.txt",
    "/etc/escape.txt", "//escape.txt", "C:\\escape.txt", "C:escape.txt", "\\\\host\\share\\escape.txt",
    "file:///etc/escape.txt", "http://escape.txt", "~/escape.txt", "$HOME.txt", "`id`.txt", "$(id).txt", "%00.txt",
    "nul.txt", "CON.txt", "aux.txt", "com1.txt", "lpt1.txt", "ledger.sqlite.txt", "lock.txt",
    ".hidden.txt", "...txt", "dots...txt", "end.txt.", " start.txt", "two  blanks.txt",
    "tab\there.txt", "..%c0%af..%c0%afescape.txt", "..%252fescape.txt", "....//escape.txt", "..;/escape.txt",
    "．．／escape.txt", "‥/escape.txt", "..∕escape.txt",
    "\\\\?\\C:\\escape.txt", "\\\\.\\pipe\\escape.txt", "escape.txt:stream.txt",
    "NUL.tar.txt", "CLOCK$.txt", "...", "..", ".", "/", "../", "~", "-", "%2e%2e", "a/b/c/d/e/f/g.txt",
    "line\nbreak.txt", "return\r.txt", "bell\a.txt", "escape\x1b[31m.txt",
    "quote'.txt", 'double".txt', "semi;colon.txt",
    "star*.txt", "question?.txt", "[bracket].txt", "{brace}.txt", "pipe|.txt", "<b>bold</b>.txt",
    "-rf.txt", "--help.txt",
    "' or 1=1 --.txt", "drop table documents;.txt", "a" * 251 + ".txt", "é" * 125 + ".txt", "x" * 2_000 + ".txt",
    "café.txt", unicodedata.normalize("NFD", "café.txt"), "ﬁle.txt", "ＦＵＬＬ.txt", "ſ.txt", "ß.txt", "İ.txt",
    "‮txt.exe.txt", "zero​width.txt", "﻿bom.txt", "soft­hyphen.txt", f"{FAMILY}.txt", f"{TAGGED}.txt",
    "⁦isolated⁩.txt", "‪embedded‬.txt", "‏mark.txt", "tag\U000e0061\U000e0062.txt", "sel️ector.txt", "\u2028line.txt",
    *FORMS,
    "ﷺ.txt", "\U0001d5b3.txt", "\U0010ffff.txt", "￾.txt", "\x85.txt", "\xa0.txt", "　.txt",
    "العربية.txt", "עברית.txt", "日本語.txt", "한국어.txt", "हिन्दी.txt", "ไทย.txt", "z̸̢̛͉a̶͕l̷g̵o̴.txt", "\x7f.txt",
]  # fmt: skip
NOT_TEXT = {
    "nul\x00byte.txt": "nul�byte.txt", "lone\ud800surrogate.txt": "lone�surrogate.txt", "\udcff.txt": "�.txt",
    "\ud83d\ud83d.txt": "��.txt", "../\x00/escape.txt": "../�/escape.txt", "\x00.txt": "�.txt",
}  # fmt: skip
"""A database keeps no lone surrogates, and a file system no zero bytes: what they are kept as."""

TEXTS = [
    f"A family {FAMILY} and a flag {TAGGED}.", "right-to-left ‮override‬ and ⁦isolates⁩", "العربية עברית mixed",
    "combining z̸̢̛͉a̶͕l̷g̵o̴ text", "NFC é and NFD é are kept apart", "ﬁ ligature, ＦＵＬＬ width, ſ ß İ ı",
    "tab\tand\x0bvt\x0cff",
    "CRLF\r\nCR\rLF\nNEL\x85LS PS ", "quotes ' \" ` and -- ; /* */", "<script>alert(1)</script>", "' or 1=1 --",
    "%s %d %x {0} ${x} $(id) `id`", "\\x00 \\u0000 \\ud800", "NaN null undefined true nil", "1e309 -0 0x7f ٣ ⅷ",
    "\U0010ffff \U000e0041 \ue000 ￾", "​‌‍⁠﻿ invisible", "日本語と한국어 and ไทย", "a" * 5_000, "\U0001f600" * 500,
]  # fmt: skip


def opened(folder):
    return Index.open(folder / "library", embedder=QuickEmbedder(), store="memory", read=read)


def below(folder):
    return {os.path.join(place, name) for place, folders, files in os.walk(folder) for name in (*folders, *files)}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "upload"
    path.write_text("The quixotic walrus sings.")
    return path


def test_a_name_comes_back_as_it_was_given_and_leads_nowhere_else(tmp_path, file):
    with opened(tmp_path) as index:
        index.add(file, name="first.txt")
        beside = below(tmp_path) - below(tmp_path / "library")
        for number, name in enumerate(NAMES):
            file.write_text(f"The quixotic walrus number{number} sings.")
            [receipt] = index.add(file, name=name)
            assert (receipt.state, receipt.source) == ("added", name), receipt.problem
            assert index.document(name).text == f"The quixotic walrus number{number} sings."
            assert index.search(f"number{number}", 1, within=[name])[0].passage.source == name
        assert {entry.source for entry in index.documents()} == {"first.txt", *NAMES}
        assert len(index.documents()) == len(NAMES) + 1
        kept = sorted((tmp_path / "library" / "files").iterdir())
        assert len(kept) == len(NAMES) + 1
        assert all(len(path.name.split(".")[0]) == 64 and path.is_file() for path in kept)
        for name in NAMES:
            index.remove(name)
        index.wait()
        assert [entry.source for entry in index.documents()] == ["first.txt"]
        assert len(list((tmp_path / "library" / "files").iterdir())) == 1
    assert below(tmp_path) - below(tmp_path / "library") == beside


@pytest.mark.parametrize("name", NOT_TEXT)
def test_a_name_that_is_no_text_is_kept_with_a_sign_in_it(tmp_path, file, name):
    with opened(tmp_path) as index:
        [receipt] = index.add(file, name=name)
        assert (receipt.state, receipt.source) == ("added", NOT_TEXT[name])
        index.add_texts([(name + "2", "", "A text.")])
        assert index.document(NOT_TEXT[name] + "2").text == "A text."
        for ask in (index.document, index.remove):
            with pytest.raises(UnknownDocument):
                ask(name)
        index.remove(NOT_TEXT[name])
        assert len(index.documents()) == 1


def test_files_whose_names_are_no_text_are_kept_and_followed(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    names = [b"b\xe9la.txt", b"b\xe8la.txt"]
    for number, name in enumerate(names):
        (folder / os.fsdecode(name)).write_text(f"The quixotic walrus number{number} sings.")
    with opened(tmp_path) as index:
        assert {receipt.source for receipt in index.add(folder)} == {"b�la.txt", "b�la (2).txt"}
        assert {receipt.state for receipt in sync(index, folder)} == {"unchanged"}
        (folder / os.fsdecode(names[0])).unlink()
        assert "removed" in {receipt.state for receipt in sync(index, folder)}
        assert [index.document(entry.source).text for entry in index.documents()] == [
            "The quixotic walrus number1 sings."
        ]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_back_as_it_went_in(tmp_path, text):
    with opened(tmp_path) as index:
        index.add_texts([("t", "", text)])
        assert index.document("t").text == text
        assert "".join(passage.text for passage in index.passages("t")) == text
        for passage in index.passages("t"):
            assert text[passage.start : passage.end] == passage.text


def test_what_no_text_holds_is_refused_or_has_a_sign_in_its_place(tmp_path, file):
    file.write_bytes(b"before \x00 after")
    with opened(tmp_path) as index:
        [receipt] = index.add(file, name="zero.txt")
        assert receipt.state == "refused"
        assert "zero.txt" in receipt.problem
        index.add_texts([("t", "lone \ud800 title", "lone \ud800 surrogate")])
        assert index.document("t").text == "lone ? surrogate"


def test_twins_of_one_name_in_two_forms_are_two_documents(tmp_path, file):
    composed, apart = "café.txt", unicodedata.normalize("NFD", "café.txt")
    with opened(tmp_path) as index:
        index.add(file, name=composed)
        file.write_text("Another text under its twin.")
        index.add(file, name=apart)
        assert {entry.source for entry in index.documents()} == {composed, apart}
        index.remove(apart)
        assert index.document(composed).text == "The quixotic walrus sings."
