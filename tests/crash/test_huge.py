"""Huge files are read whole in little memory, are told of while they are read, and hold up nobody else."""

import json
import threading
import time
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest

from index.allowance import allowing
from index.embed import open_embedder
from index.index import Index
from index.loaders.pdf import load
from index.loaders.txt import paragraphs
from index.sentences import sentences
from index.split import split
from index.types import Document
from tests.crash import children, huge
from tests.crash.quick import QuickEmbedder

MOST = 1_500
"""Megabytes that the service may hold, with all that it has loaded."""

READER = 1_150
"""Megabytes that a reader may hold: its limit for one file, and what it takes when it has read nothing yet."""


class Embedder(QuickEmbedder):
    """Counts tokens as the bundled model does, and gives each text a vector drawn from it."""

    tokens = 254

    def __init__(self):
        super().__init__(384)
        self._real = open_embedder()

    def lengths(self, texts):
        return self._real.lengths(texts)

    def embed(self, texts):
        drawn = [np.random.default_rng(zlib.crc32(text.encode())).standard_normal(384) for text in texts]
        return np.stack([vector / np.linalg.norm(vector) for vector in drawn]).astype(np.float32)

    def embed_query(self, text):
        return self.embed([text])[0]


def megabytes(pid):
    """The most that a process held so far, 0 for one that is gone."""
    try:
        told = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in told.splitlines() if line.startswith("VmHWM")), 0)


def readers():
    """The processes that this one has started."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        try:
            found += (task / "children").read_text().split()
        except OSError:
            continue
    return found


class Watch:
    """The most that the readers held, looked at twenty times a second."""

    def __init__(self):
        self.most = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        while not self._over.wait(0.05):
            self.most = max(self.most, *map(megabytes, readers()), 0)

    def close(self):
        self._over.set()
        self._thread.join()


def add(file, library, report):
    """Adds a huge file, and beside it, as soon as its reader is at work, a small one, which is asked for at once."""
    told = {"pages": [], "before": megabytes("self")}
    beside = library.parent / "beside.txt"
    beside.write_text("The quixotic walrus sings.")
    with Index.open(library, embedder=Embedder()) as index:
        watch = Watch()
        index.add_texts([("first", "", "A first text of planets and moons.")])
        if file.stat().st_size > 100_000_000:
            index.pause()

        def small():
            time.sleep(1)
            began = time.monotonic()
            index.add(beside, wait=False)
            told["alone"] = file.name not in {entry.source for entry in index.documents()}
            told["found"] = "walrus" in index.search("quixotic walrus", 1)[0].passage.text
            told["beside"] = time.monotonic() - began

        other = threading.Thread(target=small)
        other.start()
        began = time.monotonic()
        [receipt] = index.add(file, wait=False, progress=lambda far: told["pages"].append((far.page, far.of)))
        told["added"] = time.monotonic() - began
        other.join()
        told["receipt"] = [receipt.state, receipt.pages, receipt.characters, receipt.passages, receipt.problem]
        told["unexplained"] = receipt.unexplained
        # So many vectors take longer than all else together, and Chroma keeps them in memory.
        if receipt.state == "added" and receipt.passages < 100_000:
            began = time.monotonic()
            index.wait()
            told["vectors"] = time.monotonic() - began
            told["last"] = index.passages(file.name)[-1].text
        began = time.monotonic()
        index.search("planets and moons", 5)
        told["search"] = time.monotonic() - began
        told["reader"] = watch.most
        watch.close()
    told["service"] = megabytes("self")
    report.write_text(json.dumps(told))


def added(tmp_path, figures, write, suffix, *given):
    file, report = tmp_path / f"huge.{suffix}", tmp_path / "report"
    write(file, *given)
    assert children.join(children.start(add, file, tmp_path / "library", report), 3_000) == 0
    told = json.loads(report.read_text())
    state, pages, characters, passages, _ = told["receipt"]
    figures.append(
        f"{write.__name__} {given}, {file.stat().st_size / 1e6:,.0f} MB: {state}, {pages:,} pages, {characters:,} "
        f"characters, {passages:,} passages in {told['added']:.1f} s, vectors {told.get('vectors', 0):.1f} s later; "
        f"most held: service {told['service']:,} MB ({told['before']:,} before), reader {told['reader']:,} MB; "
        f"a small file beside it found in {told['beside']:.2f} s, a question after it {1000 * told['search']:.0f} ms"
    )
    # It was asked for before the huge file was in.
    assert told["alone"] and told["found"] and told["beside"] < 20
    assert told["service"] < MOST
    assert told["reader"] < READER
    return told


@pytest.mark.slow
@pytest.mark.parametrize("pages", [1_000, 5_000])
def test_a_pdf_of_thousands_of_pages_is_read_whole(tmp_path, figures, pages):
    told = added(tmp_path, figures, huge.pdf, "pdf", pages)
    assert told["receipt"][:2] == ["added", pages]
    assert told["unexplained"] == 0
    assert [page for page, of in told["pages"] if of == pages] == list(range(100, pages + 1, 100))


@pytest.mark.slow
@pytest.mark.parametrize(("write", "suffix"), [(huge.xlsx, "xlsx"), (huge.csv, "csv")])
def test_a_table_of_a_hundred_thousand_rows_is_read_whole(tmp_path, figures, write, suffix):
    told = added(tmp_path, figures, write, suffix, 100_000)
    assert told["receipt"][0] == "added"
    assert told["unexplained"] == 0
    assert "order99999" in told["last"]


@pytest.mark.slow
@pytest.mark.parametrize(("size", "one_line"), [(50_000_000, True), (300_000_000, False)])
def test_a_text_of_hundreds_of_megabytes_is_read_whole(tmp_path, figures, size, one_line):
    told = added(tmp_path, figures, huge.text, "txt", size, one_line)
    assert told["receipt"][0] == "added"
    assert told["receipt"][2] >= size
    assert told["unexplained"] == 0


@pytest.mark.slow
def test_a_store_of_more_vectors_than_chroma_takes_at_a_time_is_built_anew(tmp_path):
    """Chroma 1.5.9 refuses more than 5,461 in one call."""
    text = "\n\n".join(f"Paragraph {number} speaks of {'planets and moons ' * 40}" for number in range(6_000))
    with Index.open(tmp_path / "library", embedder=QuickEmbedder()) as index:
        index.add_texts([("book", "", text)])
        keys = len(index.ledger.keys())  # like passages share one
        assert keys > 5_461
        index._nearest.rebuild()
        assert index._nearest._engine.count() == keys


def test_the_pages_of_a_long_pdf_are_told_hundred_by_hundred(tmp_path):
    huge.pdf(tmp_path / "a.pdf", 250, lines=1)
    told = []
    with allowing(lambda page, of: told.append((page, of)) or True):
        document = load(tmp_path / "a.pdf")
    assert [at for at in told if at != (0, 0)] == [(100, 250), (200, 250)]
    assert len(document.pages) == 250
    assert "leaf250" in document.text


def test_a_long_pdf_is_cancelled_while_it_is_read(tmp_path):
    huge.pdf(tmp_path / "a.pdf", 3_000, lines=12)
    (tmp_path / "b.txt").write_text("The quixotic walrus sings.")
    cancel = threading.Event()
    seen = []

    def stop(far):
        seen.append((far.page, far.of, far.left is not None))
        cancel.set()

    with Index.open(tmp_path / "library", embedder=QuickEmbedder(), store="memory") as index:
        [receipt] = index.add(tmp_path / "a.pdf", wait=False, progress=stop, cancel=cancel)
        assert receipt.state == "cancelled"
        assert seen[0] == (100, 3_000, True)
        assert (index.progress().page, index.progress().of) == (0, 0)
        index.add(tmp_path / "b.txt", wait=False)
        assert [entry.source for entry in index.documents()] == ["b.txt"]
        assert list((tmp_path / "library" / "spool").iterdir()) == []


def test_splitting_is_cancelled_between_two_batches_of_sentences(tmp_path):
    huge.text(tmp_path / "a.txt", 400_000)
    cancel = threading.Event()

    class Stopping(QuickEmbedder):
        def lengths(self, texts):
            cancel.set()
            return super().lengths(texts)

    with Index.open(tmp_path / "library", embedder=Stopping(), store="memory") as index:
        [receipt] = index.add(tmp_path / "a.txt", wait=False, cancel=cancel)
        assert receipt.state == "cancelled"
        assert index.documents() == []


def test_a_book_is_split_in_less_memory_than_its_text_takes(tmp_path):
    huge.text(tmp_path / "a.txt", 1_000_000)
    text = (tmp_path / "a.txt").read_text()
    whole = Document("a.txt", "a", text, (), (), "", "text/plain")
    tracemalloc.start()
    try:
        passages = split(whole, lambda texts: [len(one) // 4 for one in texts], 254)
        assert tracemalloc.get_traced_memory()[1] < len(text) // 2
    finally:
        tracemalloc.stop()
    assert len(passages) > 1_000
    assert "".join(passage.text for passage in passages) == text
    assert passages[-1] == list(passages)[-1]
    assert passages[2:4] == list(passages)[2:4]


@pytest.mark.parametrize(
    ("work", "text"),
    [
        (sentences, "cell | " * 30_000),
        (sentences, "word " * 200_000),
        (sentences, "(" * 300_000),
        (sentences, " " * 300_000),
        (sentences, "\n" * 300_000),
        (paragraphs, " " * 300_000),
        (paragraphs, "word\n" + " " * 300_000 + "word"),
    ],
    ids=["bars", "words", "brackets", "blanks", "lines", "blanks of a text", "blanks within a text"],
)
def test_a_line_that_is_a_whole_file_takes_a_time_that_grows_with_its_length(work, text):
    began = time.process_time()
    work(text)
    assert time.process_time() - began < 2


def test_a_long_paragraph_has_the_same_sentences_however_it_is_looked_at():
    one = "One sentence stands here. And Dr. Smith wrote the next one, in 3.5 hours. "
    found = sentences(one * 10_000)
    assert len(found) == 20_000
    assert found[:2] == sentences(one)
    assert all(end - start == (25, 47)[place % 2] for place, (start, end) in enumerate(found))
