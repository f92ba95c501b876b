"""Our own question sets: one JSON object a line, every field but `question` optional."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from assistant.evaluation.fields import case_of
from assistant.evaluation.lines import digest, gather, object_in, text_of
from assistant.evaluation.types import Case, QuestionSet

SUFFIXES = (".jsonl", ".ndjson")


def recognises(path: Path, head: str) -> bool:
    """Whether the name says JSON lines, and the first line is not Northwind's."""
    return path.suffix.lower() in SUFFIXES and not has_truth(head)


def read(path: Path) -> QuestionSet:
    """The set in a file of JSON lines; the files beside it that its evidence names are its documents."""
    lines = enumerate(text_of(path).split("\n"), 1)
    cases = gather(path.name, ((number, partial(_case, line, number)) for number, line in lines if line.strip()))
    return QuestionSet(path.stem, tuple(cases), files=beside(path, cases), sha256=digest(path))


def has_truth(head: str) -> bool:
    """Whether the first line of a file is an object with a `truth`, whole or cut off."""
    first = head.lstrip("\ufeff").lstrip().split("\n", 1)[0]
    try:
        found = json.loads(first)
    except json.JSONDecodeError:
        return '"truth":' in first
    return isinstance(found, dict) and "truth" in found


def beside(path: Path, cases: list[Case]) -> tuple[Path, ...]:
    """The files in the set's own folder that its evidence names, in the order of their names."""
    names = {piece.document for case in cases for piece in case.evidence}
    safe = {name for name in names if not Path(name).is_absolute() and ".." not in Path(name).parts}
    return tuple(path.parent / name for name in sorted(safe) if (path.parent / name).is_file())


def _case(line: str, number: int) -> Case:
    return case_of(object_in(line), number)
