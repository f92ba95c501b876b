"""Deleted means gone from the disk: of a text that was taken out, and of its vectors, no byte is left anywhere."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import LibraryBusy
from index.index import Index
from index.ledger import ERASE
from index.read import read
from tests.crash.plan import document
from tests.crash.quick import QuickEmbedder

WINDOW = 32
"""Bytes of a vector that are looked for: eight of its 384 numbers."""

SECRET = (
    "The zyxomma of Quuxhaven weighs seventysevenflorins. " * 3
    + "\n\n"
    + "Only Wibbleton knows where the zyxomma sleeps."
)
WORDS = ("zyxomma", "Quuxhaven", "quuxhaven", "seventysevenflorins", "Wibbleton", "wibbleton", "secretname")


def opened(folder, **more):
    return Index.open(folder / "library", embedder=QuickEmbedder(384), read=read, **more)


def around(index, passages):
    """Fills the library with other documents, of so many passages in all."""
    index.add_texts([(f"d{n}", "", document(f"d{n}", 0, 100)) for n in range(passages // 100)])


def traces(folder, vectors):
    """What of the secret is found in the bytes of any file: (file, what)."""
    needles = {f"{word} in {code}": word.encode(code) for word in WORDS for code in ("utf-8", "utf-16-le", "utf-16-be")}
    for number, vector in enumerate(vectors):
        for start in range(0, len(vector) - WINDOW + 1, WINDOW):
            needles[f"vector {number} at {start}"] = vector[start : start + WINDOW]
    found = set()
    for file in (folder / "library").rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            place = file.relative_to(folder / "library")
            found |= {(place.parts[0], what.split(" at ")[0]) for what, needle in needles.items() if needle in content}
            found |= {(place.parts[0], word) for word in WORDS if word in place.as_posix()}
    return found


def secret(index, folder, text=SECRET):
    """Adds the secret as a file, and returns the bytes of its vectors."""
    file = folder / "secretname.txt"
    file.write_text(text)
    index.add(file)
    return [vector.tobytes() for vector in index.embedder.embed([p.text for p in index.passages("secretname.txt")])]


@pytest.mark.parametrize("passages", [100, pytest.param(1_200, marks=pytest.mark.slow)], ids=["unflushed", "flushed"])
def test_nothing_is_left_of_what_is_removed(tmp_path, passages):
    with opened(tmp_path) as index:
        vectors = secret(index, tmp_path)
        around(index, passages)
        before = traces(tmp_path, vectors)
        assert {place for place, _ in before if place.startswith(("ledger", "chroma"))} >= {"chroma"}
        assert {what for _, what in before} >= {"zyxomma in utf-8", "vector 0", "vector 1"}
        index.remove("secretname.txt")
        assert index.search("zyxomma", 5) == [] or "zyxomma" not in index.search("zyxomma", 1)[0].passage.text
        index.wait()
        assert traces(tmp_path, vectors) == set()
        assert len(index.documents()) == passages // 100
    assert traces(tmp_path, vectors) == set()


def test_nothing_is_left_of_what_was_replaced(tmp_path):
    with opened(tmp_path) as index:
        vectors = secret(index, tmp_path)
        around(index, 100)
        assert traces(tmp_path, vectors)
        (tmp_path / "secretname.txt").write_text("It has other words now.")
        [receipt] = index.add(tmp_path / "secretname.txt")
        assert receipt.state == "replaced"
        assert {what for _, what in traces(tmp_path, vectors)} == {"secretname in utf-8"}


def test_a_removal_that_was_cut_off_is_finished_by_the_next_session(tmp_path):
    with opened(tmp_path) as index:
        vectors = secret(index, tmp_path)
        around(index, 100)
    with opened(tmp_path) as index:
        index.ledger.delete("secretname.txt")  # and its process is killed
    with opened(tmp_path) as index:
        index.wait()
        assert traces(tmp_path, vectors) == set()


@pytest.mark.slow
def test_what_a_reader_keeps_on_the_disk_is_not_called_erased(tmp_path):
    with opened(tmp_path, store="memory") as index:
        vectors = secret(index, tmp_path)
        reader = sqlite3.connect(tmp_path / "library" / "ledger.sqlite", isolation_level=None)
        reader.execute("begin")
        reader.execute("select count(*) from passages").fetchall()
        index.remove("secretname.txt")
        with pytest.raises(LibraryBusy, match="still on the disk"):
            index.wait()
        assert index.ledger.fact(ERASE) is not None
        assert traces(tmp_path, vectors)
        reader.close()
        index.wait()
        assert index.ledger.fact(ERASE) is None
        assert traces(tmp_path, vectors) == set()


STORE = """
import sys
from pathlib import Path
import numpy as np
from index.stores.chroma import open_store
folder = Path(sys.argv[1])
for count in (1, 40):
    store = open_store(folder)
    vectors = np.eye(384, dtype=np.float32)[:count]
    store.add([str(number) for number in range(count)], vectors)
    assert [key for key, _ in store.search(vectors[-1], 1)] == [str(count - 1)]
    store.close()
"""


def test_chroma_writes_nothing_out_of_the_processs_memory(tmp_path):
    # With this set, the C library fills memory that nobody has written to with the byte 0x55.
    done = subprocess.run(
        [sys.executable, "-c", STORE, tmp_path / "chroma"],
        env={**os.environ, "MALLOC_PERTURB_": "170"},
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0
    files = [file for file in tmp_path.rglob("*.bin") if file.stat().st_size]
    assert {file.name for file in files} >= {"data_level0.bin", "length.bin"}
    assert [file.name for file in files if b"\x55" * 16 in file.read_bytes()] == []
