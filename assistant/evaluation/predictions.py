"""Answers that another system gave, to be scored like the assistant's own.

Either JSON lines, each with `id` or `question`, the answer as `text` or `answer`, and optionally `short`, `outcome`
("answered" or "not_found") or `answered`, `confidence` 0 to 1, `citations` and `found` (lists of objects with
`document` or `source`, and `quote`, `start` and `end`, or `page`), `seconds`, `tokens`; or SQuAD's form of predictions,
one JSON object of id to text. An empty text is a refusal. `results.jsonl` of a run is such a file too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from assistant.evaluation.diagnose import Trail, diagnosed
from assistant.evaluation.errors import BadPredictions, BadQuestionSet
from assistant.evaluation.lines import Fields, gather, kind_of, object_in, text_of
from assistant.evaluation.locate import Shelf, find, located
from assistant.evaluation.types import ERROR, Case, Place, Result
from assistant.types import ANSWERED, NOT_FOUND

OUTCOMES = (ANSWERED, NOT_FOUND, "plain", ERROR)


def load_predictions(path: Path) -> dict[str, Fields]:
    """What was answered, by id or by question; raises `BadPredictions`, which names every faulty line."""
    try:
        text = text_of(path)
        whole = _whole(text)
        if whole is not None:
            return {name: {"id": name, "text": answer} for name, answer in whole.items()}
        rows = ((number, partial(_row, line)) for number, line in enumerate(text.split("\n"), 1) if line.strip())
        given = gather(path.name, rows)
    except BadQuestionSet as error:
        raise BadPredictions(str(error)) from error
    named = {str(row["id"]): row for row in given if "id" in row}
    return named | {
        str(row["question"]): row for row in given if "question" in row and str(row["question"]) not in named
    }


def predicted(cases: Iterable[Case], given: dict[str, Fields], shelf: Shelf | None) -> list[tuple[Case, Result]]:
    """Each case with what was answered; a question without an answer is an error, so that none is dropped."""
    out = []
    for case in cases:
        evidence = located(case.evidence, shelf) if shelf else case.evidence
        row = given.get(case.id, given.get(case.question))
        if row is None:
            result = Result(case.id, evidence, error="the predictions hold no answer to this question")
        else:
            result = _result(case, evidence, row, shelf)
        out.append((case, result))
    if out and not any(not result.error for _, result in out):
        raise BadPredictions("the predictions answer none of these questions; their ids or questions have to agree")
    return out


def _result(case: Case, evidence: tuple[Any, ...], row: Fields, shelf: Shelf | None) -> Result:
    text, outcome = _said(row)
    answered = outcome not in (NOT_FOUND, ERROR)
    citations, found, hits = (_places(row.get(name), shelf) for name in ("citations", "found", "hits"))
    found = found or hits
    sources = shelf.sources if shelf else frozenset(piece.document for piece in evidence)
    return Result(
        id=case.id,
        evidence=evidence,
        text=text,
        short=str(row.get("short", text)),
        outcome=outcome,
        confidence=_number(row.get("confidence")) if row.get("confidence") is not None else float(answered),
        citations=citations,
        hits=hits,
        found=found,
        losses=diagnosed(evidence, Trail(sources, None, found, hits or found, citations)) if citations or found else (),
        seconds=None if row.get("seconds") is None else _number(row["seconds"]),
        tokens=None if row.get("tokens") is None else int(_number(row["tokens"])),
        error=str(row.get("error") or ""),
    )


def _said(row: Fields) -> tuple[str, str]:
    """The text and the outcome."""
    text = str(row.get("text", row.get("answer")) or "").strip()
    if "outcome" in row:
        return text, str(row["outcome"])
    return text, ANSWERED if row.get("answered", bool(text)) else NOT_FOUND


def _row(line: str) -> Fields:
    row = object_in(line)
    if not row.get("id") and not row.get("question"):
        raise ValueError("has neither 'id' nor 'question'")
    if "text" not in row and "answer" not in row:
        raise ValueError("has no 'text' (nor 'answer'); an empty one is a refusal")
    if row.get("outcome", ANSWERED) not in OUTCOMES:
        raise ValueError(f"has the outcome {row['outcome']!r}; {', '.join(OUTCOMES)} would work")
    for name in ("confidence", "seconds", "tokens"):
        value = row.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise ValueError(f"has {name!r} as {kind_of(value)}; a number would work")
    for name in ("citations", "found", "hits"):
        _places(row.get(name), None)
    return row


def _whole(text: str) -> dict[str, str] | None:
    """The predictions, where the file is one JSON object of id to text."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        return None
    plain = isinstance(value, dict) and value and all(isinstance(answer, str) for answer in value.values())
    return value if plain and not {"text", "answer"} & set(value) else None


def _places(value: object, shelf: Shelf | None) -> tuple[Place, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(place, dict) for place in value):
        raise ValueError("has citations or hits that are not a list of objects")
    return tuple(_place(place, shelf) for place in value)


def _place(place: Fields, shelf: Shelf | None) -> Place:
    """The place with offsets, looked up where only a quote is given; 0 to 0 where there is neither."""
    document, quote = str(place.get("document") or place.get("source") or ""), str(place.get("quote") or "")
    if not document:
        raise ValueError("has a citation or a hit that names no 'document'")
    source = (shelf.source(document) if shelf else None) or document
    known = shelf is not None and source in shelf.sources
    text = shelf.text(source) if shelf is not None and known else ""
    start, end, page = (
        None if place.get(name) is None else int(_number(place[name])) for name in ("start", "end", "page")
    )
    if start is None or end is None:
        start, end = find(quote, text) or (0, 0) if quote else (0, 0)
    exact = (text[start:end] == quote) if known and quote else None
    return Place(source, start, end, page, None, quote, exact)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"has {kind_of(value)} where a number would work")
    return float(value)
