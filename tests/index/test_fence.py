"""Every file is read behind a fence: whatever it does, the next one is read as if nothing had happened."""

import hashlib
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from index import loaders
from index.errors import DamagedFile, EmptyFile, HeavyFile, LibraryReadOnly, LockedFile, UnknownFormat, UnreadableFile
from index.fence import Fence
from index.fence.limits import Limits
from index.fence.process import Setting
from index.fence.sentences import OPEN
from index.index import Index
from index.named import names
from index.read import read
from tests.index.documents import FILLER, HEADING, SENTENCE, WRITERS, write_pdf, write_txt
from tests.index.hostile import LIES
from tests.stub import WordEmbedder

ROOT = Path(__file__).parent.parent.parent
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the system has no such fence")
HOSTILE = Setting(reader="tests.index.hostile")


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One service for all hostile files that ask for no limits of their own."""
    fence = Fence(tmp_path_factory.mktemp("shared") / "spool", replace(HOSTILE, size=1))
    yield fence
    fence.close()


@pytest.fixture
def opened(tmp_path):
    """Opens a fence with hostile readers and limits of its own."""
    fences = []

    def open_one(setting=HOSTILE, **limits):
        fences.append(Fence(tmp_path / f"spool{len(fences)}", replace(setting, limits=Limits(**limits))))
        return fences[-1]

    yield open_one
    for fence in fences:
        fence.close()


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """A fence with the readers that the library has."""
    fence = Fence(tmp_path_factory.mktemp("ours") / "spool")
    yield fence
    fence.close()


def told(fence, folder, name, text=SENTENCE):
    return fence.read(write_txt(folder / name, HEADING, [text])).text


def reads_on(fence, folder):
    document = fence.read(write_txt(folder / "good.txt", HEADING, [SENTENCE]))
    assert document == read(folder / "good.txt")
    return True


def gone(pid, patience=3.0):
    """Whether a process is no more, or nothing but a line in the table of processes."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state in "ZX":
            return True
        time.sleep(0.02)
    return False


def readers(parent=None):
    """The readers that a process has."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            ours = int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == (parent or os.getpid())
            if ours and b"index.fence" in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


@pytest.mark.parametrize("suffix", sorted({*names(loaders)} & {*WRITERS}))
def test_a_document_is_what_it_is_without_a_fence(suffix, ours, tmp_path):
    path = WRITERS[suffix](tmp_path / f"Fährplan 1.{suffix}", HEADING, [FILLER, SENTENCE])
    os.utime(path, (86_400, 86_400))
    for name in (None, f"upload \udcff.{suffix}", "no suffix"):
        assert ours.read(path, name) == read(path, name)
    with ours.reading(path) as fenced:
        assert fenced.document.blocks and fenced.held.network
        assert fenced.copy.read_bytes() == path.read_bytes()
    assert not fenced.copy.parent.exists()
    assert list(fenced.copy.parent.parent.iterdir()) == []


def unreadable(folder):
    """One file for each way in which a file cannot be read, with the error that it is to raise."""
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe.txt")
    whole = write_pdf(folder / "whole.pdf", [[SENTENCE]]).read_bytes()
    (folder / "cut.pdf").write_bytes(whole[:300])
    (folder / "empty.txt").write_bytes(b"")
    (folder / "blank.txt").write_bytes(b" \n ")
    (folder / "odd.xyz").write_bytes(b"abc")
    write_pdf(folder / "locked.pdf", [[SENTENCE]], password="secret")
    kinds = {
        "missing.txt": UnreadableFile, "folder": UnreadableFile, "pipe.txt": UnreadableFile, "cut.pdf": DamagedFile,
        "empty.txt": EmptyFile, "blank.txt": EmptyFile, "odd.xyz": UnknownFormat, "locked.pdf": LockedFile,
    }  # fmt: skip
    return [(folder / name, kind) for name, kind in kinds.items()]


def test_a_file_that_cannot_be_read_is_refused_in_the_same_words(ours, tmp_path):
    for path, kind in unreadable(tmp_path):
        for name in (None, f"my {path.name}"):
            with pytest.raises(UnreadableFile) as plain:
                read(path, name)
            with pytest.raises(UnreadableFile) as fenced:
                ours.read(path, name)
            assert type(fenced.value) is type(plain.value) is kind
            assert str(fenced.value) == str(plain.value)


@pytest.mark.parametrize(
    ("deed", "how"),
    [
        ("segfault", "SIGSEGV"),
        ("abort", "SIGABRT"),
        ("leave", "it ended with status 0"),
        ("vanish", "it ended with status 0"),
        ("blunder", "KeyError"),
        ("recurse", "RecursionError"),
        ("scribble", "its answer makes no sense"),
    ],
)
def test_a_file_that_brings_its_reader_down_is_left_out(deed, how, shared, tmp_path):
    assert reads_on(shared, tmp_path)
    with pytest.raises(DamagedFile, match=f"^{deed}.txt brought its reader down and was left out .{how}.;"):
        told(shared, tmp_path, f"{deed}.txt")
    assert reads_on(shared, tmp_path)


@pytest.mark.parametrize("lie", range(len(LIES)))
def test_a_reader_that_lies_is_not_believed(lie, shared, tmp_path):
    with pytest.raises(DamagedFile, match=r"brought its reader down and was left out \(its answer makes no sense\);"):
        told(shared, tmp_path, f"forge-{lie}.txt")
    assert reads_on(shared, tmp_path)


@pytest.mark.parametrize(
    ("name", "limits", "sentence"),
    [
        ("loop.txt", {"processor": 1}, "takes more than 1 s of processor time"),
        ("sleep-60.txt", {"wall": 1.0}, "was not read within 1 s"),
        ("gorge.txt", {}, "takes more than 1,024 MB of memory"),
        ("ramble-2001.txt", {"characters": 10_000}, "holds more than 10,000 characters"),
        ("spill-3.txt", {"written": 2 << 20}, "unpacks to more than 2 MB"),
        ("hoard-90.txt", {}, "needs more than 64 open files"),
    ],
)
@LINUX
def test_a_limit_that_is_hit_is_named(name, limits, sentence, opened, tmp_path):
    fence = opened(**limits)
    began = time.monotonic()
    with pytest.raises(HeavyFile, match=f"^{name} {sentence}.*; "):
        told(fence, tmp_path, name)
    assert time.monotonic() - began < 8
    assert reads_on(fence, tmp_path)


def test_a_text_of_wide_characters_is_refused_by_the_room_that_it_takes(opened, tmp_path):
    fence = opened(characters=2_000_000)
    assert told(fence, tmp_path, "narrow.txt", "word " * 380_000).count("word") == 380_000
    with pytest.raises(HeavyFile, match=r"^wide\.txt holds more than 2 MB of text; split it"):
        told(fence, tmp_path, "wide.txt", "word " * 380_000 + "\U0001f600")
    assert reads_on(fence, tmp_path)


def test_a_document_of_too_many_parts_and_a_file_that_is_too_large_are_refused(opened, tmp_path):
    many = "\n\n".join(["word"] * 2_000)
    fence = opened(structure=20_000)
    with pytest.raises(HeavyFile, match="has more parts than"):
        told(fence, tmp_path, "many.txt", many)
    assert reads_on(fence, tmp_path)
    with (tmp_path / "vast.txt").open("wb") as vast:
        vast.truncate(3 << 40)
    with pytest.raises(HeavyFile, match=r"^vast.txt has 3,145,728 MB, and at most 1,024 MB are read"):
        fence.read(tmp_path / "vast.txt")


def test_a_library_is_not_held_up_by_what_is_no_file_or_too_large(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    with (tmp_path / "vast.txt").open("wb") as vast:
        vast.truncate(3 << 40)
    began = time.monotonic()
    with Index.open(tmp_path / "library", embedder=WordEmbedder(), store="memory", read=read) as index:
        for name, why in (("pipe.txt", "a device or a pipe"), ("vast.txt", "at most 1,024 MB are read")):
            [receipt] = index.add(tmp_path / name)
            assert receipt.state == "refused" and why in receipt.problem
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("without", [(), ("namespace",), ("filter",)])
@LINUX
def test_no_connection_leaves_a_reader(without, opened, tmp_path):
    fence = opened(replace(HOSTILE, without=without))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        text = told(fence, tmp_path, f"connect-{listener.getsockname()[1]}.txt")
        with pytest.raises(TimeoutError):
            listener.accept()
    assert text.startswith("refused: ")
    with fence.reading(tmp_path / "good.txt" if reads_on(fence, tmp_path) else tmp_path) as fenced:
        assert fenced.held.network == ("filter" if "namespace" in without else "namespace")
        assert fenced.document.warnings == ()


def test_where_there_is_no_fence_around_the_network_the_document_says_so(opened, tmp_path):
    fence = opened(replace(HOSTILE, without=("namespace", "filter")))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(2)
        path = write_txt(tmp_path / f"connect-{listener.getsockname()[1]}.txt", HEADING, [SENTENCE])
        document = fence.read(path)
        listener.accept()  # so the tests above would see a connection
    assert (document.text, document.warnings) == ("connected", (OPEN,))


@LINUX
def test_a_reader_starts_no_process_and_ends_none(shared, tmp_path):
    assert told(shared, tmp_path, "fork-20.txt") == "refused: Operation not permitted"
    assert told(shared, tmp_path, "strike.txt") == "refused: Operation not permitted"
    assert told(shared, tmp_path, "program.txt") != "0"
    assert reads_on(shared, tmp_path)


@LINUX
def test_what_a_file_starts_where_it_can_goes_with_its_reader(opened, tmp_path):
    fence = opened(replace(HOSTILE, without=("filter",)))
    children = told(fence, tmp_path, "fork-5.txt")
    assert reads_on(fence, tmp_path)
    if os.geteuid() == 0:  # the limit on processes does not hold for root
        assert len(children.split()) == 5
        assert not any(gone(child, 0.01) for child in children.split())
        fence.close()
        assert all(gone(child) for child in children.split())
    else:
        assert children.startswith("refused: ")


def test_what_a_reader_prints_is_no_answer(shared, tmp_path):
    assert SENTENCE in told(shared, tmp_path, "chatter.txt")
    assert reads_on(shared, tmp_path)


def test_a_reader_knows_no_keys(opened, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    seen = told(opened(), tmp_path, "peek.txt")
    assert "PATH" in seen and "OPENAI_API_KEY" not in seen


def test_a_file_does_not_pay_for_the_harm_that_another_did(shared, tmp_path):
    first = told(shared, tmp_path, "poison.txt")
    assert told(shared, tmp_path, "pid.txt") != first
    assert reads_on(shared, tmp_path)


def test_a_reader_is_replaced_when_it_is_worn(opened, tmp_path):
    fence = opened(replace(HOSTILE, size=1))
    path = write_txt(tmp_path / "pid.txt", HEADING, [SENTENCE])
    pids = [fence.read(path).text for _ in range(51)]
    assert len(set(pids[:50])) == 1 and pids[50] != pids[0]
    grown = told(fence, tmp_path, "grow-350.txt")
    assert grown == pids[50]
    assert fence.read(path).text != grown
    assert gone(grown)
    hoarded = told(fence, tmp_path, "hoard-40.txt")
    assert reads_on(fence, tmp_path) and fence.read(path).text != hoarded


def test_readers_start_with_the_first_file_and_end_when_idle(opened, tmp_path):
    fence = opened(replace(HOSTILE, idle=0.3))
    before = readers()
    first = told(fence, tmp_path, "pid.txt")
    assert readers() == [*before, int(first)]
    assert gone(first)
    assert told(fence, tmp_path, "pid.txt") != first


def test_one_slow_file_holds_up_no_other(opened, tmp_path):
    fence = opened()
    slow = threading.Thread(target=told, args=(fence, tmp_path, "sleep-2.txt"))
    slow.start()
    while not list(tmp_path.glob("spool0/*/pid")):
        time.sleep(0.01)
    assert all(reads_on(fence, tmp_path) for _ in range(5))
    assert slow.is_alive()
    slow.join()


def test_closing_ends_what_is_read_and_what_waits(opened, tmp_path):
    fence, said = opened(), []

    def add(number):
        with pytest.raises(UnreadableFile, match="the library was closed before this file was read") as refused:
            told(fence, tmp_path / str(number), "sleep-60.txt")
        said.append(refused)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for number, thread in enumerate(threads):
        (tmp_path / str(number)).mkdir()
        thread.start()
    while len(list(tmp_path.glob("spool0/*/pid"))) < 2:
        time.sleep(0.01)
    fence.close()
    for thread in threads:
        thread.join()
    assert len(said) == 4
    with pytest.raises(UnreadableFile, match="closed"):
        reads_on(fence, tmp_path)


def test_many_threads_each_get_their_own_document(opened, tmp_path):
    fence, found = opened(), {}

    def add(number):
        for turn in range(4):
            name = f"{number}-{turn}.txt"
            found[name] = told(fence, tmp_path, name, f"This is {name} and no other.")

    threads = [threading.Thread(target=add, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 24
    assert all(f"This is {name} and no other." in text for name, text in found.items())


def test_a_file_that_changes_while_it_is_read_is_read_as_it_was(opened, tmp_path):
    fence = opened()
    path = write_txt(tmp_path / "sleep-1.txt", HEADING, ["The first version."])
    before = path.read_bytes()

    def change():
        while not list(tmp_path.glob("spool0/*/pid")):
            time.sleep(0.01)
        path.write_text("The second version, which came while the first was read.")

    changing = threading.Thread(target=change)
    changing.start()
    with Index.open(tmp_path / "library", embedder=WordEmbedder(), store="memory", read=fence.read) as index:
        [receipt] = index.add(path)
        changing.join()
        assert path.read_bytes() != before
        assert receipt.state == "added"
        assert "The first version." in index.document("sleep-1.txt").text
        [kept] = (tmp_path / "library" / "files").iterdir()
        assert kept.read_bytes() == before
        assert kept.stem == index.document("sleep-1.txt").sha256 == hashlib.sha256(before).hexdigest()


def test_the_library_goes_on_and_its_receipts_say_what_happened(opened, tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    for name in ("a.txt", "segfault.txt", "z.txt"):
        write_txt(folder / name, HEADING, [SENTENCE])
    with Index.open(tmp_path / "library", embedder=WordEmbedder(), store="memory", read=opened().read) as index:
        receipts = index.add(folder)
        assert [receipt.state for receipt in receipts] == ["added", "refused", "added"]
        assert receipts[1].problem.startswith("segfault.txt brought its reader down and was left out (SIGSEGV); ")
        assert {entry.source for entry in index.documents()} == {"a.txt", "z.txt"}


@LINUX
def test_a_library_fences_its_readers_and_leaves_none_behind(tmp_path):
    leftover = tmp_path / "library" / "spool" / "old" / "secret.txt"
    leftover.parent.mkdir(parents=True)
    leftover.write_text("a copy that a killed process left")
    before = readers()
    with Index.open(tmp_path / "library", embedder=WordEmbedder(), store="memory") as index:
        assert not leftover.exists()
        assert readers() == before
        path = write_pdf(tmp_path / "a.pdf", [[SENTENCE]])
        assert index.add(path)[0].state == "added"
        assert len(readers()) == len(before) + 1
        assert path.exists()
        assert [kept.read_bytes() for kept in (tmp_path / "library" / "files").iterdir()] == [path.read_bytes()]
        assert list((tmp_path / "library" / "spool").iterdir()) == []
        assert index.search("when does the ferry leave", 1)[0].passage.source == "a.pdf"
    assert readers() == before
    assert not (tmp_path / "library" / "spool").exists()


def test_where_there_is_no_room_for_a_copy_the_library_says_so(tmp_path):
    (tmp_path / "spool").write_text("a file where the folder should be")
    fence = Fence(tmp_path / "spool" / "inner")
    with pytest.raises(LibraryReadOnly, match=r"^good.txt cannot be kept in the library .*; free some space"):
        reads_on(fence, tmp_path)


OWNER = """
import signal, sys, threading
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore Ctrl-C
from pathlib import Path
from index.fence import Fence
from index.fence.process import Setting
fence = Fence(Path(sys.argv[1]) / "spool", Setting(reader="tests.index.hostile", size=1))
try:
    for path in sys.argv[2:]:
        print(fence.read(Path(path)).text, flush=True)
    threading.Event().wait()
except KeyboardInterrupt:
    fence.close()
    print("stopped", flush=True)
"""


def owner(folder, *files):
    """A process that reads these files and then does nothing."""
    paths = [str(write_txt(folder / name, HEADING, [SENTENCE])) for name in files]
    return subprocess.Popen(
        [sys.executable, "-c", OWNER, str(folder), *paths],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


@pytest.mark.parametrize("files", [["pid.txt"], ["pid.txt", "sleep-60.txt"], ["pid.txt", "loop.txt"]])
@LINUX
def test_a_reader_dies_with_its_owner(files, tmp_path):
    child = owner(tmp_path, *files)
    pid = int(child.stdout.readline())
    time.sleep(0.3)
    assert not gone(pid, 0.01)
    child.kill()
    child.communicate()
    assert gone(pid)


@LINUX
def test_ctrl_c_leaves_no_reader_and_no_traceback(tmp_path):
    child = owner(tmp_path, "pid.txt", "sleep-60.txt")
    pid = int(child.stdout.readline())
    while not list(tmp_path.glob("spool/*/pid")):
        time.sleep(0.01)
    os.killpg(child.pid, signal.SIGINT)
    assert child.communicate(timeout=60) == ("stopped\n", "")
    assert gone(pid)
    assert not (tmp_path / "spool").exists()


def test_a_fence_costs_little_on_small_files(ours, tmp_path):
    added = []
    for number in range(100):
        path = write_txt(tmp_path / f"{number}.txt", HEADING, [FILLER, SENTENCE])
        began = time.perf_counter()
        plain = read(path)
        between = time.perf_counter()
        assert ours.read(path) == plain
        added.append((time.perf_counter() - between) - (between - began))
    assert statistics.median(added) < 0.020
