"""How long a whole answer takes without a chat model, over many passages, and how much memory the trained reader takes.

    python -m tests.benchmarks.answering [--data FOLDER] [--passages 10000] [--questions 100]

The passages are real text (see `growth.py`), their vectors a stand-in's; the question and the sentences that are
compared with it are embedded by the model too, so that an answer costs what it costs a user. The two readers take
turns, question by question.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from assistant import Assistant, Settings
from assistant.readers.trained.spans import shipped
from tests.benchmarks.drive import ROOT
from tests.benchmarks.growth import _batches
from tests.benchmarks.sets import timing_questions

sys.path.insert(0, str(Path(__file__).parent))
from peers.growing import Standing

SENTENCES = 12


class Costing(Standing):
    """The stand-in, at the model's price where a question's sentences are embedded."""

    def embed(self, texts):
        if len(texts) <= SENTENCES:
            self._model.embed(texts)
        return super().embed(texts)


def asked(assistant: Assistant, question: str) -> tuple[float, float]:
    """Seconds to the first passages and to the whole answer."""
    began, first = time.perf_counter(), 0.0
    for answer in assistant.stream(question):
        first = first or (time.perf_counter() - began if answer.hits else 0.0)
    return first, time.perf_counter() - began


def megabytes() -> float:
    """What this process holds in memory."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:", 1)[1].split()[0]) / 1e3


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=100)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ruled = Assistant.open(folder, Settings(model=None, reader="rules"), embedder=Costing())
        held = 0
        for batch in _batches(given.data):
            held += sum(r.passages for r in ruled.add_texts([(n, "", text) for n, text in batch], wait=False))
            if held >= given.passages:
                break
        ruled.wait()
        ruled.ask("warm")
        before = megabytes()
        shipped().warm()
        trained = Assistant(ruled.index, Settings(model=None, reader="trained"))
        times: dict[str, list[tuple[float, float]]] = {"rules": [], "trained": []}
        for question in timing_questions(given.data, given.questions):
            times["rules"].append(asked(ruled, question))
            times["trained"].append(asked(trained, question))
        sys.stdout.write(f"{held:,} passages; the trained reader took {megabytes() - before:.0f} MB\n")
        for name, values in times.items():
            first, whole = (np.percentile([each[at] for each in values], (50, 95)) for at in (0, 1))
            sys.stdout.write(
                f"{name}: passages after {first[0] * 1000:.0f} ms (95%: {first[1] * 1000:.0f}), "
                f"whole answer after {whole[0] * 1000:.0f} ms (95%: {whole[1] * 1000:.0f})\n"
            )
        ruled.close()


if __name__ == "__main__":
    main()
