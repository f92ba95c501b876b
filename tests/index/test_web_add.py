"""A web address is added like a file: read behind the fence, kept under its address, replaced when it has changed."""

import hashlib
import threading

import pytest

from assistant.assistant import Assistant
from assistant.cli import main
from index.index import Index
from index.loaders.html.main import REST
from tests.index.documents import write_docx, write_pdf
from tests.index.served import here, serving
from tests.index.test_web_page import FIRST, PAGE
from tests.stub import WordEmbedder


@pytest.fixture
def site():
    with serving() as there:
        yield there


@pytest.fixture
def index(tmp_path):
    with Index.open(tmp_path / "library", embedder=WordEmbedder(), store="memory", rules=here()) as opened:
        yield opened


def content(index):
    return [(entry.source, entry.sha256) for entry in index.documents()]


def test_a_page_is_found_under_its_address_by_its_main_text(index, site):
    url = site.says("/ferries", PAGE.encode())
    receipt = index.add(f"  {url}#prices ")[0]
    assert (receipt.source, receipt.state, receipt.problem) == (url, "added", "")
    assert receipt.dropped[REST] > 100 and receipt.unexplained == 0 and receipt.seen > 0
    hit = index.search("when does the ferry to Ærø leave", 1)[0]
    assert hit.passage.source == url and "nine in the morning" in hit.passage.text
    assert index.documents()[0].title == "Ferries - Harbour"
    assert "Section 3" not in index.document(url).text


def test_the_bytes_that_came_are_kept_and_nothing_else_is_left(index, site, tmp_path):
    url = site.says("/ferries", PAGE.encode(), Content_Type="text/html; charset=utf-8")
    assert index.add(url)[0].problem == ""
    sha256 = hashlib.sha256(PAGE.encode()).hexdigest()
    assert [(file.name, file.read_bytes()) for file in (tmp_path / "library" / "files").iterdir()] == [
        (f"{sha256}.html", PAGE.encode())
    ]
    assert list((tmp_path / "library" / "spool").iterdir()) == []


def test_an_address_that_is_added_again_replaces_what_it_was_only_where_that_has_changed(index, site):
    url = site.says("/ferries", PAGE.encode())
    states = [index.add(url)[0].state, index.add(url + "#x")[0].state]
    site.says("/ferries", PAGE.replace("at nine", "at noon").encode())
    states.append(index.add(url)[0].state)
    assert states == ["added", "unchanged", "replaced"]
    assert [source for source, _ in content(index)] == [url]
    assert "noon" in index.document(url).text and "at nine" not in index.document(url).text


def test_other_formats_go_to_their_own_loaders(index, site, tmp_path):
    write_pdf(tmp_path / "a", [["# Ferries", FIRST]])
    write_docx(tmp_path / "b", "Ferries", [FIRST])
    pdf = site.says("/a", (tmp_path / "a").read_bytes(), Content_Type="application/pdf")
    docx = site.says("/b.docx", (tmp_path / "b").read_bytes(), Content_Type="application/octet-stream")
    text = site.says("/times.md", b"# Times\n\nAt nine.", Content_Type="text/plain; charset=utf-8")
    assert [index.add(url)[0].state for url in (pdf, docx, text)] == ["added"] * 3
    kinds = {entry.source: entry.media_type.partition("/")[2][:8] for entry in index.documents()}
    assert kinds == {pdf: "pdf", docx: "vnd.open", text: "markdown"}
    assert index.document(pdf).pages[0].number == 1


def test_a_page_and_a_file_with_the_same_bytes_are_two_documents(index, site, tmp_path):
    (tmp_path / "page.html").write_bytes(PAGE.encode())
    url = site.says("/page.html", PAGE.encode())
    index.add(tmp_path / "page.html")
    assert index.add(url)[0].same_as == ""
    assert "Section 3" in index.document("page.html").text and "Section 3" not in index.document(url).text


def test_it_is_told_where_an_address_led(index, site):
    site.says("/new", PAGE.encode())
    receipt = index.add(site.leads("/old", "/new"))[0]
    assert receipt.source == site.url("/old")
    assert receipt.warnings == (f"{site.url('/old')} led to {site.url('/new')}, which was read",)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ftp://ferries.example/", "neither http nor https"),
        ("http://user:secret@127.0.0.1/", "a user name or a password"),
        ("http://10.0.0.1/", "private network or on this computer"),
        ("http://2130706433/", "in an odd way"),
        ("{site}/missing", "no such page"),
        ("{site}/inside", "private network or on this computer"),
        ("{site}/empty", "holds no text before its scripts have run"),
        ("{site}/nothing", "answered with an empty page"),
        ("{site}/video", "type that cannot be read (video/mp4)"),
        ("{site}/broken.pdf", "broken"),
    ],
)
def test_what_cannot_be_added_is_refused_in_its_receipt_and_the_library_is_as_it_was(index, site, address, said):
    site.leads("/inside", "http://192.168.0.1/")
    site.says("/empty", b"<html><body></body></html>")
    site.says("/nothing", b"")
    site.says("/video", b"x" * 100, Content_Type="video/mp4")
    site.says("/broken.pdf", b"%PDF-1.7 nothing more", Content_Type="application/pdf")
    url = site.says("/ferries", PAGE.encode())
    index.add(url)
    before = content(index), sorted((index.folder / "files").iterdir())
    receipt = index.add(address.format(site=site.url("")))[0]
    assert (receipt.state, said in receipt.problem) == ("refused", True), receipt.problem
    assert "secret" not in f"{receipt}" and receipt.passages == 0
    assert (content(index), sorted((index.folder / "files").iterdir())) == before
    assert list((index.folder / "spool").iterdir()) == []


def test_a_page_that_fails_leaves_the_version_that_was_there(index, site):
    url = site.says("/ferries", PAGE.encode())
    index.add(url)
    site.says("/ferries", b"gone", 500)
    assert index.add(url)[0].state == "refused"
    assert FIRST in index.document(url).text


def test_an_address_is_cancelled_before_it_is_read(index, site):
    cancel = threading.Event()
    cancel.set()
    assert index.add(site.says("/ferries", PAGE.encode()), cancel=cancel)[0].state == "cancelled"
    assert index.documents() == []


def test_a_library_that_is_opened_as_ever_asks_no_host_in_here(site, tmp_path):
    url = site.says("/ferries", PAGE.encode())
    with Assistant.open(tmp_path / "library", embedder=WordEmbedder()) as assistant:
        problems = [assistant.add(address)[0].problem for address in (url, "http://localhost/", "http://[::1]/")]
    assert "names port" in problems[0]
    assert all("private network or on this computer" in problem for problem in problems[1:])
    assert site.asked == []


def test_the_command_line_says_why_an_address_is_refused(tmp_path, capsys):
    status = main(["add", "http://169.254.169.254/latest/", "--library", str(tmp_path / "library")])
    said = capsys.readouterr()
    assert status != 0
    assert said.err.strip().splitlines() == [
        "http://169.254.169.254/latest/ lies in a private network or on this computer, and only public addresses are "
        "read; save the page and add the file"
    ]
