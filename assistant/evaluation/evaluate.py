"""Asks an assistant every question of a set and measures what it answers."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TextIO

from assistant.assistant import Assistant
from assistant.evaluation.ask import Answerer, Subject, asked, shelf_of
from assistant.evaluation.cases import drawn, load_cases
from assistant.evaluation.errors import MissingDocuments
from assistant.evaluation.library import (
    check_complete,
    files_digest,
    fill,
    fingerprint,
    passages_of,
    shelf_of_texts,
)
from assistant.evaluation.lines import digest
from assistant.evaluation.locate import Shelf, faults
from assistant.evaluation.predictions import load_predictions, predicted
from assistant.evaluation.progress import Progress
from assistant.evaluation.report import Report, report_of
from assistant.evaluation.run import Run
from assistant.evaluation.score import Metric, chosen, scored
from assistant.evaluation.types import QuestionSet
from assistant.models import prompts_of
from assistant.settings import Settings

DEPTH = 100
KEPT = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """How to run an evaluation.

    `documents` is a file or folder to ask about; without it, what the question set carries or names. `library` is a
    folder to keep the library in; without it, one of the run's own. `metrics` are names such as "recall@5"; without
    any, all that apply. `limit` and `seed` draw some of the questions. `out` is the folder for the results, and where
    an interrupted run goes on. `predictions` is a file of another system's answers, which are scored instead. `opens`
    makes the assistant of a library's folder and the settings.
    """

    documents: Path | None = None
    library: Path | None = None
    settings: Settings = field(default_factory=Settings)
    metrics: tuple[str, ...] = ()
    limit: int | None = None
    seed: int = 0
    out: Path | None = None
    predictions: Path | None = None
    opens: Callable[[Path, Settings], AbstractContextManager[Answerer]] = Assistant.open


def evaluate(
    questions: QuestionSet | str | Path,
    plan: Plan | None = None,
    assistant: Answerer | None = None,
    stream: TextIO | None = None,
) -> Report:
    """The report on all questions; progress is written to `stream`.

    An `assistant` that is passed in is asked as it is, with its own documents. Raises `EvaluationError`, `UnknownName`
    for a metric that does not exist, and what opening the library raises; an error in one question is a result.
    """
    began = time.monotonic()
    plan = plan or Plan()
    measures = chosen(plan.metrics)
    whole = questions if isinstance(questions, QuestionSet) else load_cases(questions)
    questions = drawn(whole, plan.limit, plan.seed)
    given = load_predictions(plan.predictions) if plan.predictions else None
    run = Run(plan.out, _config(questions, plan, measures, assistant))
    notes: tuple[str, ...] = ()
    if given is not None:
        with _shelf(questions, plan, assistant, stream) as shelf:
            records = predicted(questions, given, shelf)
    else:
        notes = _asked(questions, plan, run, assistant, stream)
        records = [run.records[case.id] for case in questions]
    records = [(case, scored(case, result, measures)) for case, result in records]
    run.rewrite(records)
    report = report_of(questions.name, measures, records, run.config)
    report = replace(report, seconds=time.monotonic() - began, notes=notes)
    if plan.out:
        report.save(plan.out)
    return report


def check(questions: QuestionSet, plan: Plan, stream: TextIO | None = None) -> list[str]:
    """What does not hold of a set's evidence, a sentence each: documents, pages, offsets and quotes that are not there.

    Nothing is asked, and nothing is kept.
    """
    if not any(case.evidence for case in questions):
        return []
    with _shelf(questions, plan, None, stream, needed=True) as shelf:
        assert shelf is not None
        out = []
        for case in drawn(questions, plan.limit, plan.seed):
            where = f"line {case.line}" if case.line else f"question {case.id}"
            out += [f"{where}: {fault}" for fault in faults(case, shelf)]
        return out


def _asked(
    questions: QuestionSet, plan: Plan, run: Run, assistant: Answerer | None, stream: TextIO | None
) -> tuple[str, ...]:
    """Asks what the run does not hold yet; sentences on documents that could not be read."""
    measures = chosen(plan.metrics)
    left = [case for case in questions if case.id not in run.records]
    if not left:
        return ("all questions were answered before; give another folder to ask them again",)
    with _opened(questions, plan, assistant) as opened:
        receipts = fill(opened, questions, plan.documents, True, stream) if assistant is None else ()
        shelf = shelf_of(opened)
        notes = check_complete(questions, shelf, receipts)
        asks, kept = any(one.needs_answer for one in measures), _kept(measures)
        first = max((one.k or 0 for one in measures), default=0)
        subject = Subject(opened, shelf, max(DEPTH, kept), kept, asks, first, passages_of(opened))
        with Progress(stream, "questions", len(questions), len(run.records)) as progress:
            try:
                for case in left:
                    run.keep((case, scored(case, asked(case, subject), measures)))
                    progress.step()
            finally:
                run.close()
    return notes


@contextmanager
def _opened(questions: QuestionSet, plan: Plan, assistant: Answerer | None) -> Iterator[Answerer]:
    """The assistant that was passed in, or one with a library where the plan says, else beside the results."""
    if assistant is not None:
        yield assistant
        return
    held = questions.sha256 if questions.texts and not plan.documents else files_digest(plan.documents, questions.files)
    folder = plan.library or (plan.out / f"library-{held[:8]}" if plan.out else None)
    kept = nullcontext(folder) if folder else tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    with kept as place, plan.opens(Path(place), plan.settings) as opened:
        yield opened


@contextmanager
def _shelf(
    questions: QuestionSet, plan: Plan, assistant: Answerer | None, stream: TextIO | None, needed: bool = False
) -> Iterator[Shelf | None]:
    """The documents to hold quotes against, found by words only; None where no quote has to be looked up."""
    if assistant is not None:
        yield shelf_of(assistant)
    elif questions.texts and not plan.documents:
        yield shelf_of_texts(questions.texts)
    elif plan.documents or plan.library or questions.files:
        with _opened(questions, plan, None) as opened:
            fill(opened, questions, plan.documents, False, stream)
            yield shelf_of(opened)
    elif needed or any(piece.quote and piece.start is None for case in questions for piece in case.evidence):
        raise MissingDocuments("the evidence is quotes; name the file or folder that holds them with --documents")
    else:
        yield None


def _kept(measures: Sequence[Metric]) -> int:
    """How many of the found passages a result keeps: as many as the largest k needs."""
    return max([KEPT, *(one.k or 0 for one in measures if not one.needs_answer)])


def _config(
    questions: QuestionSet, plan: Plan, measures: Sequence[Metric], assistant: Answerer | None
) -> dict[str, object]:
    """What makes a run this run: two runs with one configuration answer the same."""
    ids = repr([(case.id, case.question, case.history) for case in questions])
    config: dict[str, object] = {
        "version": _version(),
        "questions": questions.name,
        "questions_sha256": questions.sha256 or hashlib.sha256(ids.encode()).hexdigest(),
        "limit": plan.limit,
        "seed": plan.seed,
    }
    if plan.predictions:
        return config | {"predictions_sha256": digest(plan.predictions)}
    if assistant is None:
        config["documents_sha256"] = files_digest(plan.documents, questions.files)
        config["library"] = plan.library.name if plan.library else None
    else:
        config["library_sha256"] = fingerprint(assistant)
    settings = plan.settings if assistant is None else getattr(assistant, "settings", None)
    config["settings"] = asdict(settings) if isinstance(settings, Settings) else None
    if isinstance(settings, Settings) and settings.model:
        config["prompts"] = prompts_of(settings).hashes()
    elif (used := getattr(assistant, "prompts", None)) is not None and used():
        config["prompts"] = used()
    return config | {"asked": any(one.needs_answer for one in measures), "kept": _kept(measures)}


def _version() -> str:
    try:
        return version("document-assistant")
    except PackageNotFoundError:
        return "0"
