"""What is measured of one system: how well it finds, how long it takes, and how much room it needs."""

from __future__ import annotations

import hashlib
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.evaluation.score import chosen, scored
from assistant.evaluation.types import Place, Result
from tests.benchmarks.drive import Driven, on_disk, running
from tests.benchmarks.sets import Asked, Trial

BATCH = 200_000
WARM = ("warm", "A first sentence, so that the model is loaded before anything is timed.")


def quality(name: str, trial: Trial, folder: Path, log: Path) -> dict:
    """What every question scores, with the room that the whole collection takes in memory and on the disk."""
    measures = chosen(trial.metrics)
    scores: dict[str, list[float]] = {one.name: [] for one in measures}
    own: dict[str, list[float]] = {}
    lengths, lost = [], 0
    with running(name, folder, log) as system:
        warm(system)
        passages, seconds = add(system, trial.texts)
        own_measures = chosen([f"excerpt_recall@{system.k}"]) if trial.metrics[0].startswith("excerpt") else []
        began = time.perf_counter()
        for case in trial.cases:
            found = system.call("search", question=case.question, k=max(trial.depth, system.k))["found"]
            lost += sum(start < 0 for _, start, _ in found)
            places = tuple(Place(source, start, end) for source, start, end in found if start >= 0)
            result = scored(case, Result(case.id, case.evidence, found=places), [*measures, *own_measures])
            for one in measures:
                scores[one.name].append(result.scores[one.name][0])
            for one in own_measures:
                own.setdefault(one.name, []).append(result.scores[one.name][0])
            lengths.append(sum(place.end - place.start for place in places[:5]))
        asked = time.perf_counter() - began
        peak = system.call("memory")["peak"]
        system.call("save")
    return {
        "note": trial.note,
        "characters": trial.characters,
        "passages": passages,
        "scores": scores,
        "halves": [half(case.question) for case in trial.cases],
        "own": own,
        "k": system.k,
        "returned": statistics.mean(lengths),
        "unplaced": lost,
        "add_seconds": seconds,
        "search_seconds": asked / len(trial.cases),
        "peak": peak,
        "disk": on_disk(folder),
    }


def times(name: str, texts: Sequence[tuple[str, str]], questions: Sequence[str], folder: Path, log: Path) -> dict:
    """One round of times on a slice: adding it, asking of it, and starting again on what was saved."""
    with running(name, folder, log) as system:
        first = system.start
        warm(system)
        passages, seconds = add(system, texts)
        latencies = []
        for question in questions:
            system.call("search", question=question, k=5)
            latencies.append(system.seconds)
        asks = []
        for question in questions[:20] if name == "ours" else ():
            system.call("ask", question=question + " ")
            asks.append(system.seconds)
        peak = system.call("memory")["peak"]
        system.call("save")
    disk = on_disk(folder)
    with running(name, folder, log) as system:
        system.call("search", question=questions[0], k=5)
        start = system.start + system.seconds
    characters = sum(len(text) for _, text in texts)
    out = {
        "characters": characters,
        "passages": passages,
        "seconds": seconds,
        "characters_per_second": characters / seconds,
        "passages_per_second": passages / seconds,
        "p50": float(np.percentile(latencies, 50)),
        "p95": float(np.percentile(latencies, 95)),
        "start": start,
        "first_start": first,
        "peak": peak,
        "disk_per_million": disk / characters * 1e6,
    }
    if asks:
        out |= {"ask_p50": float(np.percentile(asks, 50)), "ask_p95": float(np.percentile(asks, 95))}
    return out


def dropped(name: str, pdf: Path, asked: Sequence[Asked], folder: Path, log: Path) -> dict:
    """Seconds from a PDF that is dropped on a running system to the first question answered from it."""
    question, _ = asked[0]
    with running(name, folder / "first", log) as system:
        warm(system)
        began = time.perf_counter()
        if name != "ours":
            passages = system.call("load", path=str(pdf))["passages"]
            system.call("search", question=question, k=5)
            return {"first": time.perf_counter() - began, "passages": passages}
        passages = system.call("drop", path=str(pdf))["passages"]
        answered = system.call("ask", question=question)["answered"]
        first = time.perf_counter() - began
        system.call("wait")
        whole = time.perf_counter() - began
    early = _early(pdf, asked, folder / "early", log)
    return {"first": first, "whole": whole, "passages": passages, "answered": answered, "early": early}


def _early(pdf: Path, asked: Sequence[Asked], folder: Path, log: Path) -> dict:
    """How many questions cite a right page when they are asked the moment the PDF is in, and when all vectors are."""
    with running("ours", folder, log) as system:
        warm(system)
        system.call("drop", path=str(pdf))
        first = [system.call("ask", question=question) for question, _ in asked]
        system.call("wait")
        last = [system.call("ask", question=question) for question, _ in asked]
    right, late = (
        sum(bool(pages & set(answer["pages"])) for (_, pages), answer in zip(asked, answers, strict=True))
        for answers in (first, last)
    )
    ready, total = first[0]["meaning"], first[0]["total"]
    return {"asked": len(asked), "right": right, "late": late, "ready": ready, "total": total}


def add(system: Driven, texts: Sequence[tuple[str, str]]) -> tuple[int, float]:
    """Adds the texts in batches of some characters; the passages, and the seconds until all can be searched."""
    passages, seconds = 0, 0.0
    batch: list[tuple[str, str]] = []
    for at, text in enumerate(texts):
        batch.append(text)
        if at + 1 == len(texts) or sum(len(one) for _, one in batch) > BATCH:
            passages += system.call("add", texts=batch)["passages"]
            seconds += system.seconds
            batch = []
    return passages, seconds


def warm(system: Driven) -> None:
    """Lets the system load whatever it loads at its first use."""
    system.call("add", texts=[WARM])
    system.call("search", question=WARM[1], k=1)


def half(question: str) -> int:
    """1 for a question of the half that is reported, 0 for one that may be tuned on: the parity of its sha256."""
    return int(hashlib.sha256(question.encode()).hexdigest(), 16) % 2
