"""The JSON lines of Azure's sample: a `question`, and a `truth` that ends in the pages it rests on.

Format: `{"question": "…", "truth": "… [handbook.pdf#page=7]"}`, pages from 1. About a quarter of the pages named are
one early, so each has a slack of one. The truth is a free text to compare with, no list of accepted strings.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

from assistant.evaluation.fields import identity, string
from assistant.evaluation.formats.lines import SUFFIXES, beside, has_truth
from assistant.evaluation.lines import digest, gather, object_in, text_of
from assistant.evaluation.types import Case, Evidence, QuestionSet

PLACE = re.compile(r"\[([^\[\]#]+)#page=(\d+)\]")
SLACK = 1


def recognises(path: Path, head: str) -> bool:
    """Whether these are JSON lines whose first has a `truth`."""
    return path.suffix.lower() in SUFFIXES and has_truth(head)


def read(path: Path) -> QuestionSet:
    """The set, with the PDFs that lie beside it."""
    lines = enumerate(text_of(path).split("\n"), 1)
    cases = gather(path.name, ((number, partial(_case, line, number)) for number, line in lines if line.strip()))
    return QuestionSet(path.stem, tuple(cases), files=beside(path, cases), sha256=digest(path))


def _case(line: str, number: int) -> Case:
    fields = object_in(line)
    question, truth = string(fields, "question").strip(), string(fields, "truth")
    if not question:
        raise ValueError("has no question")
    places = PLACE.findall(truth)
    if not places:
        raise ValueError("has a 'truth' that names no place such as [handbook.pdf#page=7]")
    evidence = tuple(Evidence(name.strip(), page=int(page), slack=SLACK) for name, page in places)
    kind = Path(places[0][0]).stem
    name = string(fields, "id") or identity(question)
    return Case(name, question, evidence=evidence, kind=kind, reference=PLACE.sub("", truth).strip(), line=number)
