"""Messages: who wrote what and when, what is attached, and faults that lose nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.cite import citation
from index.errors import DamagedFile, UnreadableFile
from index.loaders import eml, mbox, mhtml, msg
from index.loaders.msg.packed import unpacked
from index.read import read as read_any
from index.types import Document
from tests.index.documents import write_pdf, write_xlsx
from tests.index.documents_mail import message, outlook, write_compound, write_mailbox, write_mhtml, write_msg


def read(tmp_path: Path, raw: bytes) -> Document:
    path = tmp_path / "a.eml"
    path.write_bytes(raw)
    return eml.load(path)


def test_a_message_has_its_subject_its_people_its_date_and_its_text(tmp_path):
    document = read(tmp_path, bytes(message("The boat", ["It is late.", "> Is it?\n> Really?"])))
    assert document.text == (
        "The boat\n\nFrom: Ann Ålund <ann@example.org>\nTo: bob@example.org\nDate: Fri, 03 May 2024 14:30:00 +0200"
        "\n\nIt is late.\n\n> Is it?\n> Really?"
    )
    assert document.dates == {"written": "2024-05-03"}
    assert citation(document, 0, 8, 1).locator == "message, from Ann Ålund, 3 May 2024"


def test_attachments_that_can_be_read_are_further_pages_and_others_are_named(tmp_path):
    made = message("Fares", ["See below."])
    made.add_attachment(
        write_xlsx(tmp_path / "f.xlsx", "Sheet", ["Holm"]).read_bytes(), "application", "x", filename="f.xlsx"
    )
    pdf = write_pdf(tmp_path / "t.pdf", [["One page."], ["Another page."]]).read_bytes()
    made.add_attachment(pdf, "application", "pdf", filename="t.pdf")
    made.add_attachment(b"cut", "application", "pdf", filename="cut.pdf")
    made.add_attachment(b"\x89PNG", "image", "png", filename="boat.bin")
    document = read(tmp_path, bytes(made))
    assert [page.label for page in document.pages] == [
        "message, from Ann Ålund, 3 May 2024",
        "attachment f.xlsx, Sheet",
        "attachment t.pdf, page 1",
        "attachment t.pdf, page 2",
    ]
    assert document.text.endswith("See below.\n\nSheet\n\nHolm\n\nOne page.\n\nAnother page.")
    assert document.warnings == (
        "attachment cut.pdf was not read: it is broken or cut short; open it in a PDF viewer and save a copy",
        "attachments that were not read: boat.bin",
    )
    at = document.text.index("Another")
    assert citation(document, at, at + 7, 1).locator == "attachment t.pdf, page 2"


def test_a_page_is_read_only_where_there_is_no_plain_text(tmp_path):
    made = message("Both", ["plain words"])
    made.add_alternative("<p>page words</p>", subtype="html")
    assert "page" not in read(tmp_path, bytes(made)).text
    made = message("One", [" "])
    made.add_alternative("<h2>Head</h2><p>page words</p><script>no</script>", subtype="html")
    document = read(tmp_path, bytes(made))
    assert document.text.endswith("Head\n\npage words") and document.dropped == {"script or style": 2}


def test_messages_inside_messages_are_pages(tmp_path):
    made = message("Outer", ["outer words"])
    made.add_attachment(message("Inner", ["inner words"]))
    document = read(tmp_path, bytes(made))
    assert document.pages[1].label == "attached message, from Ann Ålund, 3 May 2024"
    assert document.text[document.pages[1].start :].startswith("Inner")


@pytest.mark.parametrize(
    ("head", "body", "words"),
    [
        (b"Subject: =?utf-8?q?caf=C3=A9?=", b"plain", "café"),
        (b"Subject: caf\xe9", b"plain", "café"),
        (b"Subject: =?nonsense?b?!!?=", b"plain", "plain"),
        (b"Content-Type: text/plain; charset=nonsense", "Ærø".encode(), "Ærø"),
        (b"Content-Type: text/plain; charset=us-ascii", "Ærø".encode(), "Ærø"),
        (b"Content-Type: text/html", b"<meta charset=windows-1251>" + "Паром".encode("cp1251"), "Паром"),
        (b"Content-Transfer-Encoding: base64", b"cGxhaW4gd29yZHM=!", "plain words"),
        (b"Content-Type: multipart/mixed; boundary=x", b"--x\n\npart one\n--x\n\npart two", "part one\n\npart two"),
        (b"Date: some day", b"plain", "Date: some day"),
    ],
)
def test_faults_in_a_message_lose_no_words(tmp_path, head, body, words):
    assert words in read(tmp_path, b"From: ann@example.org\n" + head + b"\n\n" + body).text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_a_message_saved_as_wide_text_is_read(tmp_path, encoding):
    raw = bytes(message("Wide", ["words"])).decode().encode(encoding)
    assert read(tmp_path, raw).text.endswith("words")


def test_parts_nested_without_end_are_cut_off(tmp_path):
    raw = b"From: a@example.org\n"
    for depth in range(300):
        raw += b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (depth, depth)
    assert "From" in read(tmp_path, raw + b"\nwords").text


def test_a_mailbox_has_a_page_a_message(tmp_path):
    made = [message("One", ["From here on.", "x"]), message("Two", ["words"])]
    document = mbox.load(write_mailbox(tmp_path / "a.mbox", made))
    assert [page.label for page in document.pages] == [
        f"message {number}, from Ann Ålund, 3 May 2024" for number in (1, 2)
    ]
    assert document.title == "a"


def test_a_file_that_holds_no_message_is_refused(tmp_path):
    with pytest.raises(DamagedFile, match=r"^a\.eml is no e-mail"):
        read(tmp_path, b"just words")
    with pytest.raises(DamagedFile, match="holds no messages"):
        mbox.load(tmp_path / "a.eml")


def test_a_saved_page_in_frames_is_read_with_them(tmp_path):
    raw = write_mhtml(tmp_path / "a.mhtml", "Head", ["words"]).read_bytes()
    path = tmp_path / "b.mhtml"
    at = raw.rindex(b"--==")
    frame = b"\r\nContent-Type: text/html\n\n<p>frame</p>\n"
    boundary = raw[at:].split(b"--\n")[0]
    path.write_bytes(raw[:at] + boundary + frame + raw[at:])
    assert mhtml.load(path).text == "Head\n\nwords\n\nframe"


def test_an_outlook_message_has_its_attachments_and_the_messages_in_it(tmp_path):
    inner = outlook({"0037": "Inner", "1000": "inner words"}, size=24)
    note = {"__substg1.0_37010102": b"noted".ljust(4_096), "__substg1.0_3707001F": "n.txt".encode("utf-16-le")}
    attached = {"__attach_version1.0_#00000000": note, "__attach_version1.0_#00000001": {"__substg1.0_3701000D": inner}}
    texts = {"0037": "Outer", "0C1A": "Ann", "5D01": "ann@example.org", "0E04": "Bob"}
    page = {"__substg1.0_10130102": "<p>Ærø</p>".encode()}
    document = msg.load(write_compound(tmp_path / "a.msg", outlook(texts, {**page, **attached})))
    assert [page.label for page in document.pages][1:] == ["attachment n.txt", "attached message, 3 May 2024"]
    assert document.text.startswith("Outer\n\nFrom: Ann <ann@example.org>\nTo: Bob\nDate: 2024-05-03 ")
    assert "Ærø" in document.text and "noted" in document.text and document.text.endswith("inner words")


def test_packed_rich_text_is_unpacked():
    """The worked example of [MS-OXRTFCP], section 4.1.1."""
    packed = "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    assert unpacked(bytes.fromhex(packed)) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert unpacked(bytes.fromhex(packed)[:40]).startswith(b"{\\rtf1") and unpacked(b"short") == b""


@pytest.mark.parametrize("kept", [100, 600, 2_000, 9_000])
def test_a_cut_outlook_message_is_refused_or_read_in_part(tmp_path, kept):
    path = write_msg(tmp_path / "a.msg", "Head", ["words"])
    path.write_bytes(path.read_bytes()[:kept])
    try:
        assert "Head" in read_any(path).text
    except UnreadableFile as error:
        assert str(error).startswith("a.msg ")
