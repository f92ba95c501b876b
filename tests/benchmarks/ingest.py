"""What adding costs, and where its time goes: `python -m tests.benchmarks.ingest`.

Three parts: the 250-page PDF (northwind's manuals joined) from the drop to the first answer and to the last vector,
with the share of each step and the arithmetic limit of the machine beside it; 1,000 documents, with the memory that
the process holds as they go in; and, with `--against CHECKOUT`, the first part in another checkout of this project,
turn by turn in the same run.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "How often are performance reviews conducted?"
FLOPS_A_TOKEN = 21e6
"""Of all-MiniLM-L6-v2: 2 for each of its 10.6 M weights beside the embeddings (6 layers of 12 · 384² each)."""
DOCUMENTS = 1_000
CHARACTERS = 2_000


def main() -> None:
    """Runs the parts and prints their figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--against", type=Path, help="another checkout of this project")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--part", choices=("pdf", "spent", "memory"), help="one part alone, its figures as JSON")
    given = parser.parse_args()
    if given.part:
        parts: dict[str, Callable[[Path], dict[str, Any]]] = {"pdf": pdf, "spent": spent, "memory": memory}
        sys.stdout.write(json.dumps(parts[given.part](given.data)) + "\n")
        return
    checkouts = {"ours": ROOT} | ({"against": given.against.resolve()} if given.against else {})
    rounds: dict[str, list[dict[str, Any]]] = {name: [] for name in checkouts}
    for _ in range(given.rounds):
        for name, checkout in checkouts.items():
            rounds[name].append(_child("pdf", checkout, given.data))
    for name, found in rounds.items():
        medians = {key: statistics.median(one[key] for one in found) for key in ("words", "answer", "vectors")}
        sys.stdout.write(f"{name}: {medians}, {found[0]['passages']} passages, pages cited {found[0]['pages']}\n")
    for part in ("spent", "memory"):
        sys.stdout.write(f"{part}: {json.dumps(_child(part, ROOT, given.data), indent=1)}\n")


def _child(part: str, checkout: Path, data: Path) -> dict[str, Any]:
    command = [sys.executable, str(Path(__file__).resolve()), "--part", part, "--data", str(data.resolve())]
    environment = os.environ | {"PYTHONPATH": str(checkout)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=checkout, env=environment)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def pdf(data: Path) -> dict[str, Any]:
    """Seconds from the drop until words are searchable, until the first answer, until the last vector."""
    from assistant import Assistant
    from tests.benchmarks.sets import joined_pdf

    with tempfile.TemporaryDirectory() as folder, Assistant.open(Path(folder) / "library") as assistant:
        book = joined_pdf(data, Path(folder) / "manuals.pdf")
        assistant.warm()
        began = time.perf_counter()
        [receipt] = assistant.add(book, wait=False)
        words = time.perf_counter() - began
        answer = assistant.ask(QUESTION)
        first = time.perf_counter() - began
        assistant.wait()
        vectors = time.perf_counter() - began
    pages = [citation.page for citation in answer.citations]
    return {"words": words, "answer": first, "vectors": vectors, "passages": receipt.passages, "pages": pages}


def spent(data: Path) -> dict[str, Any]:
    """Seconds of each step of adding the joined manuals, and the least that the arithmetic takes on this machine."""
    import index.intake as intake
    from index.bundled import BundledEmbedder
    from index.index import Index
    from tests.benchmarks.sets import joined_pdf

    took: Counter[str] = Counter()

    def timed(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **more: Any) -> Any:
            began = time.perf_counter()
            try:
                return work(*given, **more)
            finally:
                took[name] += time.perf_counter() - began

        return run

    embedder = BundledEmbedder()
    embedder.warm()
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder) / "library", embedder=embedder) as index:
        book = joined_pdf(data, Path(folder) / "manuals.pdf")
        index.add_texts([("warm", "", "A first sentence.")])
        fence = index._intake._fence._pool
        fence.read = timed("read (behind the fence)", fence.read)
        intake.split = timed("split (tokens counted)", intake.split)
        embedder.embed = timed("embed", embedder.embed)
        for name in ("put", "put_vectors", "pending"):
            setattr(index.ledger, name, timed(f"ledger: {name}", getattr(index.ledger, name)))
        index._nearest.add = timed("nearest-neighbour index", index._nearest.add)
        began = time.perf_counter()
        index.add(book)
        whole = time.perf_counter() - began
        passages = index.passages("manuals.pdf")
        tokens = sum(embedder.lengths([passage.text for passage in passages])) + 2 * len(passages)
        characters = sum(len(passage.text) for passage in passages)
    rate = _flops()
    return {
        "seconds": round(whole, 2),
        "steps": {name: round(seconds, 2) for name, seconds in took.most_common()},
        "passages": len(passages),
        "characters_per_second": round(characters / whole),
        "tokens": tokens,
        "gflops": round(rate / 1e9, 1),
        "limit_seconds": round(tokens * FLOPS_A_TOKEN / rate, 2),
    }


def _flops() -> float:
    """Operations a second of the largest product of the model, as torch does it on all cores: the median of ten."""
    import torch

    one, other = torch.rand(8 * 150, 384), torch.rand(384, 1536)
    rates = []
    for _ in range(10):
        began = time.perf_counter()
        for _ in range(20):
            one @ other
        rates.append(20 * 2 * 1200 * 384 * 1536 / (time.perf_counter() - began))
    return statistics.median(rates)


def memory(data: Path) -> dict[str, Any]:
    """Megabytes held by this process and its readers while 1,000 documents go in, with their vectors."""
    from index.bundled import BundledEmbedder
    from index.index import Index

    text = "\n\n".join(path.read_text() for path in sorted((data / "chunking").rglob("*.md")))
    embedder = BundledEmbedder()
    embedder.warm()
    held: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder) / "library", embedder=embedder) as index:
        files = Path(folder) / "files"
        files.mkdir()
        for number in range(DOCUMENTS):
            start = number * 1_301 % (len(text) - CHARACTERS)
            (files / f"{number:04}.txt").write_text(f"Document {number}.\n\n{text[start : start + CHARACTERS]}")
        over = threading.Event()

        def watch() -> None:
            while not over.wait(1.0):
                far = index.progress()
                held[far.ready] = _megabytes()

        watcher = threading.Thread(target=watch)
        before = _megabytes()
        watcher.start()
        began = time.perf_counter()
        index.add(files)
        seconds = time.perf_counter() - began
        over.set()
        watcher.join()
        passages = len(index.passages())
        began = time.perf_counter()
        again = index.add(files)
        unchanged = time.perf_counter() - began
    tenths = [next((held[at] for at in sorted(held) if at >= passages * part / 10), 0.0) for part in range(10)]
    return {
        "before": round(before),
        "at each tenth": [round(one) for one in tenths],
        "most": round(max(held.values())),
        "passages": passages,
        "seconds": round(seconds, 1),
        "seconds to add them again, unchanged": round(unchanged, 2),
        "unchanged": sum(receipt.state == "unchanged" for receipt in again),
    }


def _megabytes() -> float:
    """What this process and its children hold (Linux only)."""
    pids = [str(os.getpid())]
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):  # a thread may end meanwhile
            pids += (task / "children").read_text().split()
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return total / 1e6


if __name__ == "__main__":
    main()
