"""A scope holds in both searches, and costs nothing of what an exact scan of it finds."""

import hashlib

import numpy as np
import pytest

from index.errors import BadQuery, UnknownDocument
from index.index import Index
from index.types import Block, Document, Page, Scope
from tests.stub import WordEmbedder

PAGES = [
    "Mars is red.",
    "Mars has two moons.",
    "Mars has a thin air, and much of what is said of it runs on",
    "to here.",
]


def reader(path, name):
    """A text whose lines are pages, with the date that its first line gives."""
    date, *lines = path.read_text().split("\n")
    text, pages, blocks = "", [], []
    for number, line in enumerate(lines, 1):
        start = len(text)
        text += line + " "
        pages.append(Page(number, str(number), start, len(text)))
        blocks.append(Block(start, len(text) - 1, page=number))
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    dates = {"written": date} if date else {}
    return Document(name, name, text, tuple(blocks), tuple(pages), sha256, "application/pdf", dates)


@pytest.fixture
def index(tmp_path):
    files = tmp_path / "files"
    for name, date, lines in (
        ("hr/mars.txt", "2024-05-31", PAGES),
        ("hr/old/venus.md", "2019", ["Venus has no moons."]),
        ("it/earth.txt", "2024-06-01", ["Earth has one moon, unlike Mars."]),
        ("hr_x/moon.txt", "", ["The moon has no moons."]),
    ):
        (files / name).parent.mkdir(parents=True, exist_ok=True)
        (files / name).write_text("\n".join([date, *lines]))
    with Index.open(tmp_path / "library", embedder=WordEmbedder(), store="memory", read=reader) as opened:
        opened.add(files)
        yield opened


def sources(index, scope):
    return {hit.passage.source for hit in index.search("moons of mars", 50, scope)}


@pytest.mark.parametrize(
    ("scope", "there"),
    [
        (Scope(), {"hr/mars.txt", "hr/old/venus.md", "it/earth.txt", "hr_x/moon.txt"}),
        (Scope(documents=()), set()),
        (Scope(documents=("it/earth.txt",)), {"it/earth.txt"}),
        (Scope(folders=("hr",)), {"hr/mars.txt", "hr/old/venus.md"}),
        (Scope(folders=("hr/old/", "it")), {"hr/old/venus.md", "it/earth.txt"}),
        (Scope(types=("md",)), {"hr/old/venus.md"}),
        (Scope(types=(".txt",), folders=("hr",)), {"hr/mars.txt"}),
        (Scope(since="2024"), {"hr/mars.txt", "it/earth.txt"}),
        (Scope(until="2024-05"), {"hr/mars.txt", "hr/old/venus.md"}),
        (Scope(since="2024-06-01", until="2024-06-01"), {"it/earth.txt"}),
        (Scope(tags=("planet",)), {"hr/mars.txt"}),
        (Scope(tags=("planet", "warm")), {"hr/mars.txt", "hr/old/venus.md"}),
        (Scope(folders=("nowhere",)), set()),
    ],
)
def test_each_part_of_a_scope_narrows_the_search(index, scope, there):
    index.tag("hr/mars.txt", ["planet", "red"])
    index.tag("hr/old/venus.md", ["warm"])
    assert sources(index, scope) == there
    assert (index.searched(scope).total > 0) == bool(there)
    assert index.searched(scope).documents == len(there)


def test_a_document_tells_the_date_that_a_scope_goes_by(index):
    dated = {entry.source: entry.dated for entry in index.documents()}
    assert dated["hr/mars.txt"] == "2024-05-31" and dated["hr_x/moon.txt"] == ""


def test_a_scope_of_pages_finds_the_passages_that_reach_into_them(index):
    def texts(*pages):
        return {hit.passage.text.strip() for hit in index.search("mars", 50, Scope(("hr/mars.txt",), pages=pages))}

    every = {passage.text.strip() for passage in index.passages("hr/mars.txt")}
    found = {number: texts((number, number)) for number in range(1, 6)}
    assert set.union(*found.values()) == every
    assert found[5] == set()
    for number in range(1, 5):
        [page] = [page for page in index.document("hr/mars.txt").pages if page.number == number]
        assert found[number] == {
            p.text.strip() for p in index.passages("hr/mars.txt") if p.start < page.end and p.end > page.start
        }
    assert texts((1, 2), (4, 4)) == found[1] | found[2] | found[4]


def test_a_scope_costs_no_recall_against_an_exact_scan(tmp_path):
    words = [f"word{n}" for n in range(40)]
    random = np.random.default_rng(5)
    texts = [(f"{'a' if n % 10 else 'b'}/{n}.txt", "", " ".join(random.choice(words, 12))) for n in range(600)]
    embedder = WordEmbedder()
    with Index.open(tmp_path / "library", embedder=embedder, store="chroma") as index:
        index.add_texts(texts)
        index.wait()
        query = embedder.embed_query("word1 word2 word3")
        scope = Scope(folders=("b",))
        exact = sorted(
            ((float(embedder.embed_query(text) @ query), name) for name, _, text in texts if name.startswith("b/")),
            key=lambda pair: -pair[0],
        )
        hits = index.search("word1 word2 word3", 600, scope)
        cosines = {hit.passage.source: hit.by["meaning"].score for hit in hits if "meaning" in hit.by}
        assert set(cosines) == {name for _, name in exact}
        for score, name in exact:
            assert cosines[name] == pytest.approx(score, abs=1e-4)


def test_tags_stay_when_a_document_changes(index, tmp_path):
    index.tag("hr/mars.txt", ["planet", " planet ", "", "red"])
    (tmp_path / "files" / "hr" / "mars.txt").write_text("2025-01-01\nMars has changed.")
    index.add(tmp_path / "files")
    [entry] = [entry for entry in index.documents() if entry.source == "hr/mars.txt"]
    assert entry.tags == ("planet", "red")
    assert index.document("hr/mars.txt").tags == ("planet", "red")
    with pytest.raises(UnknownDocument, match="pluto"):
        index.tag("pluto.txt", ["planet"])


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        (Scope(since="last week"), "2024-05-31 would work"),
        (Scope(until="05/31/2024"), "2024-05-31 would work"),
        (Scope(pages=((3, 2),)), "pages 3 to 2"),
        (Scope(pages=((0, 2),)), "count from 1"),
    ],
)
def test_a_scope_that_makes_no_sense_is_refused(index, scope, said):
    with pytest.raises(BadQuery, match=said):
        index.search("mars", 5, scope)


def test_names_with_wildcards_are_names(tmp_path):
    with Index.open(tmp_path / "library", embedder=WordEmbedder(), store="memory") as index:
        index.add_texts([("a_b/x.txt", "", "Mars."), ("aXb/x.txt", "", "Mars."), ("100%/x.txt", "", "Mars.")])
        assert sources(index, Scope(folders=("a_b",))) == {"a_b/x.txt"}
        assert sources(index, Scope(folders=("100%",))) == {"100%/x.txt"}
        assert sources(index, Scope(folders=("%",))) == set()
