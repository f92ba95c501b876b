"""How adding, asking and starting grow with the library: real text, repeated with words of it changed, up to a million.

The vectors are a stand-in's (see `peers/growing.py`), so adding holds no embedding, which is flat a passage; a question
is embedded by the model too, so that its time is a whole one. One size alone, at its end in `build/bench`:
`python -m tests.benchmarks.bench --size full --only growth100000.ours`.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from assistant.evaluation.cases import load_cases
from tests.benchmarks.drive import on_disk, running
from tests.benchmarks.sets import SEED, timing_questions

DOCUMENT = 20_000
CHANGED = 0.1
BATCH = 20
QUESTIONS = 100
TOLD = 50_000
"""Passages after which it says how far it is."""

LINES = {"add": "#0b62a4", "p50": "#b3480f", "start": "#3c7d32"}
LABELS = {"add": "add (whole library)", "p50": "question, median", "start": "start to first result"}


def grown(data: Path, passages: int, folder: Path, log: Path) -> dict:
    """Fills a library with about so many passages, asks it, and starts it again."""
    questions = timing_questions(data, QUESTIONS)
    with running("growing", folder, log) as system:
        system.call("search", question="warm", k=1)
        held, seconds, characters, marks = 0, 0.0, 0, 0
        for batch in _batches(data):
            held += system.call("pour", texts=batch)["passages"]
            seconds += system.seconds
            characters += sum(len(text) for _, text in batch)
            if held // TOLD > marks:
                marks = held // TOLD
                sys.stderr.write(f"{held:,} of {passages:,} passages, {seconds:,.0f} s\n")
            if held >= passages:
                break
        searchable = seconds
        system.call("wait")
        seconds += system.seconds
        sys.stderr.write(f"all {held:,} passages have their vectors after {seconds:,.0f} s\n")
        times = []
        for question in questions:
            system.call("search", question=question, k=5)
            times.append(system.seconds)
        peak = system.call("memory")["peak"]
        system.call("save")
    disk = on_disk(folder)
    with running("growing", folder, log) as system:
        system.call("search", question=questions[0], k=5)
        start = system.start + system.seconds
    return {
        "passages": held,
        "characters": characters,
        "searchable": searchable,
        "add": seconds,
        "p50": float(np.percentile(times, 50)),
        "p95": float(np.percentile(times, 95)),
        "start": start,
        "peak": peak,
        "disk": disk,
    }


def exponent(points: Mapping[float, float]) -> float | None:
    """The slope of the line through the logarithms: 1 grows in step with the library, 0 not at all."""
    if len(points) < 2:
        return None
    across, up = (np.log(np.array(list(side))) for side in (points.keys(), points.values()))
    return float(np.polyfit(across, up, 1)[0])


def drawing(points: Mapping[str, Mapping[float, float]]) -> str:
    """The curves on logarithmic axes as an SVG that needs nothing else."""
    values = [value for curve in points.values() for value in curve.values()]
    sizes = [size for curve in points.values() for size in curve]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    left, right = math.floor(math.log10(min(sizes))), math.ceil(math.log10(max(sizes)))
    wide, tall = 420 / max(1, right - left), 260 / max(1, high - low)

    def place(size: float, value: float) -> tuple[float, float]:
        return 70 + (math.log10(size) - left) * wide, 290 - (math.log10(value) - low) * tall

    out = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 340" font-family="sans-serif" font-size="12">',
        '<rect width="720" height="340" fill="white"/>',
    ]
    for power in range(low, high + 1):
        across, up = place(10**left, 10**power)
        out.append(f'<path d="M{across:.0f} {up:.1f}H490" stroke="#ddd"/>')
        out.append(f'<text x="62" y="{up + 4:.1f}" text-anchor="end">{10**power:g} s</text>')
    for power in range(left, right + 1):
        across, up = place(10**power, 10**low)
        out.append(f'<path d="M{across:.1f} {up:.0f}V30" stroke="#ddd"/>')
        out.append(f'<text x="{across:.1f}" y="{up + 18:.0f}" text-anchor="middle">{10**power:,}</text>')
    out.append('<text x="280" y="330" text-anchor="middle">passages in the library</text>')
    for name, curve in points.items():
        spots = [place(size, value) for size, value in sorted(curve.items())]
        line = " ".join(f"{across:.1f},{up:.1f}" for across, up in spots)
        out.append(f'<polyline points="{line}" fill="none" stroke="{LINES[name]}" stroke-width="2"/>')
        out += [f'<circle cx="{across:.1f}" cy="{up:.1f}" r="4" fill="{LINES[name]}"/>' for across, up in spots]
        slope = exponent(curve)
        told = LABELS[name] + (f", exponent {slope:.2f}" if slope is not None else "")
        out.append(f'<text x="500" y="{spots[-1][1] + 4:.1f}" fill="{LINES[name]}">{told}</text>')
    return "\n".join([*out, "</svg>"]) + "\n"


def _batches(data: Path) -> Iterator[list[tuple[str, str]]]:
    batch = []
    for number, text in enumerate(_documents(data)):
        batch.append((f"d{number}", text))
        if len(batch) == BATCH:
            yield batch
            batch = []


def _documents(data: Path) -> Iterator[str]:
    """Documents without end: the chunking corpora again and again, each time with other words in a tenth of places."""
    random = np.random.default_rng(SEED)
    words = np.array(
        " ".join(text.text for text in load_cases(data / "chunking" / "questions_df.csv").texts).split(" ")
    )
    first = True
    while True:
        changed = random.random(words.size) < (0 if first else CHANGED)
        text = " ".join(np.where(changed, random.permutation(words), words).tolist())
        yield from (text[start : start + DOCUMENT] for start in range(0, len(text), DOCUMENT))
        first = False
