"""A CSV with a header: columns `question`, and optionally `answers`, `document`, `quote`, `page`, `kind` and more.

`answers` holds several separated by "|", or a JSON list; `answer` is accepted for it. One row holds one piece of
evidence (`document` with `quote`, `page`, or `start` and `end`), or `evidence` as JSON. Commas, semicolons or tabs.
"""

from __future__ import annotations

import csv
import io
import json
from functools import partial
from pathlib import Path

from assistant.evaluation.errors import BadQuestionSet
from assistant.evaluation.fields import PLACES, case_of
from assistant.evaluation.formats import chroma
from assistant.evaluation.formats.lines import beside
from assistant.evaluation.lines import digest, gather, text_of
from assistant.evaluation.types import Case, QuestionSet

WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
NUMBERS = ("start", "end", "page", "slack")


def recognises(path: Path, head: str) -> bool:
    """Whether the name says a table, and it is not Chroma's."""
    return path.suffix.lower() in (".csv", ".tsv") and not chroma.recognises(path, head)


def read(path: Path) -> QuestionSet:
    """The set in the table; the files beside it that it names are its documents."""
    text = text_of(path)
    header = text.split("\n", 1)[0]
    delimiter = max("\t;,", key=header.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    if "question" not in (reader.fieldnames or []):
        raise BadQuestionSet(f"{path.name} has no column 'question' in its first line; it has {reader.fieldnames}")
    rows = [(reader.line_num, row) for row in reader]
    cases = gather(path.name, ((number, partial(_case, row, number)) for number, row in rows))
    return QuestionSet(path.stem, tuple(cases), files=beside(path, cases), sha256=digest(path))


def _case(row: dict[str | None, str | None], number: int) -> Case:
    if None in row:
        raise ValueError("has more cells than the header")
    fields: dict[str, object] = {str(name): cell.strip() for name, cell in row.items() if cell and cell.strip()}
    answers = fields.pop("answers", None) or fields.pop("answer", None)
    if answers is not None:
        fields["answers"] = _listed(str(answers))
    if "answerable" in fields:
        fields["answerable"] = WORDS.get(str(fields["answerable"]).lower(), fields["answerable"])
    for name in ("evidence", "history"):
        if name in fields:
            fields[name] = json.loads(str(fields[name]))
    place: dict[str, object] = {name: fields.pop(name) for name in PLACES if name in fields}
    if place:
        place |= {name: _whole(name, place[name]) for name in NUMBERS if name in place}
        fields["evidence"] = [place]
    return case_of(fields, number)


def _listed(cell: str) -> list[object]:
    if cell.startswith("["):
        listed = json.loads(cell)
        return listed if isinstance(listed, list) else [listed]
    return [part.strip() for part in cell.split("|") if part.strip()]


def _whole(name: str, cell: object) -> int:
    try:
        return int(str(cell))
    except ValueError:
        raise ValueError(f"has {name!r} as {cell!r}; a whole number would work") from None
