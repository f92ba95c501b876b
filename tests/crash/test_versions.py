"""A library that the first version wrote opens in this one, with all that was in it."""

import json
import shutil
import sqlite3

import pytest

from index.errors import LibraryDamaged
from index.examine import check_sum
from index.index import Index
from index.nearest import SEALED
from index.records import document_row, receipt_row
from index.schema import STEPS
from index.split import split
from index.types import Document, Receipt
from index.words import indexed
from tests.crash.inspection import complaints
from tests.crash.plan import document
from tests.crash.quick import QuickEmbedder

SOURCES = ["a.txt", "b.txt", "c.txt"]


def opened(library):
    return Index.open(library, embedder=QuickEmbedder())


def written_by(version, library):
    """A library as the tables of this version held it, written with its own statements."""
    library.mkdir()
    embedder = QuickEmbedder()
    ledger = sqlite3.connect(library / "ledger.sqlite")
    ledger.create_function("indexed", 1, indexed, deterministic=True)
    ledger.create_function("check_sum", -1, check_sum, deterministic=True)
    steps = "".join(STEPS[:version])
    ledger.executescript(f"pragma journal_mode=wal; begin; {steps} pragma user_version = {version}; commit;")
    ledger.execute("insert into facts values ('embedding model', ?)", (embedder.identity,))
    for number, source in enumerate(SOURCES, start=1):
        whole = Document(source, source, document(source, 0, 30), (), (), f"{number:064d}", "text/plain")
        there = (f"/{source}", "2026-11-20T10:00:00", receipt_row(Receipt(source, "added", characters=len(whole.text))))
        row = (*document_row(whole), *(there if version == 1 else ()))
        ledger.execute(f"insert into documents values (null{', ?' * len(row)})", row)
        if version > 1:
            names = "(source, document, origin, added, receipt)"
            ledger.execute(f"insert into names {names} values (?, ?, ?, ?, ?)", (source, number, *there))
        for passage in split(whole, embedder.lengths, embedder.tokens):
            key = f"{source}{passage.start}"
            ledger.execute(
                "insert into passages values (null, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (passage.id, number, passage.start, passage.end, None, "", "", passage.text, key),
            )
            if number < 3:
                vector = embedder.embed_query(passage.text).tobytes()
                ledger.execute("insert into vectors (key, vector) values (?, ?)", (key, vector))
    ledger.commit()
    ledger.close()
    return library


@pytest.fixture
def first(tmp_path):
    return written_by(1, tmp_path / "library")


@pytest.mark.parametrize("version", range(1, len(STEPS) + 1))
def test_a_library_of_every_earlier_version_opens_with_all_that_was_in_it(tmp_path, version):
    library = written_by(version, tmp_path / "library")
    for _ in range(2):
        with opened(library) as index:
            index.wait()
            assert [entry.source for entry in index.documents()] == ["c.txt", "b.txt", "a.txt"]
            for source in SOURCES:
                assert index.document(source).text == document(source, 0, 30)
                assert index.search(index.passages(source)[3].text, 1)[0].passage == index.passages(source)[3]
            assert index.searched().meaning == index.searched().total
            assert index.ledger.origins()["a.txt"] == "/a.txt"
    with opened(library) as index:
        for source in SOURCES:
            index.remove(source)
        index.add_texts([(source, "", document(source, 1, 30)) for source in SOURCES])
        index.wait()
        assert complaints(index, {source: {document(source, 1, 30)} for source in SOURCES}) == []


@pytest.mark.parametrize("done", range(2, len(STEPS) + 1))
def test_a_migration_that_was_cut_off_is_done_at_the_next_open(first, done):
    """As when the disk was full, or the process killed, between two of the steps."""
    ledger = sqlite3.connect(first / "ledger.sqlite")
    ledger.create_function("indexed", 1, indexed, deterministic=True)
    ledger.create_function("check_sum", -1, check_sum, deterministic=True)
    ledger.executescript(f"begin; {''.join(STEPS[1:done])} pragma user_version = {done}; commit;")
    ledger.close()
    with opened(first) as index:
        index.wait()
        assert index.document("a.txt").text == document("a.txt", 0, 30)


def test_a_library_of_a_newer_version_is_refused_and_left_as_it_is(first):
    with opened(first):
        pass
    ledger = sqlite3.connect(first / "ledger.sqlite")
    ledger.execute("pragma user_version = 99")
    ledger.close()
    before = (first / "ledger.sqlite").read_bytes()
    with pytest.raises(LibraryDamaged, match=r"newer version .* update the program"):
        opened(first)
    assert (first / "ledger.sqlite").read_bytes() == before


def test_a_library_whose_files_and_store_are_gone_still_answers_from_the_ledger(first):
    with opened(first) as index:
        index.wait()
    shutil.rmtree(first / "chroma")
    shutil.rmtree(first / "files", ignore_errors=True)
    with opened(first) as index:
        assert index.search(document("b.txt", 0, 30)[-80:], 1)[0].passage.source == "b.txt"


def segments(library):
    """The names of the folders that Chroma made for its index: drawn by chance each time one is built."""
    return sorted(folder.name for folder in (library / "chroma").glob("*/"))


def of_another_version(chroma):
    """What Chroma's migrations left in its database, as a version that knows more of them would leave it."""
    database = sqlite3.connect(chroma / "chroma.sqlite3")
    rows = "select dir, max(version) + 1, '99999-later.sqlite', 'create table later (x)', 'none' from migrations"
    database.execute(f"insert into migrations {rows} where dir = 'metadb' group by dir")
    database.execute("create table later (x)")
    database.commit()
    database.close()


def as_before_1_0(chroma):
    """The files of a folder by a version before 1.0: its tables, and an index as a folder of files that it pickled."""
    shutil.rmtree(chroma)
    (chroma / "5cf0e5a7-8a3c-4b5e-9b53-1e6d6b3b1c55").mkdir(parents=True)
    for name in ("data_level0.bin", "header.bin", "index_metadata.pickle", "length.bin", "link_lists.bin"):
        (chroma / "5cf0e5a7-8a3c-4b5e-9b53-1e6d6b3b1c55" / name).write_bytes(bytes(1_000))
    database = sqlite3.connect(chroma / "chroma.sqlite3")
    database.executescript(
        "create table migrations (dir text not null, version integer not null, filename text not null,"
        " sql text not null, hash text not null, primary key (dir, version));"
        "insert into migrations values ('sysdb', 1, '00001-collections.sqlite.sql', '', 'x');"
        "create table embeddings (id integer primary key, segment_id text, embedding_id text, seq_id blob);"
    )
    database.close()


FOREIGN = {
    "a later version's": of_another_version,
    "a version's before 1.0": as_before_1_0,
    "another program's": lambda chroma: (shutil.rmtree(chroma), chroma.write_text("a file in the folder's place")),
    "files beside it": lambda chroma: (chroma / "chroma.sqlite3-journal").write_bytes(b"left over"),
}


@pytest.mark.parametrize("whose", FOREIGN)
def test_a_store_of_another_version_is_built_anew_from_the_ledger(first, whose):
    with opened(first) as index:
        index.wait()
    before = segments(first)
    FOREIGN[whose](first / "chroma")
    with opened(first) as index:
        index.wait()
        assert segments(first) and segments(first) != before
        assert set(index._nearest._engine.keys()) == set(index.ledger.keys())
        for source in SOURCES:
            assert index.search(index.passages(source)[3].text, 1)[0].passage == index.passages(source)[3]


@pytest.mark.parametrize("told", ["another version", "no version", "other keys", "nonsense"])
def test_a_store_that_is_not_known_to_be_this_versions_is_built_anew(first, told):
    with opened(first) as index:
        index.wait()
    before = segments(first)
    with opened(first) as index:
        index.wait()
        assert segments(first) == before
    ledger = sqlite3.connect(first / "ledger.sqlite")
    [(sealed,)] = ledger.execute("select value from facts where name = ?", (SEALED,)).fetchall()
    ledger.close()
    known = json.loads(sealed)
    changed = {
        "another version": json.dumps({**known, "version": "1.5.8"}),
        "no version": json.dumps({"keys": known["keys"], "files": known["files"]}),
        "other keys": json.dumps({**known, "keys": "0" * 64}),
        "nonsense": "[",
    }[told]
    with opened(first) as index:
        index.wait()
        index._nearest.close()
        index.ledger.note(SEALED, changed)
    with opened(first) as index:
        index.wait()
        assert segments(first) != before
        assert set(index._nearest._engine.keys()) == set(index.ledger.keys())
