"""Question sets: read from any format that there is a file for, checked, drawn from, and added to."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from types import ModuleType

from assistant.evaluation import formats
from assistant.evaluation.errors import BadQuestionSet
from assistant.evaluation.fields import identity
from assistant.evaluation.lines import text_of, told, write_whole
from assistant.evaluation.types import Case, Evidence, QuestionSet
from assistant.types import Answer, Turn
from index.named import named, names

HEAD = 4000


def load_cases(path: str | Path, form: str | None = None) -> QuestionSet:
    """The question set at `path`: a file or a folder, in the format `form` or the one that recognises it.

    Raises `BadQuestionSet`, which names every faulty line, and `UnknownName` for a format that does not exist.
    """
    path = Path(path)
    if not path.exists():
        raise BadQuestionSet(f"there is no question set at {path}")
    questions: QuestionSet = (named(formats, form) if form else _recognised(path)).read(path)
    if not questions.cases:
        raise BadQuestionSet(f"{path.name} holds no questions")
    plain = questions.name.lower().startswith("question")
    name = path.resolve().parent.name if plain else questions.name
    cases = _distinct(path.name, questions.cases)
    return replace(questions, name=name or questions.name, cases=cases, path=path.resolve())


def drawn(questions: QuestionSet, limit: int | None, seed: int = 0) -> QuestionSet:
    """The same set with at most `limit` of its cases, drawn by `seed`, in the order they had."""
    if limit is None or limit >= len(questions):
        return questions
    if limit < 1:
        raise BadQuestionSet(f"a limit of {limit} leaves no questions; 1 or more would work")
    chosen = sorted(random.Random(seed).sample(range(len(questions)), limit))
    return replace(questions, cases=tuple(questions.cases[at] for at in chosen))


def save_case(
    path: str | Path,
    question: str,
    answer: Answer,
    correction: str | None = None,
    *,
    right: bool = True,
    history: Sequence[Turn] = (),
) -> Case:
    """Adds a question and what is right about it to a set of JSON lines, and returns the case.

    Without a correction the answer is taken as right: its short answer (or its text) is the accepted string, its
    citations are the evidence, and a refusal says that the documents do not hold an answer. With `right=False` only
    the question is kept, with the answer named as wrong. With a correction, that is the accepted string, and a blank
    one says that there is no answer. A question that the set holds already is replaced: the newest word wins.
    """
    path = Path(path)
    turns = tuple((turn.question, _told(turn.answer)) for turn in history)
    case = replace(_judged(question, answer, correction, right), id=identity(question, turns), history=turns)
    line = json.dumps(_fields(case), ensure_ascii=False)
    lines = text_of(path).split("\n") if path.exists() else []
    kept = lines[:-1] if lines and not lines[-1].strip() else lines
    if any(text.strip() for text in kept):
        at = {known.id: known.line - 1 for known in load_cases(path)}.get(case.id, len(kept))
        kept[at : at + 1] = [line]
    else:
        kept = [line]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, "\n".join(kept) + "\n")
    return case


def _told(answer: Answer | str) -> str:
    return answer if isinstance(answer, str) else answer.text


def _judged(question: str, answer: Answer, correction: str | None, right: bool) -> Case:
    bare = Case("", question, kind="from use")
    if correction is not None:
        words = correction.strip()
        return replace(bare, answers=(words,) if words else (), answerable=bool(words))
    if not right:
        wrong = f"This answer was marked as wrong: {answer.text.strip()}"
        return replace(
            bare, reference=wrong if answer.answered else "That it is not in the documents was marked as wrong."
        )
    if not answer.answered:
        return replace(bare, answerable=False)
    words = (answer.short or answer.text).strip()
    evidence = tuple(
        Evidence(citation.source, citation.quote, citation.start, citation.end) for citation in answer.citations
    )
    return replace(bare, answers=(words,) if words else (), evidence=evidence)


def _fields(case: Case) -> dict[str, object]:
    """The case as a line holds it: no field that says nothing."""
    bare, whole = asdict(Case("", "")), Evidence("")
    fields = {name: value for name, value in asdict(case).items() if value != bare[name] and name != "line"}
    if case.evidence:
        fields["evidence"] = [
            {name: value for name, value in asdict(piece).items() if value != getattr(whole, name)}
            for piece in case.evidence
        ]
    return fields


def _recognised(path: Path) -> ModuleType:
    head = ""
    if path.is_file():
        with path.open(encoding="utf-8", errors="replace") as file:
            head = file.read(HEAD)
    for name in names(formats):
        module = named(formats, name)
        if module.recognises(path, head):
            return module
    raise BadQuestionSet(
        f"{path.name} is no question set that can be read; JSON lines (.jsonl), CSV with a header (.csv), "
        "SQuAD (.json) and a folder in BEIR's form would work"
    )


def _distinct(name: str, cases: Sequence[Case]) -> tuple[Case, ...]:
    """The cases, if no two have one id; raises `BadQuestionSet` with both lines."""
    first: dict[str, Case] = {}
    faults = []
    for case in cases:
        if case.id in first:
            other = first[case.id]
            where = f"line {case.line} repeats" if case.line else "the set repeats"
            faults.append(f"{where} the id or the question of {_where(other)}: {case.id!r}, {case.question[:60]!r}")
        first.setdefault(case.id, case)
    if faults:
        raise BadQuestionSet(told(name, faults))
    return tuple(cases)


def _where(case: Case) -> str:
    return f"line {case.line}" if case.line else "an earlier question"
