"""What each route from a passage to its vector costs, turn by turn in one run: `python -m tests.benchmarks.routes`.

Sentence-transformers with its default batch and with ours, and the bundled route in 32-bit floats and in 8 bits, with
the same weights over the same passages: passages a second, seconds of processor time for a hundred, and how near the
vectors are to the first route's. Then, in fresh processes, from the start to the first vector; and one question's time
and the memory held.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from index.bundled import BundledEmbedder
from index.embed import BATCH, EIGHT_BITS, Embedder, SentenceTransformerEmbedder, bundled_folder
from index.split import split
from index.types import Document
from tests.benchmarks.sets import timing_questions, timing_texts

ROOT = Path(__file__).resolve().parents[2]
FIRST = {
    "sentence-transformers": "from index.embed import *; SentenceTransformerEmbedder(bundled_folder())",
    "bundled": "from index.bundled import *; BundledEmbedder()",
    "bundled, 8 bits": f"from index.bundled import *; BundledEmbedder({EIGHT_BITS!r})",
}


def main() -> None:
    """Runs the routes in turns and prints their figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--passages", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    texts, questions = passages(given.data, given.passages), timing_questions(given.data, 60)
    theirs, ours, eight = SentenceTransformerEmbedder(bundled_folder()), BundledEmbedder(), BundledEmbedder(EIGHT_BITS)
    model = theirs._load()

    def batched(size: int) -> Callable[[], np.ndarray]:
        return lambda: model.encode(texts, batch_size=size, normalize_embeddings=True, show_progress_bar=False)

    routes = {
        "sentence-transformers, batch of 32": batched(32),
        f"sentence-transformers, batch of {BATCH}": batched(BATCH),
        "bundled": lambda: ours.embed(texts),
        "bundled, 8 bits": lambda: eight.embed(texts),
    }
    reference = routes["sentence-transformers, batch of 32"]()
    ours.warm()
    eight.warm()
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in routes}
    near = {}
    for _ in range(given.rounds):
        for name, route in routes.items():
            began, spent = time.perf_counter(), time.process_time()
            vectors = route()
            took[name].append((time.perf_counter() - began, time.process_time() - spent))
            near[name] = float((vectors * reference).sum(axis=1).min())
    base = statistics.median(seconds for seconds, _ in next(iter(took.values())))
    for name, rounds in took.items():
        seconds, spent = (statistics.median(one[part] for one in rounds) for part in (0, 1))
        sys.stdout.write(
            f"{name}: {len(texts) / seconds:.1f} passages/s, {base / seconds:.2f} of the first, "
            f"{spent / len(texts) * 100:.2f} s of processor time for 100, least cosine {near[name]:.7f}\n"
        )
    embedders: dict[str, Embedder] = dict(zip(FIRST, (theirs, ours, eight), strict=True))
    asked: dict[str, list[float]] = {name: [] for name in FIRST}
    for question in questions:
        for name, embedder in embedders.items():
            began = time.perf_counter()
            embedder.embed_query(question)
            asked[name].append(time.perf_counter() - began)
    for name, code in FIRST.items():
        starts = [first(code) for _ in range(given.rounds)]
        sys.stdout.write(
            f"{name}: a question {statistics.median(asked[name]) * 1000:.1f} ms; start to first vector "
            f"{statistics.median(one for one, _ in starts):.2f} s, {starts[0][1]:.0f} MB held\n"
        )


def passages(data: Path, count: int) -> list[str]:
    """So many passages of the chunking corpora, taken evenly from all of them."""
    embedder, found = BundledEmbedder(), []
    for source, text in timing_texts(data, 1_000_000):
        document = Document(source, source, text, (), (), "", "text/plain")
        found += [passage.text for passage in split(document, embedder.lengths, embedder.tokens)]
    return [found[place] for place in np.linspace(0, len(found) - 1, count).astype(int)]


def first(code: str) -> tuple[float, float]:
    """Seconds from the start of a process to its first vector, and the megabytes it had held at most by then."""
    code += ".embed_query('Where is the cat?'); from tests.benchmarks.serve import peak; print(peak() / 1e6)"
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return time.perf_counter() - began, float(done.stdout)


if __name__ == "__main__":
    main()
