"""What the ledger answers in a library that is large, and how much it remembers of what it has counted."""

import numpy as np
import pytest

from index.ledger import ENOUGH, Ledger
from index.records import Item
from index.scope import clause
from index.types import Document, Passage, Receipt, Scope

WORDS = "select rowid, -bm25(words, 1.0, 0.3) as score from words where words match ? order by score desc, rowid"


def item(source, texts):
    whole = "".join(texts)
    starts = np.cumsum([0, *(len(text) for text in texts)]).tolist()
    passages = [
        Passage(f"{source}-{at}", source, text, starts[at], starts[at + 1], None, "", "")
        for at, text in enumerate(texts)
    ]
    document = Document(source, source, whole, (), (), source, "text/plain")
    return Item(document, passages, [passage.id for passage in passages], source, Receipt(source, "added"))


def body(number):
    """A passage of the large library: two in five hold "report", a third "lion", a third "tiger", few "zebra"."""
    report = "report " * (1 + number % 2) if number % 5 < 2 else ""
    animal = ("lion ", "tiger ", "")[number % 3] * (1 + number % 4)
    return f"{report}{animal}{'zebra ' if number % 200 == 0 else ''}{'and so on ' * (1 + number % 7)}"


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    ledger = Ledger(tmp_path_factory.mktemp("large") / "ledger.sqlite")
    texts = [body(number) for number in range(2 * ENOUGH)]
    ledger.put([item("a.txt", texts[:ENOUGH]), item("b.txt", texts[ENOUGH:])])
    yield ledger
    ledger.close()


def test_the_best_by_words_are_those_of_all_that_hold_any_term(large):
    question = ["report", "lion", "tiger", "zebra"]
    assert large._rarest(question, 100) == ["zebra", "tiger", "lion"]
    every = large._database.read(WORDS, (" OR ".join(question),))
    assert list(large.search_words(question, 100)) == [row for row, _ in every[:100]]
    assert large.search_words(question, 100) == pytest.approx(dict(every[:100]))


def test_each_term_apart_scores_those_that_were_asked_for_and_are_in_scope(large):
    rows = range(ENOUGH - 50, ENOUGH + 50)
    zebra = dict(large._database.read(WORDS, ("zebra",)))
    tiger = dict(large._database.read(WORDS, ("tiger",)))
    assert large.words_apart(["tiger", "zebra", "so"], rows) == [
        pytest.approx({row: score for row, score in every.items() if row in rows}) for every in (zebra, tiger)
    ]
    [within] = large.words_apart(["zebra"], rows, Scope(documents=("b.txt",)))
    assert within == pytest.approx({row: score for row, score in zebra.items() if ENOUGH < row < ENOUGH + 50})


def test_a_scope_narrows_a_large_library(large):
    within = Scope(documents=("b.txt",))
    found = large.search_words(["report", "lion", "tiger", "zebra"], 50, within)
    only, values = clause(within)
    rows = large._database.read(
        f"select p.row from passages p join documents d on d.id = p.document where 1 {only}", values
    )
    inside = {row for (row,) in rows}
    every = large._database.read(WORDS, ("report OR lion OR tiger OR zebra",))
    assert list(found) == [row for row, _ in every if row in inside][:50]


def test_what_has_been_counted_is_counted_again_when_something_changes(tmp_path):
    ledger = Ledger(tmp_path / "ledger.sqlite")
    assert ledger.counts().total == 0
    ledger.put([item("a.txt", ["one. ", "two. "])])
    assert (ledger.counts().total, ledger.counts().meaning) == (2, 0)
    ledger.put_vectors(["a.txt-0"], np.ones((1, 4), dtype=np.float32))
    assert (ledger.counts().total, ledger.counts().meaning) == (2, 1)
    assert ledger.counts(Scope(documents=("b.txt",))).total == 0
    other = Ledger(tmp_path / "ledger.sqlite", writable=False)
    assert other.counts().meaning == 1
    ledger.delete("a.txt")
    assert ledger.counts().total == other.counts().total == 0
    other.close()
    ledger.close()


def test_the_questions_of_a_document_leave_the_disk_with_it(tmp_path):
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.put([item("a.txt", ["one"]), item("b.txt", ["two"])])
    ledger.put_questions("a.txt", ["Who is Zyxomma?"])
    ledger.put_questions("b.txt", ["Why?"])
    ledger.put_questions("gone.txt", ["Who is Wibbleton?"])
    assert ledger.questions() == {"a.txt": ["Who is Zyxomma?"], "b.txt": ["Why?"]}
    ledger.delete("a.txt")
    ledger.erase()
    assert ledger.questions() == {"b.txt": ["Why?"]}
    assert not any(b"Zyxomma" in file.read_bytes() for file in tmp_path.iterdir())
    ledger.close()


def test_what_waits_for_a_vector_comes_once_of_the_newest_documents_first_and_in_their_order(tmp_path):
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.put([item("a.txt", ["one. ", "two. "])])
    ledger.put([item("b.txt", ["three. ", "four. ", "three. "])])
    again = item("c.txt", ["five. ", "one. "])
    ledger.put([Item(again.document, again.passages, ["c.txt-0", "a.txt-0"], again.origin, again.receipt)])
    waiting, reached = ledger.pending(10)
    assert [key for key, _ in waiting] == ["c.txt-0", "a.txt-0", "b.txt-0", "b.txt-1", "b.txt-2", "a.txt-1"]
    assert dict(waiting)["b.txt-1"] == "four. "
    first, reached = ledger.pending(3)
    assert [key for key, _ in first] == ["c.txt-0", "a.txt-0", "b.txt-0"]
    assert [key for key, _ in ledger.pending(10, reached)[0]] == ["b.txt-0", "b.txt-1", "b.txt-2", "a.txt-0", "a.txt-1"]
    ledger.put_vectors(["b.txt-0", "a.txt-0"], np.ones((2, 4), dtype=np.float32))
    assert [key for key, _ in ledger.pending(10)[0]] == ["c.txt-0", "b.txt-1", "b.txt-2", "a.txt-1"]
    assert [key for key, _ in ledger.pending(10, reached)[0]] == ["b.txt-1", "b.txt-2", "a.txt-1"]
    ledger.put_vectors([key for key, _ in waiting], np.ones((6, 4), dtype=np.float32))
    assert ledger.pending(10) == ([], 0)
    ledger.close()
