"""Looks a library over after a kill, by every way that leads into it; each thing that is wrong is a sentence."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import numpy as np

from index.index import Index
from index.nearest import DIRTY
from index.seal import digest
from index.stores.memory import MemoryStore
from tests.crash.ingest import opened
from tests.crash.plan import allowed, document, plan

ENOUGH = 60
"""Passages that are asked for in the engine, spread over the library: half of a torn one's are missing."""

SECOND = 2_100
"""Passages that the second session adds: over twice the 1,000 after which Chroma 1.5.9 writes its index out."""


def inspect(
    library: Path, log: Path, seed: int, length: int, report: Path, second: int = SECOND, store: str = "chroma"
) -> None:
    """Opens, inspects, lets a second session write so many passages, inspects again, and writes the complaints down.

    Where there are none to write, only the first session is inspected, and whether the library opens once more.
    """
    expected = allowed(plan(seed, length), log)
    began = time.monotonic()
    with opened(library, store) as index:
        wrong = [*_asked_at_once(index, expected)]
        index.wait()
        healthy = time.monotonic() - began
        wrong += [f"first: {line}" for line in complaints(index, expected)]
    with opened(library, store) as index:
        more = [(f"s{number}", "", document(f"s{number}", 0, 100)) for number in range(second // 100)]
        index.add_texts(more)
        grown = {**expected, **{source: {text} for source, _, text in more}}
        wrong += [f"second: {line}" for line in (complaints(index, grown) if more else _documents(index, grown))]
    if more:
        with opened(library, store) as index:
            index.wait()
            wrong += [f"third: {line}" for line in complaints(index, grown)]
    report.write_text(json.dumps({"wrong": wrong, "healthy": healthy}))


def complaints(index: Index, expected: Mapping[str, set[str | None]]) -> list[str]:
    """What is not as it must be in a library that has no work left."""
    return [
        *_documents(index, expected),
        *_vectors(index),
        *_originals(index),
        *_left_over(index),
        *([] if _as_meant(index) else ["the engine is not in use: " + index._nearest.problem]),
    ]


def _as_meant(index: Index) -> bool:
    return index._nearest._engine is not None or index._nearest._name == "memory"


def _asked_at_once(index: Index, expected: Mapping[str, set[str | None]]) -> list[str]:
    """A question right after opening, before anything was put in order in the background."""
    wrong = []
    for source, texts in list(expected.items())[-20:]:
        if None not in texts and len(texts) == 1:
            word = next(iter(texts)).split()[0]
            if not _by_words(index, word, source):
                wrong.append(f"{source} is not found by its word {word} right after opening")
    return wrong


def _documents(index: Index, expected: Mapping[str, set[str | None]]) -> list[str]:
    wrong = []
    there = {entry.source: entry for entry in index.documents()}
    for source in there.keys() - expected.keys():
        wrong.append(f"{source} is there and was never added")
    for source, texts in expected.items():
        if source not in there:
            wrong += [] if None in texts else [f"{source} is lost"]
            continue
        document = index.document(source)
        passages = index.passages(source)
        if document.text not in texts:
            wrong.append(f"{source} has a text that it never had")
        if "".join(passage.text for passage in passages) != document.text:
            wrong.append(f"the passages of {source} are not its text")
        if (there[source].passages, there[source].ready) != (len(passages), len(passages)):
            wrong.append(f"{source} has {there[source].ready} of {len(passages)} vectors")
        if not _by_words(index, document.text.split()[0], source):
            wrong.append(f"{source} is not found by words")
        hits = index.search(passages[0].text, 1)
        if not hits or hits[0].passage.text != passages[0].text:
            wrong.append(f"{source} is not found by a question")
    return wrong


def _by_words(index: Index, word: str, source: str) -> bool:
    """Whether a word that stands in no other document leads to this one."""
    rows = index.ledger.rows(list(index.ledger.search_words([word], 5)))
    return [passage.source for passage, _ in rows.values()] == [source]


def _vectors(index: Index) -> list[str]:
    """The vectors are right, an exact scan finds each, and so does the engine."""
    wrong = []
    keys, vectors = index.ledger.vectors()
    if not keys:
        return []
    texts = {sha256(passage.text.encode()).hexdigest()[:32]: passage.text for passage in index.passages()}
    if set(texts) != set(keys):
        wrong.append(f"{len(set(texts) - set(keys))} passages have no vector")
    exact = MemoryStore()
    exact.add(keys, vectors)
    engine = index._nearest._engine
    if engine is not None and set(engine.keys()) != set(keys):
        wrong.append(f"the engine has {engine.count()} keys and the ledger {len(keys)}")
    for place in range(0, len(keys), max(1, len(keys) // ENOUGH)):
        fresh = index.embedder.embed([texts[keys[place]]])[0]
        if not np.array_equal(fresh, vectors[place]):
            wrong.append(f"the vector of {keys[place]} is not that of its text")
        if exact.search(fresh, 1)[0][0] != keys[place]:
            wrong.append(f"the exact scan does not find {keys[place]}")
        if engine is not None and [key for key, _ in engine.search(fresh, 1)] != [keys[place]]:
            wrong.append(f"the engine does not find {keys[place]}")
    return wrong


def _originals(index: Index) -> list[str]:
    """The file that each document was read from is kept, byte for byte."""
    wrong = []
    for source, origin in index.ledger.origins().items():
        known = index.ledger.known(source)
        kept = list((index.folder / "files").glob(f"{known.sha256}.*")) if known else []
        if origin != "text" and [digest(file) for file in kept] != [known.sha256 if known else ""]:
            wrong.append(f"the original of {source} is not what was added")
    return wrong


def _left_over(index: Index) -> list[str]:
    """Files that belong to no document."""
    used = index.ledger.hashes()
    files = [file for file in (index.folder / "files").glob("*") if file.name.split(".")[0] not in used]
    spool = [file for file in (index.folder / "spool").rglob("*") if file.is_file()]
    aside = [file for file in (index.folder / "chroma.new",) if file.exists()]
    marks = [] if _as_meant(index) or index.ledger.fact(DIRTY) is None else [Path("the mark")]
    return [f"{file.name} is left over" for file in (*files, *spool, *aside, *marks)]
