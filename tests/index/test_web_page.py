"""Of a page from the web the main text is kept, in order and with its structure, and all else is accounted for."""

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.errors import EmptyFile, LockedFile
from index.fence import Fence
from index.loaders.html import load as load_whole
from index.loaders.html.main import LARGEST, REST, WHOLE, load
from index.read import read
from index.split import split
from index.types import ink
from tests.index.documents import write_pdf
from tests.stub import WordEmbedder

ADDRESS = "https://ferries.example/ærø?lang=en"
ROOT = Path(__file__).parent.parent.parent

NAVIGATION = "<nav><ul>" + "".join(f"<li><a href=/{n}>Section {n}</a></li>" for n in range(12)) + "</ul></nav>"
SIDE = (
    "<aside class=sidebar><h2>Most read</h2><ul>"
    + "".join(f"<li><a href=/s{n}>Ten things to do on a rainy day number {n}</a></li>" for n in range(8))
    + "</ul></aside>"
)
FOOTER = (
    "<footer><p>Copyright the harbour office. <a href=/privacy>Privacy</a> <a href=/imprint>Imprint</a></p></footer>"
)
FIRST = (
    "The ferry between Svendborg and Ærø leaves at nine in the morning, and again in the afternoon at a quarter to "
    "four, on every day of the year but two."
)
SECOND = (
    "Bicycles travel free of charge in the winter months, while cars have to be booked in advance by telephone or at "
    "the counter in the harbour, and are turned away where they are not."
)
ARTICLE = f"""
<article><h1>Ferries to Ærø</h1><p>{FIRST}</p>
<h2>Bicycles and <em>cars</em></h2><p>{SECOND}</p>
<ul><li>Bring the <a href=/x>ticket</a>.</li>
<li>Come ten minutes early, since the doors close before the time of departure.</li></ul>
<h2>Prices</h2><p>All prices are in kroner and hold for one way, on whatever day of the week the journey is made.</p>
<table><tr><th>Who</th><th>Summer</th><th>Winter</th></tr><tr><td>Adult</td><td>90</td><td>60</td></tr>
<tr><td>Child</td><td>45</td><td>30</td></tr></table></article>
"""


def html(body, head="<title>Ferries - Harbour</title>"):
    return f"<!doctype html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"


PAGE = html(NAVIGATION + f"<main>{ARTICLE}</main>" + SIDE + FOOTER + "<script>let a = 'not seen';</script>")


def loaded(folder, text, name="page.html"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(path)


def stretches(document):
    return [(block.kind, block.level, document.text[block.start : block.end]) for block in document.blocks]


def balance(document):
    return document.seen + document.written - ink(document.text) - sum(document.dropped.values())


def explained(document):
    return balance(document) == 0


def test_the_main_text_is_kept_in_order_with_its_headings_list_and_table(tmp_path):
    document = loaded(tmp_path, PAGE)
    assert stretches(document) == [
        ("heading", 1, "Ferries to Ærø"),
        ("text", 0, FIRST),
        ("heading", 2, "Bicycles and cars"),
        ("text", 0, SECOND),
        ("item", 0, "• Bring the ticket."),
        ("item", 0, "• Come ten minutes early, since the doors close before the time of departure."),
        ("heading", 2, "Prices"),
        ("text", 0, "All prices are in kroner and hold for one way, on whatever day of the week the journey is made."),
        ("row", 0, "Who | Summer | Winter"),
        ("row", 0, "Adult | 90 | 60"),
        ("row", 0, "Child | 45 | 30"),
    ]
    assert document.title == "Ferries - Harbour" and document.warnings == ()
    assert document.blocks[-1].context == "Who | Summer | Winter"


def test_what_stands_around_the_main_text_is_counted_to_the_character(tmp_path):
    document = loaded(tmp_path, PAGE)
    links = ink("".join(f"Section {n}" for n in range(12)))
    side = ink("Most read" + "".join(f"Ten things to do on a rainy day number {n}" for n in range(8)))
    bullets = 20
    footer = ink("Copyright the harbour office. Privacy Imprint")
    assert document.dropped[REST] == links + side + bullets + footer
    assert explained(document)


def test_passages_of_a_page_carry_the_headings_above_them(tmp_path):
    passages = split(loaded(tmp_path, PAGE), lambda texts: [len(text.split()) for text in texts], 40)
    headings = {word: passage.heading for passage in passages for word in ("travel", "Adult") if word in passage.text}
    assert headings == {"travel": "Ferries to Ærø › Bicycles and cars", "Adult": "Ferries to Ærø › Prices"}


def test_the_headings_of_the_text_are_kept_where_they_stand_apart_from_it(tmp_path):
    body = ARTICLE.replace("<h1>Ferries to Ærø</h1>", "")
    header = f"<header><h1>Ferries to Ærø</h1><h2>Menu</h2>{NAVIGATION}<h2>The summer</h2></header>"
    document = loaded(tmp_path, html(f"{header}<main>{body}</main>{FOOTER}"))
    assert stretches(document)[:3] == [
        ("heading", 1, "Ferries to Ærø"),
        ("heading", 2, "The summer"),
        ("text", 0, FIRST),
    ]
    assert "Section 3" not in document.text and "Menu" not in document.text


def test_a_line_between_two_paragraphs_is_not_lost(tmp_path):
    facts = "<div class=share>By Ann Holm, 4 May 2024</div><div class=social-media>Length: 40 km</div>"
    document = loaded(tmp_path, PAGE.replace("<h2>Prices", f"{facts}<h2>Prices"))
    assert "By Ann Holm, 4 May 2024" in document.text and "Length: 40 km" in document.text
    assert explained(document)


@pytest.mark.parametrize(
    "body",
    [
        "<p>Closed on Monday.</p>",
        f"<p>{FIRST}</p>\U00017000\U00018000",
    ],
)
def test_a_page_without_a_main_text_that_can_be_told_is_kept_whole_with_a_warning(tmp_path, body):
    document = loaded(tmp_path, html(NAVIGATION + body + FOOTER))
    assert "Section 3" in document.text and "Copyright" in document.text
    assert [warning.endswith(WHOLE) for warning in document.warnings] == [True]
    assert REST not in document.dropped and explained(document)


def test_stray_control_characters_keep_no_page_from_being_told(tmp_path):
    document = loaded(
        tmp_path, PAGE.replace("every day", "every\x08\x01 \x0cday").replace("travel free", "travel\x0bfree")
    )
    assert document.warnings == () and FIRST in document.text and SECOND in document.text
    assert "Section 3" not in document.text and explained(document)


def test_a_damaged_page_is_accounted_for_and_every_block_is_one_of_the_page(tmp_path):
    chance, told = random.Random(4), set()
    pieces = "<table> </div> <li> <script> <!-- <td> </p> <svg> <pre> </body> <h1> <br> <form> &#0; \x08".split(" ")
    for _ in range(60):
        page = PAGE
        for _ in range(chance.randint(1, 10)):
            at = chance.randrange(len(page))
            page = page[:at] + chance.choice(pieces) + page[at + chance.choice((0, 0, 5, 50)) :]
        path = tmp_path / "page.html"
        path.write_text(page)
        whole = load_whole(path)
        if not whole.text.strip():
            continue
        main = load(path)
        assert balance(main) == balance(whole)
        assert {words for *_, words in stretches(main)} <= {words for *_, words in stretches(whole)}
        told.add(bool(main.warnings))
    assert told == {True, False}


def test_a_page_that_is_too_large_to_tell_its_main_text_is_kept_whole(tmp_path):
    document = loaded(tmp_path, html(NAVIGATION + f"<p>{FIRST}</p>" * (LARGEST // len(FIRST) + 1)))
    assert document.text.count(FIRST) == LARGEST // len(FIRST) + 1
    assert document.warnings[0].endswith(WHOLE)


def test_a_page_that_is_but_a_login_is_told(tmp_path):
    form = "<form><label>Name</label><input name=a><label>Password</label><input type='password'></form>"
    with pytest.raises(LockedFile, match=r"^page\.html asks for a login"):
        loaded(tmp_path, html(f"<h1>Sign in</h1>{form}"))
    assert FIRST in loaded(tmp_path, PAGE.replace("</nav>", f"</nav>{form}")).text


@pytest.mark.parametrize("body", ["", "<div id=root></div><script>fill()</script><noscript>Turn it on.</noscript>"])
def test_a_page_that_only_a_script_fills_is_told(tmp_path, body):
    with pytest.raises(EmptyFile, match=r"^page\.html holds no text before its scripts have run"):
        loaded(tmp_path, html(body))


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        (
            "page.koi8-r.html",
            html("<p>Паром отходит в девять.</p>").replace("<meta charset=utf-8>", "").encode("koi8-r"),
        ),
        ("page.koi8-r.html", html("<p>Паром отходит в девять.</p>").encode("utf-8-sig")),
        ("page.ascii.html", html("<p>Паром отходит в девять.</p>").encode()),
        ("page.no-such.html", html("<p>Паром отходит в девять.</p>").encode()),
    ],
)
def test_a_page_is_read_in_the_encoding_that_was_sent_with_it_where_that_fits(tmp_path, name, raw):
    assert "Паром отходит в девять." in loaded(tmp_path, raw, name).text


@pytest.mark.parametrize("deep", [100, 300, 1_500])
def test_a_page_that_is_nested_deep_loses_nothing(tmp_path, deep):
    document = loaded(tmp_path, html("<div>" * deep + ARTICLE + "</div>" * deep))
    assert FIRST in document.text and SECOND in document.text and explained(document)


def test_telling_the_main_text_of_a_long_page_takes_seconds_at_most(tmp_path):
    paragraphs = "".join(f"<h2>Part {n}</h2><p>{n}. {FIRST} <a href=/{n}>More</a></p>" for n in range(2_000))
    began = time.monotonic()
    document = loaded(tmp_path, html(f"{NAVIGATION}<main>{paragraphs}</main>{FOOTER}"))
    assert time.monotonic() - began < 30
    assert document.text.count("The ferry between") == 2_000 and "Section 3" not in document.text


def test_reading_a_page_asks_no_host_and_writes_no_file(tmp_path):
    """In a process of its own, which says of everything that it would open; trafilatura's imports are among it."""
    outside = "http://127.0.0.1:9/"
    hostile = PAGE.replace(
        "<nav>",
        f"<img src={outside}><link rel=stylesheet href={outside}><iframe src={outside}></iframe><base href={outside}>"
        f"<meta http-equiv=refresh content='0;url={outside}'><object data={outside}></object><nav>",
    ).replace("<!doctype html>", f'<!DOCTYPE html SYSTEM "{outside}x.dtd" [<!ENTITY e SYSTEM "file:///etc/passwd">]>')
    (tmp_path / "page.html").write_text(hostile + "&e;")
    code = """
import json, sys
from pathlib import Path
seen = []
def told(event, given):
    network = event.startswith(("socket.", "urllib.", "http.", "subprocess.", "os.exec", "os.posix_spawn", "os.fork"))
    writes = event == "open" and isinstance(given[1], str) and set(given[1]) & set("wxa+")
    # urllib3, which trafilatura brings along, looks whether there is IPv6 at all: it binds a socket and asks nobody.
    if network and event not in ("socket.__new__", "socket.bind") or writes:
        seen.append([event, str(given[0])])
sys.dont_write_bytecode = True
sys.addaudithook(told)
from index.read import read
document = read(Path(sys.argv[1]), "https://ferries.example/")
print(json.dumps([seen, document.text]))
"""
    command = [sys.executable, "-c", code, str(tmp_path / "page.html")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    seen, text = json.loads(done.stdout)
    assert seen == []
    assert FIRST in text and "root:" not in text


@pytest.fixture(scope="module")
def fence(tmp_path_factory):
    fence = Fence(tmp_path_factory.mktemp("web") / "spool")
    yield fence
    fence.close()


class TestBehindTheFence:
    def test_a_file_under_an_address_is_read_as_a_page_from_the_web(self, fence, tmp_path):
        (tmp_path / "page.html").write_text(PAGE)
        document = fence.read(tmp_path / "page.html", ADDRESS)
        assert document == read(tmp_path / "page.html", ADDRESS)
        assert document.source == ADDRESS and REST in document.dropped and "Section 3" not in document.text

    def test_the_same_file_under_its_own_name_is_kept_whole(self, fence, tmp_path):
        (tmp_path / "page.html").write_text(PAGE)
        document = fence.read(tmp_path / "page.html")
        assert "Section 3" in document.text and REST not in document.dropped

    @pytest.mark.parametrize("name", ["page", "page.xml", "page.txt", "page.pdf"])
    def test_what_was_sent_as_something_else_is_read_as_what_it_is(self, fence, tmp_path, name):
        write_pdf(tmp_path / name, [["# Ferries", FIRST]])
        document = fence.read(tmp_path / name, ADDRESS)
        assert document.media_type == "application/pdf"
        said = [f"{ADDRESS} is a PDF document although it was sent as .{name[5:]}; it was read as what it is"]
        assert list(document.warnings) == (said if name in ("page.xml", "page.txt") else [])

    def test_a_document_without_a_title_is_called_after_its_address(self, fence, tmp_path):
        (tmp_path / "page.txt").write_text(FIRST)
        assert (
            fence.read(tmp_path / "page.txt", "https://ferries.example/docs/times%20table.txt").title
            == "times table.txt"
        )

    def test_a_refusal_names_the_address(self, fence, tmp_path):
        (tmp_path / "page.html").write_text(html(""))
        with pytest.raises(EmptyFile, match=r"^https://ferries\.example/ærø\?lang=en holds no text"):
            fence.read(tmp_path / "page.html", ADDRESS)


def test_words_are_counted_as_the_library_counts_them(tmp_path):
    document = loaded(tmp_path, PAGE)
    embedder = WordEmbedder()
    kept = sum(ink(passage.text) for passage in split(document, embedder.lengths, embedder.tokens))
    assert document.seen + document.written == kept + sum(document.dropped.values())
