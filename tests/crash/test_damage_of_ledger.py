"""A byte of the ledger that a disk has changed never leads to a wrong answer, nor to an answer from a part."""

import os
import random
import re
import shutil
import threading
from dataclasses import replace
from hashlib import sha256 as hashed

import pytest

from assistant import Assistant, Settings
from assistant.account import line
from assistant.window.documents import state
from index.damage import ANEW
from index.errors import DamagedDocument, LibraryDamaged, LibraryError
from index.index import Index
from index.intake import MENDED
from index.read import read
from tests.crash.plan import document
from tests.crash.quick import QuickEmbedder

FILES = {f"d{number}.txt": document(f"d{number}.txt", 0, 20) for number in range(9)}
GIVEN = {f"t{number}": document(f"t{number}", 0, 20) for number in range(3)}
"""Texts that were handed over without a file, so that there is no copy to read them from again."""
TEXTS = FILES | GIVEN


def opened(library):
    return Index.open(library, embedder=QuickEmbedder(), store="memory", read=read)


def fill(folder):
    """A library of files and texts, one of which was removed again."""
    for source, text in FILES.items():
        (folder / source).write_text(text)
    with opened(folder / "library") as index:
        for source in FILES:
            index.add(folder / source)
        index.add_texts([(source, "", text) for source, text in GIVEN.items()])
        index.remove("d3.txt")
        index.wait()
    return folder / "library"


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    return fill(tmp_path_factory.mktemp("filled"))


@pytest.fixture
def library(filled, tmp_path):
    return shutil.copytree(filled, tmp_path / "library")


def told(library):
    """All that the library says of each document, in the order in which it lists them; None of those it gives up."""
    with opened(library) as index:
        index.wait()
        lost = index.damaged()
        found = {entry.source: None if entry.source in lost else _of(index, entry) for entry in index.documents()}
        for source in lost:
            refused(index, source)
        hits = index.search(" ".join(text.split()[0] for text in TEXTS.values()), 50)
        assert not {hit.passage.source for hit in hits} & set(lost)
        return found


def _of(index, entry):
    word = TEXTS[entry.source].split()[0]
    rows = index.ledger.rows(list(index.ledger.search_words([word], 5)))
    keys, vectors = index.ledger.vectors([key for _, key in index.ledger.rows(range(10_000)).values()])
    mine = {hashed(passage.text.encode()).hexdigest()[:32] for passage in index.passages(entry.source)}
    return {
        "entry": entry,
        "document": index.document(entry.source),
        "passages": [(p.text, p.start, p.end, p.page, p.heading, p.context) for p in index.passages(entry.source)],
        "vectors": {key: vector.tobytes() for key, vector in zip(keys, vectors, strict=True) if key in mine},
        "found by": {passage.source for passage, _ in rows.values()},
    }


def refused(index, source):
    """A document that was given up is named with what to do, and nobody gets a word of it."""
    [entry] = [entry for entry in index.documents() if entry.source == source]
    assert entry.receipt.state == "damaged"
    assert repr(source) in entry.receipt.problem
    assert "\n" not in entry.receipt.problem
    assert "add it again" in entry.receipt.problem
    assert index.passages(source) == []
    assert index.ledger.search_words([TEXTS[source].split()[0]], 5) == {}
    for ask in (index.document, lambda name: index.search("w0001", 1, within=[name])):
        with pytest.raises(DamagedDocument, match=re.escape(repr(source))):
            ask(source)


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
    """ "same", "read again", "named", "refused" or, what must not be, "wrong"."""
    try:
        found = told(library)
    except LibraryError as error:
        assert "\n" not in str(error)
        assert "ledger.sqlite" in str(error) or "'library'" in str(error)
        return "refused"
    if list(found.items()) == list(right.items()):
        return "same"
    if found.keys() != right.keys():
        return "wrong"
    for source, wanted in right.items():
        if found[source] is not None and found[source] != wanted and not read_again(found[source], wanted):
            return "wrong"
    return "named" if None in found.values() else "read again"


def read_again(found, wanted):
    """Whether only the receipt differs, and says why."""
    entry, before = found["entry"], wanted["entry"]
    why = [warning for warning in entry.receipt.warnings if warning in (MENDED, ANEW)]
    plain = replace(entry, added=before.added, receipt=before.receipt)
    return bool(why) and {**found, "entry": plain} == wanted


def tally(filled, folder, trials):
    right = told(shutil.copytree(filled, folder / "right"))
    assert set(right) == set(TEXTS) - {"d3.txt"}
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
        f"{len(found.get('same', []))} put right, {len(found.get('read again', []))} read again from their files, "
        f"{len(found.get('named', []))} named as lost and the rest whole, {len(found['refused'])} refused, "
        f"{len(found.get('wrong', []))} wrong"
    )
    assert not found.get("wrong")


def spoil(file, text, by=b"X"):
    """Changes a word of a text wherever a file holds it."""
    content = file.read_bytes()
    word = text.split()[30].encode()
    assert word in content
    file.write_bytes(content.replace(word, word[: -len(by)] + by))


def others(library, source):
    """What the library says of all documents but one."""
    return {name: of for name, of in told(library).items() if name != source}


def test_a_damaged_document_is_read_again_from_its_file(library):
    right = told(library)
    spoil(library / "ledger.sqlite", TEXTS["d5.txt"])
    with opened(library) as index:
        index.wait()
        assert index.damaged() == []
        [entry] = [entry for entry in index.documents() if entry.source == "d5.txt"]
        assert MENDED in entry.receipt.warnings
        assert index.document("d5.txt").text == TEXTS["d5.txt"]
    found = told(library)
    assert read_again(found.pop("d5.txt"), right.pop("d5.txt"))
    assert found == right


def test_a_damaged_document_answers_nothing_while_it_is_read_again(library):
    may = threading.Event()

    def slowly(path, name):
        assert may.wait(20)
        return read(path, name)

    spoil(library / "ledger.sqlite", TEXTS["d5.txt"])
    with Index.open(library, embedder=QuickEmbedder(), store="memory", read=slowly) as index:
        assert index.damaged() == ["d5.txt"]
        assert "d5.txt" not in {hit.passage.source for hit in index.search(TEXTS["d5.txt"][:300], 50)}
        with pytest.raises(DamagedDocument, match=r"'d5\.txt' was damaged on the disk .* read again"):
            index.document("d5.txt")
        assert index.document("d4.txt").text == TEXTS["d4.txt"]
        may.set()
        index.wait()
        assert index.search(TEXTS["d5.txt"].split()[0], 1)[0].passage.source == "d5.txt"


def test_a_damaged_text_without_a_file_is_named_and_the_rest_answers(library):
    right = others(library, "t1")
    spoil(library / "ledger.sqlite", TEXTS["t1"])
    for _ in range(2):
        found = told(library)
        assert found.pop("t1") is None
        assert found == right
    with opened(library) as index:
        index.add_texts([("t1", "", TEXTS["t1"])])
        assert index.damaged() == []
        assert index.document("t1").text == TEXTS["t1"]


def test_an_answer_and_the_list_say_which_document_is_not_searched(library):
    spoil(library / "ledger.sqlite", TEXTS["t1"])
    with Assistant.open(library, Settings(store="memory"), embedder=QuickEmbedder()) as assistant:
        assistant.wait()
        answer = assistant.ask(TEXTS["t0"].split(".")[0] + "?")
        assert answer.notes[0].startswith("t1 was damaged on the disk and is not searched")
        [entry] = [entry for entry in assistant.documents() if entry.source == "t1"]
        assert line(entry.receipt).startswith("t1: damaged; what the library held of 't1' was damaged")
        assert ">damaged</span>" in state(entry)
        assistant.remove("t1")
        assert assistant.ask(TEXTS["t0"].split(".")[0] + "?").notes == ()


@pytest.mark.parametrize("harm", [lambda file: file.unlink(), lambda file: spoil(file, TEXTS["d5.txt"])])
def test_a_damaged_document_whose_file_is_no_help_is_named_until_it_is_added_again(library, filled, harm):
    right = others(library, "d5.txt")
    with opened(library) as index:
        [kept] = (library / "files").glob(f"{index.ledger.known('d5.txt').sha256}.*")
    whole = kept.read_bytes()
    harm(kept)
    spoil(library / "ledger.sqlite", TEXTS["d5.txt"])
    for _ in range(2):
        found = told(library)
        assert found.pop("d5.txt") is None
        assert found == right
    with opened(library) as index:
        [receipt] = index.add(filled.parent / "d5.txt")
        assert receipt.state == "replaced"
        assert index.document("d5.txt").text == TEXTS["d5.txt"]
        assert index.damaged() == []
    assert kept.read_bytes() == whole


def test_a_document_whose_hash_is_damaged_still_finds_its_file(library):
    with opened(library) as index:
        sha256 = index.ledger.known("d5.txt").sha256.encode()
    content = (library / "ledger.sqlite").read_bytes()
    (library / "ledger.sqlite").write_bytes(content.replace(sha256, b"x" + sha256[1:]))
    assert told(library)["d5.txt"]["document"].sha256 == sha256.decode()


def test_a_damaged_name_is_put_right_by_its_document(library, filled):
    """A name stands twice, and so does which document it is of; where it came from, its tags and its receipt do not."""
    right = told(library)
    content = (library / "ledger.sqlite").read_bytes()
    origin = str(filled.parent / "d5.txt").encode()
    assert content.count(origin) == 1
    (library / "ledger.sqlite").write_bytes(content.replace(origin, b"?" + origin[1:]))
    found = told(library)
    assert ANEW in found["d5.txt"]["entry"].receipt.warnings
    assert read_again(found.pop("d5.txt"), right.pop("d5.txt"))
    assert found == right


def test_a_name_that_cannot_be_put_right_is_named_and_the_library_refused(library, filled):
    with opened(library) as index:
        index.add(filled.parent / "d5.txt", name="twin.txt")
    content = (library / "ledger.sqlite").read_bytes()
    assert content.count(b"upload:twin.txt") == 1
    (library / "ledger.sqlite").write_bytes(content.replace(b"upload:twin.txt", b"upload:twin.tx?"))
    for _ in range(2):
        with pytest.raises(LibraryDamaged, match=r"cannot be told what 'twin\.txt' stood for; .* assistant rescue"):
            opened(library)


def test_the_other_names_of_a_damaged_document_come_back_too(library, filled):
    with opened(library) as index:
        index.add(filled.parent / "d5.txt", name="twin.txt")
        index.tag("twin.txt", ["red"])
    spoil(library / "ledger.sqlite", TEXTS["d5.txt"])
    with opened(library) as index:
        index.wait()
        assert index.damaged() == []
        for source in ("d5.txt", "twin.txt"):
            assert index.document(source).text == TEXTS["d5.txt"]
            assert len(index.document(source).also) == 1
        assert index.document("twin.txt").tags == ("red",)
        assert len(index.search(TEXTS["d5.txt"].split()[0], 5)) == 5


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
