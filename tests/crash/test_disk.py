"""A disk that is full, or may not be written, is said in a sentence, and nothing is lost."""

import os
import random
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.errors import LibraryBusy, LibraryDamaged, LibraryError, LibraryReadOnly
from index.index import Index
from index.read import read
from tests.crash.inspection import complaints
from tests.crash.plan import document, mark
from tests.crash.quick import QuickEmbedder

needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or not Path("/bin/mount").exists(),
    reason="only root may mount a small disk",
)
HOME = Path(__file__).parents[2]


@contextmanager
def disk(place, megabytes):
    """A disk of so many megabytes in memory; it is left out where this machine denies it even to root."""
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", place], capture_output=True)
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.decode().strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)
        place.rmdir()


def again(place, options):
    subprocess.run(["mount", "-o", f"remount,{options}", place], check=True)


def opened(library, **more):
    return Index.open(library, embedder=QuickEmbedder(), read=read, **more)


def fill(place, leave=0):
    """Takes up all room on a disk but so many bytes."""
    with (place / "ballast").open("ab", buffering=0) as ballast:
        room = os.statvfs(place)
        for size in (1 << 20, 1 << 12):
            while room.f_bavail * room.f_bsize > leave + size:
                ballast.write(bytes(size))
                room = os.statvfs(place)


def asked(index, sources):
    """Whether every document is there, whole, and found by its word."""
    for source in sources:
        assert index.document(source).text == document(source, 0)
        [number] = index.ledger.search_words([mark(source, 0)], 2)
        assert index.ledger.rows([number])[number][0].source == source
        assert index.search(document(source, 0)[:200], 3)


def add_until_full(index, place, draw):
    """Adds files until one is refused; the names of those that are in, and the sentence."""
    done = []
    for number in range(400):
        source = f"n{number}.txt"
        (place.parent / source).write_text(document(source, 0))
        try:
            [receipt] = index.add(place.parent / source, name=source, wait=draw.random() < 0.3)
        except LibraryError as error:
            there = {entry.source for entry in index.documents()}
            return [*done, *({source} & there)], str(error)
        if receipt.state != "added":
            return done, receipt.problem
        done.append(source)
    raise AssertionError("the disk was never full")


@needs_root
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 12))])
def test_a_full_disk_loses_nothing_and_once_it_has_room_the_work_goes_on(tmp_path, seed):
    draw = random.Random(seed)
    with disk(tmp_path / "disk", draw.choice((24, 40, 64))) as place, opened(place / "library") as index:
        before = [f"b{number}" for number in range(draw.randint(1, 8))]
        index.add_texts([(source, "", document(source, 0)) for source in before], wait=draw.random() < 0.5)
        fill(place, leave=draw.randint(0, 3 << 20))
        done, sentence = add_until_full(index, place, draw)
        assert "free some space" in sentence
        assert "\n" not in sentence
        fill(place)
        asked(index, [*before, *done])
        again(place, "size=256m")
        (tmp_path / "last.txt").write_text(document("last.txt", 0))
        [receipt] = index.add(tmp_path / "last.txt")
        assert receipt.state == "added"
        every = [*before, *done, "last.txt"]
        asked(index, every)
        index.close()
        with opened(place / "library") as index:
            index.wait()
            assert complaints(index, {source: {document(source, 0)} for source in every}) == []


@needs_root
def test_a_library_on_a_full_disk_opens_and_answers(tmp_path):
    with disk(tmp_path / "disk", 24) as place:
        with opened(place / "library") as index:
            index.add_texts([("a", "", document("a", 0)), ("b", "", document("b", 0))])
        fill(place)
        with opened(place / "library") as index:
            asked(index, ["a", "b"])


@needs_root
def test_a_library_on_a_read_only_disk_answers_and_says_that_it_cannot_be_written(tmp_path):
    with disk(tmp_path / "disk", 24) as place:
        with opened(place / "library") as index:
            index.add_texts([("a", "", document("a", 0))])
        again(place, "ro")
        with opened(place / "library") as index:
            asked(index, ["a"])
            with pytest.raises(LibraryBusy, match="cannot be written"):
                index.add_texts([("b", "", "b")])
        with pytest.raises(LibraryReadOnly, match="name another folder"):
            opened(place / "other")


@needs_root
def test_a_library_that_was_killed_is_not_read_by_half_on_a_read_only_disk(tmp_path):
    with disk(tmp_path / "disk", 24) as place:
        with opened(tmp_path / "library") as index:
            index.add_texts([("a", "", document("a", 0))])
            assert (tmp_path / "library" / "ledger.sqlite-wal").stat().st_size
            shutil.copytree(tmp_path / "library", place / "library")
        (place / "library" / "ledger.sqlite-shm").unlink()
        again(place, "ro")
        with pytest.raises(LibraryReadOnly, match="not closed in good order"):
            opened(place / "library")
        again(place, "rw")
        with opened(place / "library") as index:
            asked(index, ["a"])


@needs_root
def test_a_damaged_ledger_on_a_read_only_disk_is_refused(tmp_path):
    with disk(tmp_path / "disk", 24) as place:
        with opened(place / "library") as index:
            index.add_texts([("a", "", document("a", 0))])
        file = place / "library" / "ledger.sqlite"
        file.write_bytes(file.read_bytes().replace(mark("a", 0).encode(), mark("b", 0).encode()))
        again(place, "ro")
        with pytest.raises(LibraryDamaged, match="put a copy of the library's folder back"):
            opened(place / "library")


@needs_root
def test_a_disk_that_turns_read_only_while_a_library_is_open(tmp_path):
    with disk(tmp_path / "disk", 24) as place:
        index = opened(place / "library")
        index.add_texts([("a", "", document("a", 0))])
        # A disk with a fault is turned over by force: `mount` itself refuses while files are open for writing.
        done = subprocess.run(["mount", "-o", "remount,ro", place], capture_output=True)
        if done.returncode == 0:
            with pytest.raises(LibraryReadOnly):
                index.add_texts([("b", "", "b")])
            asked(index, ["a"])
        index.close()


STRANGER = """
import os, sys
from index.errors import LibraryError
from index.index import Index
from index.read import read
from tests.crash.quick import QuickEmbedder
os.setgroups([]); os.setgid(65534); os.setuid(65534)  # behind the imports: Python itself may lie in another user's home
try:
    with Index.open(sys.argv[1], embedder=QuickEmbedder(), read=read) as index:
        print("found", index.search(sys.argv[2], 1)[0].passage.source)
        index.add_texts([("b", "", "b")])
except LibraryError as error:
    print("said", error)
"""


@needs_root
@pytest.mark.parametrize("mode", [0o755, 0o700])
def test_the_library_of_another_user_answers_or_is_refused_in_a_sentence(mode):
    with disk(Path(f"/tmp/library-of-another-{os.getpid()}-{mode}"), 24) as place:
        with opened(place / "library") as index:
            index.add_texts([("a", "", document("a", 0))])
        (place / "library").chmod(mode)
        place.chmod(0o755)
        done = subprocess.run(
            [sys.executable, "-B", "-c", STRANGER, place / "library", mark("a", 0)],
            capture_output=True,
            text=True,
            cwd=HOME,
        )
        assert done.stderr == ""
        lines = done.stdout.splitlines()
        assert len(lines) == (2 if mode == 0o755 else 1)
        assert lines[0] == "found a" or mode == 0o700
        assert lines[-1].startswith("said ")
