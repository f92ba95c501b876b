"""The question sets cut and indexed in one way, with all that is costly kept: what the ablation tries its variants on."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.evaluation.cases import load_cases
from assistant.evaluation.types import Case
from index.embed import SentenceTransformerEmbedder
from index.intake import _from_text
from index.read import read
from index.split import split
from index.types import Document, Passage
from tests.benchmarks import sets
from tests.benchmarks.sets import NORTHWIND, Slice


@dataclass(frozen=True, slots=True)
class Ground:
    """A set's documents and its questions."""

    name: str
    documents: tuple[Document, ...]
    cases: tuple[Case, ...]


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
        "slice": lambda: sets.scifact(data, Slice(1200, None)),
        "squad": lambda: sets.squad(data, Slice(None, 500)),
    }[name]()
    return Ground(name, tuple(_from_text(source, "", text) for source, text in trial.texts), trial.cases)


def passages(place: Ground, characters: int) -> list[Passage]:
    """All passages of the set's documents, none longer than that many characters."""
    embedder = SentenceTransformerEmbedder()
    return [p for document in place.documents for p in split(document, embedder.lengths, embedder.tokens, characters)]
