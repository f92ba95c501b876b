"""A vector store that a crash has torn or a disk has changed is found out before it answers, and built anew."""

import json
import os
import random
import shutil

import pytest

from tests.crash import children
from tests.crash.ingest import opened
from tests.crash.inspection import complaints
from tests.crash.plan import document

SOURCES = [f"d{number}" for number in range(13)]
TEXTS = {source: document(source, 0, 100) for source in SOURCES}


def fill(library):
    """A library whose vectors are over the 1,000 after which Chroma writes its index out."""
    with opened(library) as index:
        index.add_texts([(source, "", text) for source, text in TEXTS.items()])


def segments(library):
    """The names of the folders that Chroma made for its index: drawn by chance each time one is built."""
    return sorted(folder.name for folder in (library / "chroma").glob("*/"))


def look(library, report):
    """What is wrong with a library that was harmed: with the answer to a first question, and once it is settled."""
    before = segments(library)
    with opened(library) as index:
        last = "\n\n".join(TEXTS["d5"].split("\n\n")[-2:])
        wrong = [] if index.search(last, 5)[0].passage.text == last else ["the first answer is wrong"]
        index.wait()
        wrong += complaints(index, {source: {text} for source, text in TEXTS.items()})
        anew = segments(library) != before
    report.write_text(json.dumps({"wrong": wrong, "anew": anew}))


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    library = tmp_path_factory.mktemp("filled") / "library"
    assert children.run(fill, library) == 0
    assert len(list((library / "chroma").rglob("*.bin"))) == 4
    return library


def looked(filled, folder, harm):
    library = folder / "library"
    shutil.copytree(filled, library)
    harm(library / "chroma")
    status = children.run(look, library, folder / "report")
    assert (folder / "report").exists(), f"the library brought its process down with status {status}"
    return json.loads((folder / "report").read_text())


def flip(file, seed):
    """Turns one bit over, at a place drawn from the seed."""
    draw = random.Random(f"{file.name} {seed}")
    content = bytearray(file.read_bytes())
    content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
    file.write_bytes(content)


def the(chroma, name):
    return next(file for file in chroma.rglob("*") if file.name == name)


FILES = ("chroma.sqlite3", "data_level0.bin", "header.bin", "length.bin", "link_lists.bin", "index_metadata.pickle")

HARMS = {
    **{f"flip {seed} {name}": lambda c, n=name, s=seed: flip(the(c, n), s) for name in FILES for seed in range(4)},
    **{f"half of {name}": lambda c, n=name: os.truncate(the(c, n), the(c, n).stat().st_size // 2) for name in FILES},
    **{f"zeros {name}": lambda c, n=name: the(c, n).write_bytes(bytes(the(c, n).stat().st_size)) for name in FILES},
    **{f"no {name}": lambda c, n=name: the(c, n).unlink() for name in FILES},
    "3 TB of nothing": lambda c: os.truncate(the(c, "link_lists.bin"), 3 << 40),
    "another file": lambda c: (c / "more").write_bytes(b""),
    "no folder": shutil.rmtree,
    "an empty folder": lambda c: (shutil.rmtree(c), c.mkdir()),
}

FEW = ("flip 0 data_level0.bin", "3 TB of nothing")


def test_a_store_that_nobody_harmed_is_used_as_it_is(filled, tmp_path):
    assert looked(filled, tmp_path, lambda chroma: None) == {"wrong": [], "anew": False}


@pytest.mark.parametrize("harm", FEW)
def test_a_harmed_store_is_built_anew_before_it_answers(filled, tmp_path, harm):
    assert looked(filled, tmp_path, HARMS[harm]) == {"wrong": [], "anew": True}


@pytest.mark.slow
def test_every_harm_to_a_store_is_found_out(filled, tmp_path, figures):
    unseen = []
    for number, (name, harm) in enumerate(HARMS.items()):
        (tmp_path / str(number)).mkdir()
        if looked(filled, tmp_path / str(number), harm) != {"wrong": [], "anew": True}:
            unseen.append(name)
    figures.append(f"harm to Chroma's files: {len(HARMS) - len(unseen)} of {len(HARMS)} found out and made good")
    assert not unseen
