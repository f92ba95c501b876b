"""A folder in BEIR's form: `corpus.jsonl`, `queries.jsonl` and `qrels/<split>.tsv`.

Source: Thakur et al. 2021, https://github.com/beir-cellar/beir. Evidence is whole documents with their grades; only
questions with a judgement in the split (test, else dev, else train) are asked.
"""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from pathlib import Path

from assistant.evaluation.errors import BadQuestionSet
from assistant.evaluation.fields import string
from assistant.evaluation.lines import digest, gather, object_in, text_of
from assistant.evaluation.types import Case, Evidence, QuestionSet, Text

SPLITS = ("test", "dev", "train")


def recognises(path: Path, head: str) -> bool:
    """Whether it is a folder with a corpus."""
    return path.is_dir() and (path / "corpus.jsonl").is_file()


def read(path: Path) -> QuestionSet:
    """The set, with every document of the corpus as a text: title, blank line, abstract."""
    judged = _judgements(path)
    queries = path / "queries.jsonl"
    asked = dict(_rows(queries))
    missing = sorted(set(judged) - set(asked))
    if missing:
        raise BadQuestionSet(f"{judged_file(path).name} judges queries that are not in queries.jsonl: {missing[:5]}")
    cases = tuple(Case(name, asked[name], evidence=tuple(pieces)) for name, pieces in judged.items())
    corpus = path / "corpus.jsonl"
    rows = enumerate(text_of(corpus).split("\n"), 1)
    texts = gather(corpus.name, ((number, partial(_text, line)) for number, line in rows if line.strip()))
    return QuestionSet(path.resolve().name, cases, tuple(texts), sha256=digest(corpus, queries, judged_file(path)))


def judged_file(path: Path) -> Path:
    """The file of judgements of the first split that there is."""
    for split in SPLITS:
        if (path / "qrels" / f"{split}.tsv").is_file():
            return path / "qrels" / f"{split}.tsv"
    raise BadQuestionSet(f"{path.name} holds no qrels/test.tsv (nor dev.tsv, nor train.tsv)")


def _judgements(path: Path) -> dict[str, list[Evidence]]:
    lines = text_of(judged_file(path)).replace("\r\n", "\n").split("\n")
    rows = ((number, partial(_judgement, line)) for number, line in enumerate(lines[1:], 2) if line.strip())
    judged: dict[str, list[Evidence]] = defaultdict(list)
    for name, document, grade in gather(judged_file(path).name, rows):
        if grade > 0:
            judged[name].append(Evidence(document, grade=grade))
    return judged


def _judgement(line: str) -> tuple[str, str, float]:
    parts = line.split("\t")
    if len(parts) != 3:
        raise ValueError(f"has {len(parts)} columns; query-id, corpus-id and score would work")
    return parts[0], parts[1], float(parts[2])


def _rows(queries: Path) -> list[tuple[str, str]]:
    lines = enumerate(text_of(queries).split("\n"), 1)
    return gather(queries.name, ((number, partial(_query, line)) for number, line in lines if line.strip()))


def _query(line: str) -> tuple[str, str]:
    fields = object_in(line)
    if not string(fields, "_id") or not string(fields, "text").strip():
        raise ValueError("has no '_id' or no 'text'")
    return string(fields, "_id"), string(fields, "text").strip()


def _text(line: str) -> Text:
    fields = object_in(line)
    name, title, text = (string(fields, field) for field in ("_id", "title", "text"))
    if not name:
        raise ValueError("has no '_id'")
    return Text(name, title, f"{title}\n\n{text}" if title else text)
