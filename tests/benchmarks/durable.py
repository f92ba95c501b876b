"""What it costs to have the copy of a file on the disk before the ledger tells of its document.

python -m tests.benchmarks.durable [FOLDER [COUNT]]: FOLDER lies on the disk to be measured, which is no disk in memory.
"""

from __future__ import annotations

import hashlib
import statistics
import sys
import tempfile
import time
from pathlib import Path

from index.index import Index
from index.originals import keep
from index.read import read
from tests.crash.plan import document
from tests.crash.quick import QuickEmbedder


def file(folder: Path, name: str) -> Path:
    """A file of 20 passages, about 3 KB, of which no other has the text."""
    made = folder / name
    made.write_text(document(name, 0, 20))
    return made


def measure(folder: Path, count: int) -> dict[str, float]:
    """Medians in milliseconds over so many files each, in turns: kept for good, only renamed, and a whole `add`."""
    took: dict[str, list[float]] = {"kept": [], "renamed": [], "added": []}
    (folder / "renamed").mkdir()
    with Index.open(folder / "library", embedder=QuickEmbedder(), store="memory", read=read) as index:
        for number in range(count):
            kept, renamed, added = (file(folder, f"{what}{number}.txt") for what in took)
            digest = hashlib.sha256(kept.read_bytes()).hexdigest()
            for what, work in {
                "kept": lambda kept=kept, digest=digest: keep(folder / "kept", kept, digest),
                "renamed": lambda renamed=renamed: renamed.replace(folder / "renamed" / renamed.name),
                "added": lambda added=added: index.add(added, wait=False),
            }.items():
                began = time.perf_counter()
                work()
                took[what].append(1000 * (time.perf_counter() - began))
    return {what: statistics.median(seconds) for what, seconds in took.items()}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as place:
        found = measure(Path(place), int(sys.argv[2]) if len(sys.argv) > 2 else 200)
    without = found["added"] - found["kept"] + found["renamed"]
    sys.stdout.write(
        f"kept {found['kept']:.2f} ms, only renamed {found['renamed']:.2f} ms, a whole add {found['added']:.2f} ms: "
        f"{found['added'] / without:.2f} times what it would be without\n"
    )
