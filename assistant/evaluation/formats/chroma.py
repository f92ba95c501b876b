"""Chroma's chunking benchmark: a CSV of questions with excerpts by offset, its corpora as `<corpus_id>.md` beside it.

Source: https://github.com/brandonstarxel/chunking_evaluation. The offsets count in the Markdown as it stands, so the
corpora are carried as plain text and never rendered.
"""

from __future__ import annotations

import csv
import io
import json
from functools import partial
from pathlib import Path
from typing import Any

from assistant.evaluation.errors import BadQuestionSet
from assistant.evaluation.fields import identity
from assistant.evaluation.lines import digest, gather, text_of
from assistant.evaluation.types import Case, Evidence, QuestionSet, Text

COLUMNS = ("question", "references", "corpus_id")


def recognises(path: Path, head: str) -> bool:
    """Whether it is a CSV with the columns of the benchmark."""
    first = head.lstrip("\ufeff").split("\n", 1)[0].strip().split(",")
    return path.suffix.lower() == ".csv" and all(column in first for column in COLUMNS)


def read(path: Path) -> QuestionSet:
    """The set with its corpora; the kind of a question is its corpus."""
    reader = csv.DictReader(io.StringIO(text_of(path), newline=""))
    rows = [(reader.line_num, row) for row in reader]
    names = sorted({row["corpus_id"] for _, row in rows if row.get("corpus_id")})
    files = [path.parent / f"{name}.md" for name in names]
    absent = [file.name for file in files if not file.is_file()]
    if absent:
        raise BadQuestionSet(f"{path.name} needs {', '.join(absent)} beside it")
    texts = tuple(Text(file.name, file.stem.replace("_", " "), text_of(file)) for file in files)
    held = {text.source: text.text for text in texts}
    cases = gather(path.name, ((number, partial(_case, row, number, held)) for number, row in rows))
    return QuestionSet(path.stem, tuple(cases), texts, sha256=digest(path, *files))


def _case(row: dict[str, str], number: int, held: dict[str, str]) -> Case:
    question = (row.get("question") or "").strip()
    document = f"{row.get('corpus_id') or ''}.md"
    if not question or document not in held:
        raise ValueError("has no question" if not question else "has no corpus_id")
    try:
        references = json.loads(row.get("references") or "")
        evidence = tuple(_evidence(reference, document, held[document]) for reference in references)
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise ValueError(f"has references that cannot be read: {error}") from None
    return Case(identity(question), question, evidence=evidence, kind=row["corpus_id"], line=number)


def _evidence(reference: dict[str, Any], document: str, text: str) -> Evidence:
    quote, start, end = str(reference["content"]), int(reference["start_index"]), int(reference["end_index"])
    if text[start:end] != quote:
        raise ValueError(f"has an excerpt that does not stand at {start} of {document}: {quote[:60]!r}")
    return Evidence(document, quote, start, end)
