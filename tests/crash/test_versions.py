"""A library that the first version wrote opens in this one, with all that was in it."""

import shutil
import sqlite3

import pytest

from index.errors import LibraryDamaged
from index.index import Index
from index.records import document_row, receipt_row
from index.schema import STEPS
from index.split import split
from index.types import Document, Receipt
from tests.crash.inspection import complaints
from tests.crash.plan import document
from tests.crash.quick import QuickEmbedder

SOURCES = ["a.txt", "b.txt", "c.txt"]


def opened(library):
    return Index.open(library, embedder=QuickEmbedder())


@pytest.fixture
def first(tmp_path):
    """A library as the tables of the first version held it, written with its own statements."""
    library = tmp_path / "library"
    library.mkdir()
    embedder = QuickEmbedder()
    ledger = sqlite3.connect(library / "ledger.sqlite")
    ledger.executescript(f"pragma journal_mode=wal; begin; {STEPS[0]} pragma user_version = 1; commit;")
    ledger.execute("insert into facts values ('embedding model', ?)", (embedder.identity,))
    for number, source in enumerate(SOURCES, start=1):
        whole = Document(source, source, document(source, 0, 30), (), (), f"{number:064d}", "text/plain")
        receipt = Receipt(source, "added", characters=len(whole.text))
        ledger.execute(
            f"insert into documents values (null{', ?' * 14})",
            (*document_row(whole), f"/{source}", "2026-11-20T10:00:00", receipt_row(receipt)),
        )
        for passage in split(whole, embedder.lengths, embedder.tokens):
            key = f"{source}{passage.start}"
            ledger.execute(
                "insert into passages values (null, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (passage.id, number, passage.start, passage.end, None, "", "", passage.text, key),
            )
            if number < 3:
                ledger.execute("insert into vectors values (?, ?)", (key, embedder.embed_query(passage.text).tobytes()))
    ledger.commit()
    ledger.close()
    return library


def test_a_library_of_the_first_version_opens_with_all_that_was_in_it(first):
    for _ in range(2):
        with opened(first) as index:
            index.wait()
            assert [entry.source for entry in index.documents()] == ["c.txt", "b.txt", "a.txt"]
            for source in SOURCES:
                assert index.document(source).text == document(source, 0, 30)
                assert index.search(index.passages(source)[3].text, 1)[0].passage == index.passages(source)[3]
            assert index.searched().meaning == index.searched().total
            assert index.ledger.origins()["a.txt"] == "/a.txt"
    with opened(first) as index:
        for source in SOURCES:
            index.remove(source)
        index.add_texts([(source, "", document(source, 1, 30)) for source in SOURCES])
        index.wait()
        assert complaints(index, {source: {document(source, 1, 30)} for source in SOURCES}) == []


def test_a_migration_that_was_cut_off_is_done_at_the_next_open(first):
    """As when the disk was full, or the process killed, between two of the steps."""
    ledger = sqlite3.connect(first / "ledger.sqlite")
    ledger.executescript(f"begin; {STEPS[1]} pragma user_version = 2; commit;")
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
