import shutil
import subprocess
import sys
import threading

import pytest

from index import nearest
from index.errors import BadQuery, EmbeddingMismatch, LibraryBusy, LibraryDamaged, UnknownDocument
from index.index import Index
from index.ledger import ERASE
from index.nearest import DIRTY
from index.stores.chroma import ChromaStore
from tests.stub import WordEmbedder

PLANETS = {
    "mars.txt": "Mars is the fourth planet. It is red because of iron oxide.",
    "venus.txt": "Venus is the second planet. Its clouds are of sulphuric acid.",
    "earth.txt": "Earth is the third planet. Water covers most of it.",
}


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in PLANETS.items():
        (folder / name).write_text(text)
    return folder


def opened(tmp_path, **more):
    return Index.open(tmp_path / "library", embedder=WordEmbedder(), **more)


@pytest.mark.parametrize("store", ["chroma", "memory"])
def test_what_is_added_is_found_and_found_again_after_reopening(tmp_path, files, store):
    with opened(tmp_path, store=store) as index:
        receipts = index.add(files)
        assert [r.state for r in receipts] == ["added"] * 3
        assert index.search("why is mars red", 1)[0].passage.source == "mars.txt"
        assert index.searched().meaning == 3
    with opened(tmp_path, store=store) as index:
        index.wait()
        hit = index.search("clouds of acid", 1)[0]
        assert hit.passage.source == "venus.txt"
        assert set(hit.by) == {"words", "meaning", "together"}
        assert index.document("venus.txt").text[hit.passage.start : hit.passage.end] == hit.passage.text


def test_the_original_stays_where_it_was_and_a_copy_is_kept(tmp_path, files):
    before = {path: path.read_bytes() for path in files.iterdir()}
    with opened(tmp_path, store="memory") as index:
        index.add(files)
        index.add(files / "mars.txt", name="upload.txt")
    assert {path: path.read_bytes() for path in files.iterdir()} == before
    assert {path.read_bytes() for path in (tmp_path / "library" / "files").iterdir()} == set(before.values())


def test_a_folder_that_holds_the_library_adds_nothing_of_the_library(tmp_path, files):
    with Index.open(files / "library", embedder=WordEmbedder()) as index:
        index.add(files)
        assert {receipt.source for receipt in index.add(files)} == set(PLANETS)


def test_an_unchanged_file_is_skipped_and_a_changed_one_replaces_what_it_was(tmp_path, files):
    with opened(tmp_path, store="memory") as index:
        index.add(files)
        assert [r.state for r in index.add(files)] == ["unchanged"] * 3
        (files / "mars.txt").write_text("Mars has two moons, Phobos and Deimos.")
        assert [r.state for r in index.add(files / "mars.txt")] == ["replaced"]
        assert len(index.documents()) == 3
        assert all("iron" not in hit.passage.text for hit in index.search("iron oxide", 5))
        assert index.search("phobos", 1)[0].passage.source == "mars.txt"


def test_another_file_of_the_same_name_is_kept_beside_the_first(tmp_path, files):
    other = tmp_path / "other"
    other.mkdir()
    (other / "mars.txt").write_text("Mars was a god of war.")
    with opened(tmp_path, store="memory") as index:
        index.add(files / "mars.txt")
        [receipt] = index.add(other / "mars.txt")
        assert receipt.source == "mars (2).txt"
        assert {entry.source for entry in index.documents()} == {"mars.txt", "mars (2).txt"}


def test_a_removed_document_is_gone_from_search_and_from_disk(tmp_path, files):
    (files / "secret.txt").write_text("The zyxomma password is quux-7741.")
    with opened(tmp_path) as index:
        index.add(files)
        index.remove("secret.txt")
        assert all(hit.passage.source != "secret.txt" for hit in index.search("zyxomma password", 5))
        index.wait()
        assert index.ledger.fact(ERASE) is None
        assert index.search("red planet", 1)
    left = [p for p in (tmp_path / "library").rglob("*") if p.is_file() and b"zyxomma" in p.read_bytes()]
    assert left == []


def test_a_removal_that_a_stop_cut_off_is_finished_at_the_next_open(tmp_path, files):
    (files / "secret.txt").write_text("The zyxomma password is quux-7741.")
    with opened(tmp_path) as index:
        index.add(files)
    with opened(tmp_path) as index:
        index.ledger.delete("secret.txt")  # as a process that was killed right behind the deletion
    with opened(tmp_path) as index:
        index.wait()
    left = [p for p in (tmp_path / "library").rglob("*") if p.is_file() and b"zyxomma" in p.read_bytes()]
    assert left == []


def test_the_scope_of_a_search_is_kept(tmp_path, files):
    with opened(tmp_path, store="memory") as index:
        index.add(files)
        hits = index.search("planet", 5, within=["venus.txt", "earth.txt"])
        assert {hit.passage.source for hit in hits} == {"venus.txt", "earth.txt"}
        assert index.searched(["mars.txt"]).total == 1
        with pytest.raises(UnknownDocument, match="pluto"):
            index.search("planet", within=["pluto.txt"])


def test_words_are_found_before_their_vectors_are_there(tmp_path, files):
    class Slow(WordEmbedder):
        def embed(self, texts):
            if len(texts) > 3:
                raise AssertionError("the background work should not have come this far")
            return super().embed(texts)

    with Index.open(tmp_path / "library", embedder=Slow(), store="memory") as index:
        index._follower._closed = True  # nothing follows in the background
        index.add(files, wait=False)
        assert index.searched().meaning == 0
        assert index.search("sulphuric acid", 1)[0].passage.source == "venus.txt"


@pytest.mark.parametrize("harm", ["mark", "deleted", "half"])
def test_a_doubtful_vector_store_is_built_anew_from_the_ledger(tmp_path, files, harm):
    with opened(tmp_path) as index:
        index.add(files)
    library = tmp_path / "library"
    if harm == "mark":
        with opened(tmp_path) as index:
            index._follower.close()
            index.ledger.note(DIRTY, "1")
        (library / "chroma" / "chroma.sqlite3").write_bytes(b"torn")
    elif harm == "deleted":
        shutil.rmtree(library / "chroma")
    else:
        with opened(tmp_path) as index:
            index._follower.close()
            index._nearest.settle()
            index._nearest._engine.remove(index.ledger.keys()[:2])
    with opened(tmp_path) as index:
        assert index.search("why is mars red", 1)[0].passage.source == "mars.txt"
        index.wait()
        assert index._nearest._engine.count() == 3
        assert index.search("why is mars red", 1)[0].passage.source == "mars.txt"
    assert not (library / "chroma.new").exists()


def test_closing_does_not_wait_for_a_vector_store_that_is_being_built(tmp_path, monkeypatch):
    with opened(tmp_path) as index:
        index.add_texts([(f"{number}.txt", "", f"Moon number {number} is round.") for number in range(30)])
        keys = len(index.ledger.keys())
    (tmp_path / "library" / "chroma" / "chroma.sqlite3").write_bytes(b"torn")
    monkeypatch.setattr(nearest, "PORTION", 1)
    begun, taken, add = threading.Event(), [], ChromaStore.add

    def slow(store, some, vectors):
        taken.extend(some)
        begun.set()
        closing.wait(30)
        add(store, some, vectors)

    closing = threading.Event()
    monkeypatch.setattr(ChromaStore, "add", slow)
    index = opened(tmp_path)
    index._follower.wake()
    assert begun.wait(30)
    threading.Timer(0.3, closing.set).start()
    index.close()
    assert 0 < len(taken) < keys
    assert not (tmp_path / "library" / "chroma.new").exists()
    monkeypatch.undo()
    with opened(tmp_path) as index:
        index.wait()
        assert index._nearest._engine.count() == keys


def test_a_clean_close_clears_the_mark(tmp_path, files):
    with opened(tmp_path) as index:
        index.add(files)
        assert index.ledger.fact(DIRTY) == "1"
    with opened(tmp_path, store="memory") as index:
        assert index.ledger.fact(DIRTY) is None


OTHER = """
import sys
import time
from index.errors import LibraryBusy
from index.index import Index
from tests.stub import WordEmbedder
with Index.open(sys.argv[1], embedder=WordEmbedder()) as index:
    print(index.writable, index.search("why is mars red", 1)[0].passage.source, len(index.documents()))
    began = time.monotonic()
    try:
        index.add(sys.argv[2])
    except LibraryBusy as error:
        print(error)
        print("within a second:", time.monotonic() - began < 1)
"""


def test_a_second_process_reads_and_is_refused_to_write(tmp_path, files):
    with opened(tmp_path) as index:
        index.add(files)
        done = subprocess.run(
            [sys.executable, "-c", OTHER, str(tmp_path / "library"), str(files)], capture_output=True, text=True
        )
    assert done.stdout.startswith("False mars.txt 3\nthe library"), done.stdout + done.stderr
    assert "in use by another process" in done.stdout
    assert "within a second: True" in done.stdout


def test_a_second_opening_in_the_same_process_reads_too(tmp_path, files):
    with opened(tmp_path) as index:
        index.add(files)
        with opened(tmp_path) as second:
            assert not second.writable
            assert second.search("why is mars red", 1)[0].passage.source == "mars.txt"
            with pytest.raises(LibraryBusy):
                second.remove("mars.txt")
            (files / "pluto.txt").write_text("Pluto is a dwarf planet.")
            index.add(files / "pluto.txt")
            assert second.search("pluto dwarf", 1)[0].by["meaning"].rank == 1


def test_another_embedding_model_is_refused_until_the_library_is_embedded_anew(tmp_path, files):
    class Other(WordEmbedder):
        identity = "other@2"

    with opened(tmp_path, store="memory") as index:
        index.add(files)
    with pytest.raises(EmbeddingMismatch, match="reindex"):
        Index.open(tmp_path / "library", embedder=Other())
    with Index.open(tmp_path / "library", embedder=Other(), reindex=True) as index:
        index.wait()
        assert index.searched().meaning == 3


def test_a_damaged_ledger_is_said_in_a_sentence(tmp_path, files):
    with opened(tmp_path) as index:
        index.add(files)
    (tmp_path / "library" / "ledger.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(LibraryDamaged, match=r"ledger\.sqlite"):
        opened(tmp_path)


@pytest.mark.parametrize("question", ["", "   ", "\n"])
def test_an_empty_question_is_refused(tmp_path, question):
    with opened(tmp_path, store="memory") as index, pytest.raises(BadQuery, match="empty"):
        index.search(question)


@pytest.mark.parametrize(
    "question", ['"foo AND (', "a OR b NOT c NEAR(", "the of and", "?!...", "x" * 10_000, "NULL; --"]
)
def test_odd_questions_raise_nothing(tmp_path, files, question):
    with opened(tmp_path, store="memory") as index:
        assert index.search(question) == []
        index.add(files)
        assert len(index.search(question)) == 3


def test_a_file_that_cannot_be_read_changes_nothing(tmp_path, files):
    with opened(tmp_path, store="memory") as index:
        index.add(files)
        (tmp_path / "empty.txt").write_text("")
        for path in (tmp_path / "missing.txt", tmp_path / "empty.txt"):
            [receipt] = index.add(path)
            assert receipt.state == "refused"
            assert receipt.problem
        assert len(index.documents()) == 3


def test_texts_go_straight_in(tmp_path):
    with opened(tmp_path, store="memory") as index:
        receipts = index.add_texts([("a", "A", "Alpha is first."), ("b", "", "Beta is second.")])
        assert [r.source for r in receipts] == ["a", "b"]
        assert index.search("which is second", 1)[0].passage.source == "b"


def test_neighbours_are_the_passages_around(tmp_path):
    text = " ".join(f"This is sentence number {n} of a rather long text." for n in range(100))
    with opened(tmp_path, store="memory") as index:
        index.add_texts([("long", "Long", text)])
        passages = index.passages("long")
        assert "".join(p.text for p in passages) == text
        assert index.neighbours(passages[2]) == passages[1:4]
        assert index.neighbours(passages[0]) == passages[:2]


def test_a_vector_store_that_fails_is_let_go_and_the_exact_scan_answers(tmp_path, files):
    library = tmp_path / "library"
    with opened(tmp_path) as index:
        index.add(files)
    shutil.rmtree(library / "chroma")
    (library / "chroma").write_text("a file where the store's folder should be")
    (library / "chroma.new").write_text("and one where it would be built")
    with opened(tmp_path) as index:
        index.wait()
        assert index.search("why is mars red", 1)[0].passage.source == "mars.txt"
        (files / "pluto.txt").write_text("Pluto is a dwarf planet.")
        assert index.add(files / "pluto.txt")[0].state == "added"
        assert index.search("pluto dwarf", 1)[0].by["meaning"].rank == 1
