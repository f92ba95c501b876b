"""A ledger that cannot be read any more costs no document whose file was kept."""

import shutil

import pytest

from assistant.cli import main
from index.errors import DamagedDocument, LibraryBusy, LibraryDamaged, LibraryError
from index.rescue import ASIDE, rescue
from tests.crash.test_damage_of_ledger import FILES, GIVEN, TEXTS, changed, fill, opened, told

KEPT = {source: text for source, text in FILES.items() if source != "d3.txt"}


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    return fill(tmp_path_factory.mktemp("filled"))


@pytest.fixture
def library(filled, tmp_path):
    return shutil.copytree(filled, tmp_path / "library")


def rescued(library):
    """How many files are there under their names and under others, and how many texts: [named, recovered, given]."""
    rescue(library)
    counts = [0, 0, 0]
    with opened(library) as index:
        index.wait()
        lost = index.damaged()
        assert not [source for source in lost if not source.startswith("t")]
        texts = {
            entry.source: index.document(entry.source).text for entry in index.documents() if entry.source not in lost
        }
        assert set(KEPT.values()) <= set(texts.values())
        for source, text in texts.items():
            assert text == TEXTS.get(source, text)
            assert text in TEXTS.values()
            assert text != TEXTS["d3.txt"]
            assert index.search(text.split()[0], 1)[0].passage.source == source
            counts[0 if source in FILES else 2 if source in GIVEN else 1] += 1
        for source in lost:
            with pytest.raises(DamagedDocument, match="add it again"):
                index.document(source)
    with opened(library) as index:
        assert len(index.documents()) == len(texts) + len(lost)
    return counts


def unreadable(library):
    try:
        told(library)
    except LibraryError:
        return True
    return False


def test_a_whole_library_comes_out_of_a_rescue_as_it_went_in(library):
    right = told(library)
    assert rescue(library) == len(right)
    assert told(library) == right
    assert (library / ASIDE).exists()


@pytest.mark.parametrize("what, seed", [("page", 302), ("rest", 360), ("rest", 365)])
def test_a_torn_ledger_is_rescued(library, what, seed):
    changed(library, what, seed)
    assert unreadable(library)
    assert sum(rescued(library)) >= len(KEPT)


def test_a_library_without_its_ledger_is_not_taken_for_an_empty_one(library):
    (library / "ledger.sqlite").unlink()
    (library / "ledger.sqlite.seal").unlink()
    for _ in range(2):
        with pytest.raises(LibraryDamaged, match=r"ledger\.sqlite .* is missing .* assistant rescue"):
            opened(library)
    assert rescued(library) == [0, len(KEPT), 0]


def test_a_library_in_use_is_not_rescued(library):
    with opened(library), pytest.raises(LibraryBusy, match="in use by another process"):
        rescue(library)


@pytest.mark.slow
def test_the_command_says_what_became_of_a_library(tmp_path, capsys):
    (tmp_path / "mars.txt").write_text("Mars is red because of iron oxide.")
    where = ["--library", str(tmp_path / "library")]
    assert main(["add", *where, str(tmp_path / "mars.txt")]) == 0
    file = tmp_path / "library" / "ledger.sqlite"
    file.write_bytes(file.read_bytes()[:4096] + bytes(file.stat().st_size - 4096))
    assert main(["documents", *where]) == 1
    assert "assistant rescue" in capsys.readouterr().err
    assert main(["rescue", *where]) == 0
    said = capsys.readouterr().out
    assert said.startswith("0 documents taken over; the damaged ledger is kept as ledger.damaged until you delete it")
    assert "read again from the copy of its file" in said
    assert main(["ask", *where, "Why is Mars red?"]) == 0
    assert "iron oxide" in capsys.readouterr().out


@pytest.mark.slow
def test_every_torn_ledger_is_rescued(filled, tmp_path, figures):
    found = []
    for number, what in enumerate(["bit"] * 300 + ["page"] * 60 + ["rest"] * 40):
        library = shutil.copytree(filled, tmp_path / str(number) / "library")
        changed(library, what, number)
        if unreadable(library):
            found.append(rescued(library))
        shutil.rmtree(library)
    named, others, given = map(sum, zip(*found, strict=True))
    figures.append(
        f"ledgers that could not be read: {len(found)} rescued, with {named} of {len(found) * len(KEPT)} files under "
        f"their names and {others} as recovered, and {given} of {len(found) * len(GIVEN)} texts"
    )
    assert named + others == len(found) * len(KEPT)
