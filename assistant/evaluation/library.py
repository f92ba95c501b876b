"""Fills the library that questions are asked of, and waits until every passage is found by meaning too."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TextIO

from assistant.evaluation.ask import Answerer
from assistant.evaluation.errors import MissingDocuments
from assistant.evaluation.grid import counted
from assistant.evaluation.lines import SHOWN, digest
from assistant.evaluation.locate import Shelf, missing
from assistant.evaluation.overlap import Stretch
from assistant.evaluation.progress import Progress
from assistant.evaluation.types import QuestionSet, Text
from index.originals import walk
from index.types import Receipt

BATCH = 500


def fill(
    assistant: Answerer, questions: QuestionSet, documents: Path | None, wait: bool, stream: TextIO | None
) -> tuple[Receipt, ...]:
    """Adds what the questions are about: `documents`, else the texts that the set carries, else the files it names.

    What is there already stays as it is. `wait` for every vector, or leave them to follow.
    """
    receipts: list[Receipt] = []
    known = {entry.source: entry.sha256 for entry in assistant.documents()}
    if documents is not None:
        receipts += _added(assistant, documents, questions.path)
    elif questions.texts:
        fresh = [text for text in questions.texts if known.get(text.source) != _sha256(text.text)]
        for start in range(0, len(fresh), BATCH):
            batch = fresh[start : start + BATCH]
            receipts += assistant.add_texts([(text.source, text.title, text.text) for text in batch], wait=False)
    else:
        for file in (file for file in questions.files if file.name not in known):
            receipts += assistant.add(file, wait=False)
    if wait:
        with Progress(stream, "passages ready", 0) as progress:
            assistant.wait(lambda far: progress.at(far.ready, far.passages))
        assistant.warm()
    return tuple(receipts)


def _added(assistant: Answerer, documents: Path, questions: Path | None) -> list[Receipt]:
    """Adds a file or a folder, but for the questions that may lie in it: they hold the answers."""
    if questions is None or not questions.is_relative_to(documents.resolve()):
        return assistant.add(documents, wait=False)
    receipts: list[Receipt] = []
    for file, source in walk(documents, None):
        if not file.resolve().is_relative_to(questions):
            receipts += assistant.add(file, name=source, wait=False)
    return receipts


def check_complete(questions: QuestionSet, shelf: Shelf, receipts: Sequence[Receipt]) -> tuple[str, ...]:
    """Sentences on documents that could not be read; raises `MissingDocuments` for those that were never there."""
    refused = {receipt.source: receipt.problem for receipt in receipts if receipt.problem}
    absent = {
        name: count for name, count in missing(questions, shelf).items() if Path(name).name not in _names(refused)
    }
    if absent:
        shown = [f"{name!r} ({counted(count, 'question')})" for name, count in list(absent.items())[:SHOWN]]
        more = f" and {len(absent) - SHOWN:,} more" if len(absent) > SHOWN else ""
        raise MissingDocuments(
            f"the questions rest on documents that are not there: {', '.join(shown)}{more}; "
            "name the file or folder that holds them with --documents"
        )
    notes = [f"{source} could not be read: {problem}" for source, problem in refused.items()]
    rest = [f"{counted(len(notes) - SHOWN, 'more document')} could not be read"] if len(notes) > SHOWN else []
    return (*notes[:SHOWN], *rest)


def fingerprint(assistant: Answerer) -> str:
    """A hash of the names and contents of all documents in a library, in hexadecimal."""
    entries = sorted((entry.source, entry.sha256) for entry in assistant.documents())
    return hashlib.sha256(repr(entries).encode()).hexdigest()


def files_digest(path: Path | None, files: Sequence[Path] = ()) -> str:
    """A hash of the names and contents of the files at a path, or of those given, in hexadecimal; "" for none."""
    if path is not None and not path.exists():
        raise MissingDocuments(f"there are no documents at {path}")
    within = [path] if path and path.is_file() else sorted(path.rglob("*")) if path else list(files)
    held = [(file.relative_to(path).as_posix() if path and path.is_dir() else file.name, file) for file in within]
    named = [(name, digest(file)) for name, file in held if file.is_file()]
    return hashlib.sha256(repr(named).encode()).hexdigest() if named else ""


def shelf_of_texts(texts: Sequence[Text]) -> Shelf:
    """The documents that a question set carries, with no library."""
    held = {text.source: text.text for text in texts}
    return Shelf(frozenset(held), held.__getitem__, lambda source: 0)


def passages_of(assistant: object) -> Callable[[str], Sequence[Stretch]] | None:
    """The stretches that a source was split into, each source read once; None where the assistant has no index."""
    index: Any = getattr(assistant, "index", None)
    if not hasattr(index, "passages"):
        return None
    kept: dict[str, list[Stretch]] = {}

    def stretches(source: str) -> Sequence[Stretch]:
        if source not in kept:
            kept[source] = [(passage.start, passage.end) for passage in index.passages(source)]
        return kept[source]

    return stretches


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _names(sources: dict[str, str]) -> set[str]:
    return {Path(source).name for source in sources}
