"""A question set cut and indexed in one way, with what every search gives every passage: what variants are tried on."""

from __future__ import annotations

import json
import pickle
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.evaluation.cases import load_cases
from assistant.evaluation.types import Case, Evidence
from index.embed import open_embedder
from index.fuse import ELSEWHERE
from index.index import Index
from index.intake import _from_text
from index.ledger import CONTEXT_WEIGHT
from index.read import read
from index.split import split
from index.types import Document, Passage
from index.wording import APART, ENOUGH
from index.words import indexed, stem, terms, words
from tests.benchmarks import sets
from tests.benchmarks.drive import Broken
from tests.benchmarks.sets import NORTHWIND, Slice
from tests.benchmarks.vectors import Pooled

Scored = tuple[np.ndarray, np.ndarray]
"""Numbers of passages, and what each of them scores."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A set's documents and its questions."""

    name: str
    documents: tuple[Document, ...]
    cases: tuple[Case, ...]


@dataclass(slots=True)
class Bed:
    """The passages of a set, and arrays of shape (questions, passages): bm25 of words as they stand and of stems, the
    cosine, and that of the best sentence inside. `of` is the number of each passage's document. `apart` says for each
    question and each of its terms which passages of short documents hold it, and their bm25 by it alone."""

    ground: Ground
    passages: list[Passage]
    of: np.ndarray
    plain: np.ndarray
    stemmed: np.ndarray
    cosines: np.ndarray
    sentences: np.ndarray
    apart: list[list[Scored]]


def ground(name: str, data: Path, kept: Path) -> Ground:
    """The documents of a set as the library reads them, without titles where the benchmark gives none."""
    if name == "northwind":
        file = kept / "northwind.pickle"
        if not file.exists():
            kept.mkdir(parents=True, exist_ok=True)
            file.write_bytes(pickle.dumps([read(data / "northwind" / one, one) for one in NORTHWIND]))
        cases = load_cases(data / "northwind" / "questions.jsonl").cases
        return Ground(name, tuple(pickle.loads(file.read_bytes())), cases)
    trial = {
        "chunking": lambda: sets.chunking(data, Slice(None, None)),
        "scifact": lambda: sets.scifact(data, Slice(None, None)),
        "scifact slice": lambda: sets.scifact(data, Slice(1200, None)),
        "squad": lambda: sets.squad(data, Slice(None, 500)),
    }[name]()
    cases = trial.cases + (tuple(_train(data)) if name == "scifact" else ())
    return Ground(name, tuple(_from_text(source, "", text) for source, text in trial.texts), cases)


def filled(index: Index, place: Ground, data: Path) -> None:
    """Adds what a library lacks of a set's documents, and returns when all can be found by meaning too.

    Raises `Broken` where one of them is refused, as on a machine too busy to read it in time.
    """
    there = set(index.ledger.sources())
    lacking = {one.source: one.text for one in place.documents if one.source not in there}
    if place.name == "northwind":
        receipts = [receipt for name in lacking for receipt in index.add(data / place.name / name, wait=False)]
    else:
        receipts = index.add_texts([(source, "", text) for source, text in lacking.items()], wait=False)
    for receipt in receipts:
        if receipt.problem:
            raise Broken(f"{receipt.source}: {receipt.problem}")
    index.wait()


def passages(place: Ground, characters: int) -> list[Passage]:
    """All passages of the set's documents, none longer than that many characters."""
    embedder = open_embedder()
    return [p for document in place.documents for p in split(document, embedder.lengths, embedder.tokens, characters)]


def bed(place: Ground, characters: int, pooled: Pooled) -> Bed:
    """What both searches give the passages of a set for each of its questions."""
    cut = passages(place, characters)
    means = [rows for _, rows in pooled.of([passage.text for passage in cut])]
    asked = [case.question for case in place.cases]
    queries = np.array([rows[0] for _, rows in pooled.of(asked)], np.float32)
    queries /= np.linalg.norm(queries, axis=1, keepdims=True)
    sizes = [max(1, len(rows) - 1) for rows in means]
    of = np.unique([passage.source for passage in cut], return_inverse=True)[1]
    plain = _words(cut, forms=False)
    stemmed, apart = by_stems(cut, asked, of)
    inside = queries @ _unit(np.concatenate([rows[1:] if len(rows) > 1 else rows for rows in means])).T
    return Bed(
        place,
        cut,
        of,
        np.stack([_bm25(plain, dict.fromkeys(terms(question)), len(cut)) for question in asked]),
        stemmed,
        queries @ _unit(np.array([rows[0] for rows in means])).T,
        np.maximum.reduceat(inside, np.concatenate([[0], np.cumsum(sizes)[:-1]]), axis=1),
        apart,
    )


def _unit(rows: np.ndarray) -> np.ndarray:
    rows = rows.astype(np.float32)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def by_stems(cut: list[Passage], asked: list[str], of: np.ndarray) -> tuple[np.ndarray, list[list[Scored]]]:
    """The bm25 of stems that each question gives each passage, and what `Bed.apart` holds."""
    base = _words(cut, forms=True)
    short = np.bincount(of)[of] <= len(ELSEWHERE)
    whole = np.stack([_bm25(base, _stems(question), len(cut)) for question in asked])
    return whole, [_apart(base, question, short) for question in asked]


def _words(cut: list[Passage], forms: bool) -> sqlite3.Connection:
    """The product's words index over the passages, of the words as they stand or of their stems."""
    base = sqlite3.connect(":memory:")
    base.execute(
        "create virtual table words using fts5("
        "text, context, content='', tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co M*'\")"
    )
    put = indexed if forms else lambda text: " ".join(words(text))
    base.executemany(
        "insert into words (rowid, text, context) values (?, ?, ?)",
        ((row, put(passage.text), put(passage.context)) for row, passage in enumerate(cut)),
    )
    return base


def _stems(question: str) -> list[str]:
    return list(dict.fromkeys(map(stem, terms(question))))


def _bm25(base: sqlite3.Connection, wanted: Collection[str], count: int) -> np.ndarray:
    """The bm25 of each of so many passages, 0 for those that hold none of the terms."""
    scores = np.zeros(count, np.float32)
    match = " OR ".join(f'"{term}"' for term in wanted)
    query = "select rowid, -bm25(words, 1.0, ?) from words where words match ?"
    for row, score in base.execute(query, (CONTEXT_WEIGHT, match)) if match else ():
        scores[row] = max(0.0, score)
    return scores


def _apart(base: sqlite3.Connection, question: str, short: np.ndarray) -> list[Scored]:
    """As `Wording.words_apart` gives it, over all passages of short documents."""
    found = [_bm25(base, [term], len(short)) for term in (_stems(question) if short.any() else ())]
    rare = sorted((each for each in found if (each > 0).sum() <= ENOUGH), key=lambda each: (each > 0).sum())[:APART]
    rows = [np.flatnonzero((each > 0) & short) for each in rare]
    return [(held, each[held]) for held, each in zip(rows, rare, strict=True)]


def _train(data: Path) -> Iterator[Case]:
    """SciFact's questions for training, on the names under which `sets.scifact` has the abstracts."""
    folder = data / "scifact"
    lines = (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    names = {json.loads(line)["_id"]: f"d{number}" for number, line in enumerate(lines)}
    asked = [json.loads(line) for line in (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()]
    questions = {fields["_id"]: fields["text"] for fields in asked}
    evidence: dict[str, list[Evidence]] = defaultdict(list)
    for line in (folder / "qrels" / "train.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        name, document, grade = line.split("\t")
        if float(grade) > 0:
            evidence[name].append(Evidence(names[document], grade=float(grade)))
    return (Case(f"train {name}", questions[name], evidence=tuple(pieces)) for name, pieces in evidence.items())
