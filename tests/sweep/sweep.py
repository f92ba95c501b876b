"""Adds every file of a folder to a fresh library, and writes what became of each into SWEEP.md.

    python -m tests.sweep.sweep [--data FOLDER] [--mutate] [--again] [--without-pictures] [--only WORD …] [--page]

What was done is kept in `runs/sweep/`: a sweep that was stopped goes on where it was, a finished one begins anew.
`--mutate` sweeps copies of a sample that were cut short and had bytes changed, after the files themselves.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.evaluation.lines import write_whole
from tests.benchmarks.drive import ROOT
from tests.benchmarks.machine import machine, versions
from tests.sweep.comparison import compare, compared_before, judgement
from tests.sweep.mutants import write_mutants
from tests.sweep.page import damage, page
from tests.sweep.watch import Log, sweep

RUNS = ROOT / "runs" / "sweep"
PAGE = ROOT / "tests" / "benchmarks" / "SWEEP.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Sweeps what was not swept yet, then writes the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "documents")
    parser.add_argument("--work", type=Path, default=RUNS)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--mutate", action="store_true")
    parser.add_argument("--page", action="store_true", help="only writes the page, from what was done so far")
    parser.add_argument("--without-pictures", action="store_true", help="as where the extra ocr is not installed")
    parser.add_argument("--only", action="append", default=[])
    options = parser.parse_args(arguments)
    if not options.data.is_dir():
        sys.stderr.write(
            f"there is no folder {options.data} to sweep; name one that holds documents: make sweep DATA=…\n"
        )
        return 2
    data, work = options.data.resolve(), options.work.resolve()
    commits = _begin(work, {"data": str(data), "pictures": not options.without_pictures}, options)
    if options.without_pictures:
        os.environ["PYTHONPATH"] = str(_nothing_to_recognise_with(work))
    paths = files(data, options.only)
    if options.page:
        log, pages, mutants = (
            Log(work / "outcomes.jsonl"),
            compared_before(work),
            Log(_damaged(work) / "outcomes.jsonl"),
        )
    else:
        log = sweep(data, paths, work, _say)
        pages = compare(log, data, work, _say)
        mutants = _mutants(data, paths, work) if options.mutate else Log(work / "none")
        (work / "finished").touch()
    told = {"machine": machine(), "commit": ", ".join(commits), "pictures": not options.without_pictures}
    parts = page(log, len(paths), told), *judgement(pages), *(damage(mutants) if mutants.outcomes else ())
    write_whole(work / "SWEEP.md", "\n".join(parts) + "\n")
    if not options.only and work == RUNS:
        shutil.copyfile(work / "SWEEP.md", PAGE)
    _say(f"{len(log.outcomes):,} files; the page is written")
    return 0


def _mutants(data: Path, paths: Sequence[str], work: Path) -> Log:
    """Sweeps damaged copies of a sample."""
    folder = _damaged(work)
    return sweep(folder / "files", write_mutants(data, paths, folder / "files"), folder, _say)


def _damaged(work: Path) -> Path:
    return work / "mutants"


def files(data: Path, only: Sequence[str] = ()) -> list[str]:
    """The paths of all files within the folder, sorted; with `only`, those that have one of the words in them."""
    found = sorted(file.relative_to(data).as_posix() for file in data.rglob("*") if file.is_file())
    return [path for path in found if not only or any(word in path for word in only)]


def _begin(work: Path, what: Mapping[str, object], options: argparse.Namespace) -> list[str]:
    """Empties the working folder unless it holds a sweep of the same that was stopped; the commits that it saw."""
    about = work / "about.json"
    known = json.loads(about.read_text(encoding="utf-8")) if about.exists() else {}
    over = (work / "finished").exists() and not options.page
    if options.again or {**known, **what} != known or over:
        shutil.rmtree(work, ignore_errors=True)
        known = {}
    work.mkdir(parents=True, exist_ok=True)
    now = [] if options.page else [versions("ours").get("commit", "")]
    commits = list(dict.fromkeys([*known.get("commits", []), *now]))
    write_whole(about, json.dumps({**what, "commits": commits}))
    return commits


def _nothing_to_recognise_with(work: Path) -> Path:
    """A folder whose `rapidocr` cannot be imported, for readers to look into first."""
    folder = work / "without"
    folder.mkdir(exist_ok=True)
    (folder / "rapidocr.py").write_text('raise ImportError("left out of this sweep")\n')
    return folder


def _say(what: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
