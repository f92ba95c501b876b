"""What adding promises besides reading: content stored once, side by side, cancelled, paused, and timed."""

import contextlib
import threading
import time

import pytest

from index.errors import Cancelled, UnknownDocument
from index.fence import Fence
from index.fence.process import Setting
from index.follow import LANES, STEP
from index.index import Index
from index.ledger import ERASE
from index.originals import walk
from index.pace import Pace
from index.read import read
from index.turns import GRACE, Turns
from index.types import Progress, Searched
from tests.stub import WordEmbedder

MARS = "Mars is the fourth planet. It is red because of iron oxide."


class Slow(WordEmbedder):
    """Embeds nothing until it may."""

    def __init__(self):
        self.may = threading.Event()
        self.began = threading.Event()
        self.count = 0

    def embed(self, texts):
        self.began.set()
        assert self.may.wait(20)
        self.count += len(texts)
        return super().embed(texts)


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "mars.txt").write_text(MARS)
    (folder / "copy.txt").write_text(MARS)
    (folder / "venus.txt").write_text("Venus is the second planet.")
    return folder


def opened(tmp_path, embedder=None, **more):
    return Index.open(tmp_path / "library", embedder=embedder or WordEmbedder(), store="memory", **more)


def test_a_file_that_is_given_by_name_replaces_what_stands_under_it_wherever_that_came_from(tmp_path, folder):
    with opened(tmp_path) as index:
        index.add(folder / "mars.txt")
        [receipt] = index.add(folder / "venus.txt", name="mars.txt")
        assert (receipt.source, receipt.state) == ("mars.txt", "replaced")
        assert [entry.source for entry in index.documents()] == ["mars.txt"]
        assert "Venus" in index.document("mars.txt").text
        other = tmp_path / "mars.txt"
        other.write_text("Mars has two moons.")
        assert [receipt.source for receipt in index.add(other)] == ["mars (2).txt"]


def test_the_same_content_under_two_names_is_stored_once_and_found_under_both(tmp_path, folder):
    with opened(tmp_path) as index:
        index.add(folder / "mars.txt")
        [receipt] = index.add(folder / "copy.txt")
        assert (receipt.source, receipt.state, receipt.same_as) == ("copy.txt", "added", "mars.txt")
        assert len(index.passages()) == 1
        assert len(list((tmp_path / "library" / "files").iterdir())) == 1
        assert {(e.source, e.also) for e in index.documents()} == {
            ("mars.txt", ("copy.txt",)),
            ("copy.txt", ("mars.txt",)),
        }
        assert len(index.search("iron oxide", 5)) == 1
        assert index.document("copy.txt").text == MARS
        assert index.document("copy.txt").also == ("mars.txt",)
        assert index.search("iron oxide", within=["copy.txt"])
        assert index.searched(["copy.txt"]).total == 1
        assert index.passages("copy.txt")[0].text == MARS
        assert [r.state for r in index.add(folder / "copy.txt")] == ["unchanged"]


def test_a_name_that_goes_leaves_the_content_to_the_other_name(tmp_path, folder):
    with opened(tmp_path) as index:
        index.add(folder / "mars.txt")
        index.add(folder / "copy.txt")
        index.remove("mars.txt")
        index.wait()
        assert index.search("iron oxide", 1)[0].passage.source == "copy.txt"
        with pytest.raises(UnknownDocument, match="mars"):
            index.document("mars.txt")
        index.remove("copy.txt")
        index.wait()
        assert index.ledger.fact(ERASE) is None
        assert index.passages() == []
        assert list((tmp_path / "library" / "files").iterdir()) == []


def test_a_name_whose_content_changes_leaves_the_old_content_to_the_other_name(tmp_path, folder):
    with opened(tmp_path) as index:
        index.add(folder / "mars.txt")
        index.add(folder / "copy.txt")
        (folder / "mars.txt").write_text("Mars has two moons, Phobos and Deimos.")
        assert [r.state for r in index.add(folder / "mars.txt")] == ["replaced"]
        assert index.search("iron oxide", 1)[0].passage.source == "copy.txt"
        assert index.search("phobos", 1)[0].passage.source == "mars.txt"
        (folder / "mars.txt").write_text(MARS)
        [receipt] = index.add(folder / "mars.txt")
        assert (receipt.state, receipt.same_as) == ("replaced", "copy.txt")
        assert len(index.passages()) == 1


def test_the_same_bytes_under_another_suffix_are_read_as_what_they_are(tmp_path, folder):
    (folder / "notes.txt").write_text("# Planets\n\nMars is red.")
    (folder / "notes.md").write_text("# Planets\n\nMars is red.")
    with opened(tmp_path) as index:
        index.add(folder / "notes.txt")
        [receipt] = index.add(folder / "notes.md")
        assert receipt.same_as == ""
        assert next(block.kind for block in index.document("notes.md").blocks) == "heading"


def test_a_slow_file_holds_up_no_other(tmp_path, folder):
    held = threading.Event()

    def slow(path, name):
        if name == "a.txt":
            assert held.wait(20)
        return read(path, name)

    (folder / "a.txt").write_text("It takes long to read this.")
    with opened(tmp_path, read=slow) as index:
        thread = threading.Thread(target=index.add, args=(folder,), daemon=True)
        thread.start()
        until = time.monotonic() + 10
        while len(index.documents()) < 3 and time.monotonic() < until:
            time.sleep(0.01)
        assert {entry.source for entry in index.documents()} == {"copy.txt", "mars.txt", "venus.txt"}
        assert index.search("iron oxide", 1)
        far = index.progress()
        assert (far.files, far.read) == (4, 3)
        held.set()
        thread.join(20)
        assert len(index.documents()) == 4


def test_cancelling_keeps_what_is_in_and_says_what_is_not(tmp_path, folder):
    cancel = threading.Event()
    for number in range(30):
        (folder / f"note {number:02}.txt").write_text(f"Note {number} is about planets.")

    def stop(far):
        if far.read >= 5:
            cancel.set()

    with opened(tmp_path) as index:
        receipts = index.add(folder, progress=stop, cancel=cancel)
        states = {receipt.state for receipt in receipts}
        assert states == {"added", "cancelled"}
        there = {receipt.source for receipt in receipts if receipt.state == "added"}
        assert {entry.source for entry in index.documents()} == there
        assert all("add it again" in receipt.problem for receipt in receipts if receipt.state == "cancelled")
        again = index.add(folder)
        assert {receipt.state for receipt in again} == {"added", "unchanged"}
        assert len(index.documents()) == 33


def test_cancelling_stops_a_file_that_is_being_read_behind_the_fence(tmp_path):
    cancel = threading.Event()
    for name in ("sleep-60.txt", "mars.txt"):
        (tmp_path / name).write_text(MARS)
    fence = Fence(tmp_path / "spool", Setting(reader="tests.index.hostile", size=1, most=1))
    try:
        threading.Timer(0.5, cancel.set).start()
        with pytest.raises(Cancelled, match="add it again"), fence.reading(tmp_path / "sleep-60.txt", cancel=cancel):
            pass
        assert fence.read(tmp_path / "mars.txt").text == MARS
    finally:
        fence.close()


def test_a_file_that_finds_all_readers_busy_is_given_one_of_its_own(tmp_path):
    cancel = threading.Event()
    for name in ("sleep-60.txt", "mars.txt"):
        (tmp_path / name).write_text(MARS)
    fence = Fence(tmp_path / "spool", Setting(reader="tests.index.hostile", size=1, most=2))

    def asleep():
        with contextlib.suppress(Cancelled), fence.reading(tmp_path / "sleep-60.txt", cancel=cancel):
            pass

    thread = threading.Thread(target=asleep)
    thread.start()
    try:
        assert fence.read(tmp_path / "mars.txt").text == MARS
        assert thread.is_alive()
    finally:
        cancel.set()
        thread.join(20)
        fence.close()


def test_passages_wait_without_vectors_while_paused_and_are_found_by_words(tmp_path, folder):
    embedder = Slow()
    with opened(tmp_path, embedder) as index:
        index.pause()
        index.add(folder)
        index.wait()
        far = index.progress()
        assert far.paused
        assert (far.passages, far.ready) == (2, 0)
        assert index.ledger.search_words(["oxide"], 5)
        embedder.may.set()
        index.resume()
        index.wait()
        assert index.progress().done
        assert not index.progress().paused


def test_a_pause_stops_the_work_at_its_next_step(tmp_path):
    embedder = Slow()
    texts = [(f"note {n}", "", f"Note {n} is about planets.") for n in range(64)]
    with opened(tmp_path, embedder) as index:
        index.add_texts(texts, wait=False)
        assert embedder.began.wait(10)
        index.pause()
        embedder.may.set()
        index.wait()
        assert index.progress().ready == embedder.count <= LANES * STEP
        index.resume()
        index.wait()
        assert index.progress().ready == 64


def test_work_waits_for_what_is_left_of_the_grace_behind_a_question(monkeypatch):
    turns, asked = Turns(), []
    with turns:
        pass
    time.sleep(0.6 * GRACE)
    wait = turns._changed.wait
    monkeypatch.setattr(turns._changed, "wait", lambda timeout: asked.append(timeout) or wait(timeout))
    turns.yield_to_questions()
    assert all(timeout <= 0.4 * GRACE for timeout in asked)
    with turns:
        pass
    turns.yield_to_questions()
    assert asked[-1] > 0


def test_the_time_left_is_the_work_left_at_the_pace_so_far():
    pace = Pace()
    assert pace.progress(Searched(10, 0, 10), False) == Progress(0, 0, 10, 0, None, False)
    pace.embedded(10, 2.0)
    pace.embedded(10, 4.0)
    assert pace.progress(Searched(120, 20, 120), False).left == pytest.approx(30.0)
    assert pace.progress(Searched(20, 20, 20), False).left == 0.0
    pace.begin([100, 300])
    assert pace.progress(Searched(20, 20, 20), False).left is None
    pace.file(100)
    far = pace.progress(Searched(20, 20, 20), False)
    assert (far.files, far.read, far.done) == (2, 1, False)
    assert far.left is not None
    pace.file(300)
    assert pace.progress(Searched(20, 20, 20), False).done


def test_the_pages_of_a_long_file_are_told_and_count_for_the_time_left():
    pace = Pace()
    pace.begin([1_000, 50])
    assert pace.progress(Searched(0, 0, 0), False).left is None
    pace.page("book.pdf", 1_000, 250, 1_000)
    pace.page("note.pdf", 50, 100, 200)
    time.sleep(0.02)
    far = pace.progress(Searched(0, 0, 0), False)
    assert (far.read, far.page, far.of) == (0, 250, 1_000)
    assert 2.5 < far.left / 0.02 < 100
    pace.file(1_000, "book.pdf")
    far = pace.progress(Searched(0, 0, 0), False)
    assert (far.read, far.page, far.of) == (1, 100, 200)
    pace.file(50, "note.pdf")
    assert pace.progress(Searched(0, 0, 0), False).of == 0


def test_files_that_come_while_others_are_read_are_counted_with_them():
    pace = Pace()
    pace.begin([1, 1])
    pace.file(1)
    pace.begin([1])
    assert pace.progress(Searched(0, 0, 0), False).files == 3
    pace.file(1)
    pace.file(1)
    pace.begin([1])
    assert pace.progress(Searched(0, 0, 0), False).files == 1


def test_a_receipt_accounts_for_every_character(tmp_path, folder):
    with opened(tmp_path) as index:
        [receipt] = index.add_texts([("note", "Note", MARS + "\n\n" + MARS)])
        assert receipt.seen == receipt.kept == 2 * len(MARS.replace(" ", ""))
        assert receipt.unexplained == 0


def test_a_walk_of_a_folder_names_its_files_by_their_place_in_it(folder):
    assert [name for _, name in walk(folder, None)] == ["copy.txt", "mars.txt", "venus.txt"]
