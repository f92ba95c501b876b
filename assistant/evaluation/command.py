"""The command line of the evaluation: `evaluate` and `compare`, thin over the functions of the same names."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from assistant.errors import AssistantError
from assistant.evaluation.cases import drawn, load_cases
from assistant.evaluation.compare import compare
from assistant.evaluation.errors import EvaluationError
from assistant.evaluation.evaluate import Plan, check, evaluate
from assistant.evaluation.grid import counted
from assistant.evaluation.run import PAGE, RESULTS, read_results
from assistant.settings import Settings
from index.errors import LibraryError

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

FINE, FAILED, BAD, INTERRUPTED = 0, 1, 2, 130
REFUSALS = (EvaluationError, AssistantError, LibraryError)


def register(subparsers: Subparsers) -> None:
    """Adds `evaluate` and `compare`; each sets `run`, a function of the parsed arguments that returns the status."""
    asks = subparsers.add_parser("evaluate", help="Asks a question set and measures the answers.")
    asks.add_argument("questions", type=Path, help="JSON lines, CSV, SQuAD JSON, or a folder in BEIR's form")
    asks.add_argument("--documents", type=Path, help="file or folder to ask about; else what the set carries or names")
    asks.add_argument("--library", type=Path, help="folder to keep the library in; else one of the run's own")
    asks.add_argument("--model", help='chat model, such as "openai:gpt-4o-mini"; else the reader that quotes')
    asks.add_argument("--model-url", metavar="URL", help="the address of an OpenAI-compatible server")
    asks.add_argument("--metric", action="append", default=[], metavar="NAME@K", help="may be given again; else all")
    asks.add_argument("--limit", type=int, help="ask only this many of the questions")
    asks.add_argument("--seed", type=int, default=0, help="which ones --limit draws")
    asks.add_argument("--out", type=Path, help="folder for the results; an interrupted run goes on in it")
    asks.add_argument("--predictions", type=Path, help="score these answers of another system, and ask nothing")
    asks.add_argument("--format", help="the question set's format, where it is not recognised")
    asks.add_argument("--check", action="store_true", help="only check the set against its documents")
    asks.add_argument("--json", action="store_true", help="print one JSON object in place of the table")
    asks.set_defaults(run=_evaluate)
    compares = subparsers.add_parser("compare", help="Compares two runs question by question.")
    compares.add_argument("a", type=Path, help="a run's folder, or its results.jsonl")
    compares.add_argument("b", type=Path, help="the other one")
    compares.add_argument(
        "--fail-if", action="append", default=[], metavar="'token_f1<-0.01'", help="exit 1 if B - A is so"
    )
    compares.add_argument("--json", action="store_true", help="print one JSON object in place of the table")
    compares.set_defaults(run=_compare)


def evaluate_command(
    questions: Path, plan: Plan, *, form: str | None = None, as_json: bool = False, out: TextIO, err: TextIO
) -> int:
    """Runs an evaluation, writes its table or its JSON to `out` and its progress to `err`; the exit status.

    Without a folder in the plan the results go into a new one under `runs`.
    """
    folder = plan.out or _fresh(questions)
    try:
        report = evaluate(load_cases(questions, form), replace(plan, out=folder), stream=err)
    except KeyboardInterrupt:
        err.write(f"\nstopped; {_kept(folder)}\n")
        return INTERRUPTED
    except REFUSALS as error:
        return _refused(error, err)
    except OSError as error:
        return _refused(error, err)
    out.write(json.dumps(report.summary(), ensure_ascii=False) + "\n" if as_json else f"{report}\n")
    err.write(f"the report is {folder / PAGE}\n")
    return FINE


def check_command(questions: Path, plan: Plan, *, form: str | None = None, out: TextIO, err: TextIO) -> int:
    """Checks a question set against its documents and writes what does not hold to `out`; the exit status."""
    try:
        loaded = load_cases(questions, form)
        faults = check(loaded, plan, err)
    except (*REFUSALS, OSError) as error:
        return _refused(error, err)
    checked = len(drawn(loaded, plan.limit, plan.seed))
    out.writelines(f"{fault}\n" for fault in faults)
    out.write(f"{counted(checked, 'question')} checked, {counted(len(faults), 'fault')}\n")
    return FAILED if faults else FINE


def compare_command(
    a: Path, b: Path, *, conditions: Sequence[str] = (), as_json: bool = False, out: TextIO, err: TextIO
) -> int:
    """Compares two runs and writes the table or the JSON to `out`; 1 if a condition on B - A holds."""
    try:
        comparison = compare(a, b)
        failures = comparison.failures(conditions)
    except (*REFUSALS, OSError) as error:
        return _refused(error, err)
    out.write(json.dumps(comparison.summary(), ensure_ascii=False) + "\n" if as_json else f"{comparison}\n")
    err.writelines(f"failed: {failure}\n" for failure in failures)
    return FAILED if failures else FINE


def _evaluate(given: argparse.Namespace) -> int:
    try:
        named = {name: getattr(given, name) for name in ("model", "model_url") if getattr(given, name)}
        settings = Settings(**named)
    except (ValueError, AssistantError) as error:
        return _refused(error, sys.stderr)
    plan = Plan(
        documents=given.documents,
        library=given.library,
        settings=settings,
        metrics=tuple(given.metric),
        limit=given.limit,
        seed=given.seed,
        out=given.out,
        predictions=given.predictions,
    )
    if given.check:
        return check_command(given.questions, plan, form=given.format, out=sys.stdout, err=sys.stderr)
    return evaluate_command(
        given.questions, plan, form=given.format, as_json=given.json, out=sys.stdout, err=sys.stderr
    )


def _compare(given: argparse.Namespace) -> int:
    return compare_command(
        given.a, given.b, conditions=given.fail_if, as_json=given.json, out=sys.stdout, err=sys.stderr
    )


def _fresh(questions: Path) -> Path:
    """A folder that no run has yet."""
    return Path("runs") / f"{questions.resolve().stem}-{time.strftime('%Y%m%d-%H%M%S')}"


def _kept(folder: Path) -> str:
    done = counted(len(read_results(folder / RESULTS)), "answer")
    return f"{done} kept in {folder}; the same command with --out {folder} goes on"


def _refused(error: Exception, err: TextIO) -> int:
    err.write(f"{error}\n")
    return BAD
