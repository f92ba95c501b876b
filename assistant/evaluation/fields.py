"""Makes a case of named fields, as a line of JSON or a row of a table holds them."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Sequence

from assistant.evaluation.lines import Fields, kind_of
from assistant.evaluation.types import Case, Evidence

KNOWN = ("id", "question", "answers", "evidence", "answerable", "kind", "history", "reference")
PLACES = ("document", "quote", "start", "end", "page", "slack", "grade")


def case_of(fields: Fields, line: int) -> Case:
    """The case that the fields describe; raises ValueError with what is wrong, fit to follow "line 3 "."""
    _spelled(fields, KNOWN)
    question = string(fields, "question").strip()
    if not question:
        raise ValueError("has no question")
    answers = strings(fields.get("answers"), "answers")
    answerable = fields.get("answerable", True)
    if not isinstance(answerable, bool):
        raise ValueError(f"has 'answerable' as {kind_of(answerable)}; true or false would work")
    if answers and not answerable:
        raise ValueError("gives answers, although 'answerable' is false")
    history = _history(fields.get("history"))
    return Case(
        id=string(fields, "id") or identity(question, history),
        question=question,
        answers=tuple(answers),
        evidence=tuple(_evidence(piece) for piece in _listed(fields.get("evidence"), "evidence")),
        answerable=answerable,
        kind=string(fields, "kind"),
        history=history,
        reference=string(fields, "reference"),
        line=line,
    )


def identity(question: str, history: Sequence[tuple[str, str]] = ()) -> str:
    """An id for a question that has none: the same for the same words, in any set."""
    return hashlib.sha256(repr((question, tuple(history))).encode()).hexdigest()[:12]


def string(fields: Fields, name: str) -> str:
    """A field that is a string, or a number to be taken as one; "" where it is absent."""
    value = fields.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"has {name!r} as {kind_of(value)}; a string would work")
    return str(value)


def strings(value: object, name: str) -> list[str]:
    """A list of strings that are not blank; one string alone is taken as a list of one."""
    items = [value] if isinstance(value, str) else _listed(value, name)
    for item in items:
        if not isinstance(item, str) or not item.strip():
            raise ValueError(f"has {kind_of(item) if item else 'an empty string'} among {name!r}; only text would work")
    return [str(item) for item in items]


def _evidence(piece: object) -> Evidence:
    if not isinstance(piece, dict):
        raise ValueError(f"has {kind_of(piece)} in 'evidence'; an object with 'document' would work")
    _spelled(piece, PLACES)
    document = string(piece, "document")
    if not document:
        raise ValueError("has evidence that names no 'document'")
    start, end, page = (_count(piece, name) for name in ("start", "end", "page"))
    if (start is None) != (end is None):
        raise ValueError("has evidence with only one of 'start' and 'end'")
    if start is not None and end is not None and end <= start:
        raise ValueError(f"has evidence that ends at {end}, where it starts at {start}")
    if page == 0:
        raise ValueError("has evidence on page 0; pages count from 1")
    grade = piece.get("grade", 1.0)
    if isinstance(grade, bool) or not isinstance(grade, int | float) or grade <= 0:
        raise ValueError("has evidence whose 'grade' is not a number above 0")
    slack = _count(piece, "slack") or 0
    return Evidence(document, string(piece, "quote"), start, end, page, slack, float(grade))


def _history(value: object) -> tuple[tuple[str, str], ...]:
    turns = []
    for turn in _listed(value, "history"):
        pair = turn if isinstance(turn, list) else []
        if len(pair) != 2 or not all(isinstance(part, str) for part in pair):
            raise ValueError("has a turn in 'history' that is not [question, answer]")
        turns.append((str(pair[0]), str(pair[1])))
    return tuple(turns)


def _listed(value: object, name: str) -> list[object]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError(f"has {name!r} as {kind_of(value)}; a list would work")
    return value


def _count(fields: Fields, name: str) -> int | None:
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"has {name!r} as {value!r}; a whole number from 0 would work")
    return value


def _spelled(fields: Fields, known: Sequence[str]) -> None:
    """Raises where a field looks like a known one misspelled; other unknown fields are the set's own business."""
    for name in fields:
        near = [] if name in known else difflib.get_close_matches(str(name), known, 1, 0.8)
        if near and near[0] not in fields:
            raise ValueError(f"has a field {name!r}; did you mean {near[0]!r}?")
