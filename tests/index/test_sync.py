import threading

import pytest

from index.errors import DamagedFile
from index.index import Index
from index.sync import follow, sync
from tests.stub import WordEmbedder


@pytest.fixture
def index(tmp_path):
    with Index.open(tmp_path / "library", embedder=WordEmbedder(), store="memory") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "files"
    (folder / "deep").mkdir(parents=True)
    (folder / "mars.txt").write_text("Mars is the fourth planet.")
    (folder / "deep" / "venus.txt").write_text("Venus is the second planet.")
    (folder / ".hidden.txt").write_text("Not to be read.")
    return folder


def states(receipts):
    return {receipt.source: receipt.state for receipt in receipts}


def test_a_folder_is_added_changed_and_removed_in_step(index, folder):
    assert states(sync(index, folder)) == {"deep/venus.txt": "added", "mars.txt": "added"}
    assert set(states(sync(index, folder)).values()) == {"unchanged"}
    (folder / "mars.txt").write_text("Mars has two moons.")
    (folder / "deep" / "venus.txt").unlink()
    assert states(sync(index, folder)) == {"mars.txt": "replaced", "deep/venus.txt": "removed"}
    assert [entry.source for entry in index.documents()] == ["mars.txt"]


def test_only_what_came_from_the_folder_is_removed(index, folder, tmp_path):
    (tmp_path / "other.txt").write_text("Another planet.")
    index.add(tmp_path / "other.txt")
    index.add_texts([("note", "Note", "A note on planets.")])
    (tmp_path / "other.txt").unlink()
    sync(index, folder)
    assert {"other.txt", "note"} <= {entry.source for entry in index.documents()}


def test_a_moved_file_keeps_its_vectors(index, folder):
    sync(index, folder)

    class Never(WordEmbedder):
        def embed(self, texts):
            raise AssertionError("nothing should be embedded again")

    (folder / "mars.txt").rename(folder / "deep" / "mars.txt")
    index._follower._embedder = Never()
    assert states(sync(index, folder)) == {
        "deep/mars.txt": "added",
        "mars.txt": "removed",
        "deep/venus.txt": "unchanged",
    }
    assert index.searched().meaning == 2


def test_a_folder_that_is_not_there_empties_nothing(index, folder, tmp_path):
    sync(index, folder)
    folder.rename(tmp_path / "gone")
    with pytest.raises(DamagedFile, match="nothing was changed"):
        sync(index, folder)
    assert len(index.documents()) == 2


def test_a_followed_folder_tells_of_each_change(index, folder):
    stop = threading.Event()
    rounds = follow(index, folder, stop)
    assert len(next(rounds)) == 2
    timer = threading.Timer(0.5, lambda: (folder / "pluto.txt").write_text("Pluto is a dwarf planet."))
    timer.start()
    assert states(next(rounds)) == {"pluto.txt": "added"}
    stop.set()
    assert list(rounds) in ([], [[]])


def test_a_thousand_unchanged_files_are_told_by_their_hashes_alone(index, tmp_path, monkeypatch):
    many = tmp_path / "many"
    many.mkdir()
    for number in range(1_000):
        (many / f"{number}.txt").write_text(f"Planet number {number}.")
    assert len(index.add(many)) == 1_000

    def never(*arguments):
        raise AssertionError("no file should be read again")

    monkeypatch.setattr("index.index.read", never, raising=False)
    assert {receipt.state for receipt in index.add(many)} == {"unchanged"}
