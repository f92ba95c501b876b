"""Rich Text Format."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import DamagedFile
from index.loaders import rtf
from index.types import Document


def read(tmp_path: Path, inside: str, end: str = "}") -> Document:
    path = tmp_path / "a.rtf"
    path.write_bytes(b"{\\rtf1\\ansi\\ansicpg1252\\deff0" + inside.encode("latin-1") + end.encode())
    return rtf.load(path)


def test_styles_tables_and_lists_are_kept(tmp_path):
    head = (
        r"{\stylesheet{\s0 Normal;}{\s1\sbasedon0\b heading 1;}{\*\cs10 Default;}}{\info{\title The Plan}{\author X}}"
    )
    text = r"\pard\s1 Head\par\pard\plain one\line two\par{\listtext 1.\tab}first\par{\listtext \'b7\tab}second\par"
    table = r"\pard\intbl Town\cell Fare\cell\row\pard\intbl Holm\par more\cell 5\cell\row\pard after\par"
    document = read(tmp_path, head + text + table)
    assert document.text == "Head\n\none\ntwo\n\n1. first\n• second\n\nTown | Fare\nHolm more | 5\n\nafter"
    assert [block.kind for block in document.blocks] == ["heading", "text", "item", "item", "row", "row", "text"]
    assert (document.blocks[5].context, document.title) == ("Town | Fare", "The Plan")


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        (r"caf\'e9\~x", "café x"),
        (r"\u8364?5 \uc2\u8364 ab\uc0\u8364!", "€5 €€!"),
        (r"\u-10179?\u-8704?", "😀"),
        (r"{\fonttbl{\f1\fcharset204 A;}}{\f1\'cf\'e0\'f0\'ee\'ec}", "Паром"),
        (r"{\fonttbl{\f1\fcharset128 A;}}{\f1\'91\'44}", "船"),
        (r"\{a\\b\}\emdash c\bin4 \x{}d", "{a\\b}—cd"),
        ("one\r\n two", "one two"),
        (r"{\b0\*\cs7 words}{\*\unknown none}", "words"),
        (r"{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}", "link"),
        (r"{\shp{\*\shpinst{\sp{\sn a}{\sv 1}}{\shptxt box\par}}}", "box"),
    ],
)
def test_characters_of_every_kind(tmp_path, inside, words):
    assert read(tmp_path, inside).text == words


def test_what_is_left_out_is_counted_and_notes_come_last(tmp_path):
    document = read(
        tmp_path, r"{\header top\par}a{\footnote{\chftn} A note.}{\v hid}{\deleted old}{\annotation said} b\par c"
    )
    assert document.text == "a b\n\nc\n\nA note."
    assert document.dropped == {"comment": 4, "deleted text": 3, "header or footer": 3, "hidden text": 3}


def test_a_file_that_breaks_off_is_read_as_far_as_it_goes(tmp_path):
    document = read(tmp_path, r"{\b words {\i more", "")
    assert document.text == "words more" and document.warnings == ("the file breaks off before its end",)
    path = tmp_path / "b.rtf"
    path.write_text("words")
    with pytest.raises(DamagedFile, match=r"^b\.rtf is no RTF"):
        rtf.load(path)


def test_groups_nested_without_end_do_no_harm(tmp_path):
    assert read(tmp_path, "{" * 200_000 + "deep").text == "deep"
