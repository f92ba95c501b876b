"""A byte of the ledger that a disk has changed never leads to a wrong answer, nor to an answer from a part."""

import os
import random
import shutil

import pytest

from index.errors import LibraryDamaged, LibraryError
from index.index import Index
from index.read import read
from tests.crash.plan import document
from tests.crash.quick import QuickEmbedder

TEXTS = {f"d{number}.txt": document(f"d{number}.txt", 0, 20) for number in range(12)}


def opened(library):
    return Index.open(library, embedder=QuickEmbedder(), store="memory", read=read)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("filled")
    for source, text in TEXTS.items():
        (folder / source).write_text(text)
    with opened(folder / "library") as index:
        for source in TEXTS:
            index.add(folder / source)
        index.remove("d3.txt")
        index.wait()
    return folder / "library"


@pytest.fixture
def library(filled, tmp_path):
    return shutil.copytree(filled, tmp_path / "library")


def told(library):
    """All that the library says: its list, its texts with their places, its passages, vectors, and answers."""
    with opened(library) as index:
        index.wait()
        sources = [entry.source for entry in index.documents()]
        words = [document(source, 0, 20).split()[0] for source in TEXTS]
        keys, vectors = index.ledger.vectors()
        return (
            index.documents(),
            [index.document(source) for source in sources],
            index.passages(),
            sorted(zip(keys, (vector.tobytes() for vector in vectors), strict=True)),
            [sorted(index.ledger.search_words([word], 5)) for word in words],
        )


def changed(library, what, seed):
    """Changes the ledger's file at a place drawn from the seed: one bit of it, a page, or all behind that."""
    draw = random.Random(seed)
    file = library / "ledger.sqlite"
    content = bytearray(file.read_bytes())
    place = draw.randrange(len(content))
    if what == "bit":
        content[place] ^= 1 << draw.randrange(8)
    elif what == "page":
        start = place // 4096 * 4096
        content[start : start + 4096] = bytes(4096)
    else:
        del content[place:]
    file.write_bytes(content)


def outcome(library, right):
    """ "same", "refused" or, what must not be, "wrong"."""
    try:
        return "same" if told(library) == right else "wrong"
    except LibraryError as error:
        assert "\n" not in str(error)
        assert "ledger.sqlite" in str(error) or "'library'" in str(error)
        return "refused"


def tally(filled, folder, trials):
    right = told(shutil.copytree(filled, folder / "right"))
    found = {}
    for number, (what, sealed) in enumerate(trials):
        library = shutil.copytree(filled, folder / str(number) / "library")
        changed(library, what, number)
        if not sealed:
            (library / "ledger.sqlite.seal").unlink()
        found.setdefault(outcome(library, right), []).append((number, what, sealed))
        shutil.rmtree(library)
    return found


def test_a_changed_ledger_is_put_right_or_refused(filled, tmp_path):
    found = tally(filled, tmp_path, [("bit", True)] * 12 + [("page", True)] * 3 + [("rest", True)] * 2)
    assert not found.get("wrong")
    assert found["refused"]


@pytest.mark.slow
@pytest.mark.parametrize("sealed", [True, False])
def test_no_change_of_a_ledger_goes_unseen(filled, tmp_path, figures, sealed):
    trials = [("bit", sealed)] * 300 + [("page", sealed)] * 60 + [("rest", sealed)] * 40
    found = tally(filled, tmp_path, trials)
    figures.append(
        f"a ledger that was changed on the disk, {'closed' if sealed else 'killed'} before: {len(trials)} trials, "
        f"{len(found.get('same', []))} put right, {len(found['refused'])} refused, {len(found.get('wrong', []))} wrong"
    )
    assert not found.get("wrong")


def test_a_damaged_document_is_named_with_what_to_do(library):
    file = library / "ledger.sqlite"
    word = TEXTS["d5.txt"].split()[30].encode()
    content = file.read_bytes()
    assert content.count(word) >= 2
    file.write_bytes(content.replace(word, word[:-1] + b"X"))
    for _ in range(2):
        with pytest.raises(
            LibraryDamaged, match=r"what it holds of .*'d5\.txt'.* put a copy of the library's folder back"
        ):
            opened(library)


def test_damaged_vectors_are_made_anew(library):
    file = library / "ledger.sqlite"
    with opened(library) as index:
        vector = index.ledger.vectors()[1][7].tobytes()
    content = file.read_bytes()
    assert content.count(vector) == 1
    file.write_bytes(content.replace(vector, vector[:40] + bytes([vector[40] ^ 0x80]) + vector[41:]))
    with opened(library) as index:
        index.wait()
        assert vector in [found.tobytes() for found in index.ledger.vectors()[1]]


def test_a_closed_library_that_nobody_changed_is_not_examined(library):
    assert (library / "ledger.sqlite.seal").exists()
    with opened(library) as index:
        assert not (library / "ledger.sqlite.seal").exists()
        index.ledger.note("a fact", "x")
    os.utime(library / "ledger.sqlite", (0, 0))
    assert (library / "ledger.sqlite.seal").exists()
    assert told(library)
