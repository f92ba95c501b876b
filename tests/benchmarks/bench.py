"""Measures us beside the peers, keeps each finished part, and writes RESULTS.md when all parts are there.

    python -m tests.benchmarks.bench [--size quick|bench|full] [--data FOLDER] [--again NAME …] [--only NAME …]

What is kept in `runs/bench/SIZE/` is not measured again: an interrupted run goes on where it was. `--again ours`
forgets all that was kept of a system or a part; `--only chunking` runs the parts whose name has that word in it, and
`--only none` only writes the page. Until every part is there, the page is written beside them.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from assistant.evaluation.lines import write_whole
from tests.benchmarks import alone, growth, measure, sets
from tests.benchmarks.drive import ROOT, SYSTEMS, Broken, ready
from tests.benchmarks.machine import machine, versions
from tests.benchmarks.render import written
from tests.benchmarks.sets import Slice

RUNS = ROOT / "runs" / "bench"
RESULTS = Path(__file__).with_name("RESULTS.md")


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything a run takes; `questions` are SQuAD 2.0's, `grown` the passages of the growth curve."""

    slices: dict[str, Slice]
    rounds: int
    characters: int
    latencies: int
    pdfs: int
    questions: int | None
    paragraphs: int | None
    manuals: bool
    grown: tuple[int, ...] = field(default=())


SIZES = {
    "quick": Size(
        {"chunking": Slice(2, 60), "squad": Slice(60, 40)}, 1, 40_000, 30, 0, 30, 40, False, (1_000,)
    ),
    "bench": Size(
        {"chunking": Slice(), "scifact": Slice(1200), "squad": Slice()},
        5, 300_000, 100, 1, 500, None, True, (1_000, 10_000, 100_000),
    ),
    "full": Size(
        {"chunking": Slice(None, None), "scifact": Slice(None, None), "squad": Slice(None, None)},
        5, 300_000, 100, 5, None, None, True, (1_000, 10_000, 100_000, 1_000_000),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to measure, under the name that its result is kept by; it works in the folder that it is given."""

    name: str
    system: str
    run: Callable[[Path, Path], dict]


def parts(size: Size, data: Path, kept: Path) -> list[Part]:
    """Everything that a run measures, the systems taking turns; what matters most comes first."""
    trials = {name: cache(partial(getattr(sets, name), data, part)) for name, part in size.slices.items()}
    found = {name: list(_quality(name, trial)) for name, trial in trials.items()}
    rounds = list(_rounds(size, data))
    pdfs = list(_pdfs(size, data, kept))
    own = list(_own(size, data, kept))
    one = len(SYSTEMS)
    return [
        *found["chunking"],
        *rounds[:one],
        *own[:1],
        *pdfs[:one],
        *found["squad"],
        *own[1:4],
        *found.get("scifact", []),
        *rounds[one : 3 * one],
        *own[4:],
        *rounds[3 * one :],
        *pdfs[one:],
    ]


def _quality(name: str, trial: Callable[[], sets.Trial]) -> Iterator[Part]:
    for system in SYSTEMS:
        yield Part(
            f"{name}.{system}", system, lambda folder, log, system=system: measure.quality(system, trial(), folder, log)
        )


def _rounds(size: Size, data: Path) -> Iterator[Part]:
    texts = cache(partial(sets.timing_texts, data, size.characters))
    questions = cache(partial(sets.timing_questions, data, size.latencies))
    for number in range(1, size.rounds + 1):
        turn = (number - 1) % len(SYSTEMS)
        for system in SYSTEMS[turn:] + SYSTEMS[:turn]:
            yield Part(
                f"times{number}.{system}",
                system,
                lambda folder, log, system=system: measure.times(system, texts(), questions(), folder, log),
            )


def _pdfs(size: Size, data: Path, kept: Path) -> Iterator[Part]:
    pdf = cache(partial(sets.joined_pdf, data, kept / "northwind.pdf"))
    asked = cache(partial(sets.manual_questions, data, 20))
    for number in range(1, size.pdfs + 1):
        for system in SYSTEMS:
            yield Part(
                f"pdf{number}.{system}",
                system,
                lambda folder, log, system=system: measure.dropped(system, pdf(), asked(), folder, log),
            )


def _own(size: Size, data: Path, kept: Path) -> Iterator[Part]:
    yield Part("squad2.ours", "ours", lambda folder, log: alone.squad2(data, size.questions, size.paragraphs, kept))
    if size.manuals:
        yield Part("northwind.ours", "ours", lambda folder, log: alone.northwind(data, kept))
    for count in size.grown:
        yield Part(
            f"growth{count}.ours", "ours", lambda folder, log, count=count: growth.grown(data, count, folder, log)
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs what is not kept yet, and writes the page after every part."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--size", choices=SIZES, default="bench")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--again", action="append", default=[])
    parser.add_argument("--only", action="append", default=[])
    options = parser.parse_args(arguments)
    kept = RUNS / options.size
    page = RESULTS if options.size != "quick" else kept / "RESULTS.md"
    larger = RUNS / "full" if options.size == "bench" else None
    if not (options.data / "chunking").is_dir():
        sys.stderr.write(f"there are no question sets in {options.data}; the README says how to get them\n")
        return 2
    planned = parts(SIZES[options.size], options.data.resolve(), kept)
    for part in planned:
        if any(word in part.name.split(".") for word in options.again):
            (kept / f"{part.name}.json").unlink(missing_ok=True)
            shutil.rmtree(kept / part.name.split(".")[0], ignore_errors=True)
    wanted = [part for part in planned if not options.only or any(word in part.name for word in options.only)]
    for part in wanted:
        if not (kept / f"{part.name}.json").exists():
            _say(part.name, "…")
            _say(part.name, _run(part, kept))
            written(kept, page, [part.name for part in planned], larger)
    written(kept, page, [part.name for part in planned], larger)
    return 0


def _run(part: Part, kept: Path) -> str:
    """Measures one part and keeps what came of it; what came of it in a phrase."""
    if not ready(part.system):
        return "has no environment; make sets it up"
    folder = kept / "work" / part.name
    shutil.rmtree(folder, ignore_errors=True)
    began = time.perf_counter()
    try:
        measured = part.run(folder, kept / "logs" / f"{part.name}.log")
    except (Broken, subprocess.SubprocessError) as error:
        measured = {"failed": str(error)}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    measured |= {"took": time.perf_counter() - began, "machine": machine(), "versions": versions(part.system)}
    kept.mkdir(parents=True, exist_ok=True)
    write_whole(kept / f"{part.name}.json", json.dumps(measured) + "\n")
    return measured.get("failed", f"{measured['took']:.0f} s")


def _say(name: str, what: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {name}: {what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
