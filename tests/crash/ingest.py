"""The child that is killed: carries out a plan and acknowledges each step once the library's call has returned.

python -m tests.crash.ingest LIBRARY LOG SEED LENGTH [STORE]
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from index.index import Index
from index.read import read
from tests.crash.plan import Step, document, plan, texts
from tests.crash.quick import QuickEmbedder


def opened(library: Path, store: str = "chroma") -> Index:
    """The library with an embedder that costs nothing, and readers in this process."""
    return Index.open(library, embedder=QuickEmbedder(), store=store, read=read)


def ingest(library: Path, log: Path, seed: int, length: int, group: bool = False, store: str = "chroma") -> None:
    """Carries the plan out; `group` makes the process a group of its own, to be killed as one."""
    if group:
        os.setsid()
    told = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    incoming = library.parent / "incoming"
    incoming.mkdir(exist_ok=True)
    index = opened(library, store)
    for number, step in enumerate(plan(seed, length)):
        _tell(told, "begun", number)
        if step.kind == "reopen":
            index.close()
            index = opened(library, store)
        else:
            carry_out(index, step, incoming)
        _tell(told, "done", number)
    index.close()
    _tell(told, "closed", length)


def carry_out(index: Index, step: Step, incoming: Path) -> None:
    """One step on an open library; `incoming` is where the files to add are written."""
    if step.kind == "texts":
        index.add_texts(list(texts(step)), wait=False)
    elif step.kind == "file":
        [(source, version)] = step.versions
        (incoming / source).write_text(document(source, version))
        [receipt] = index.add(incoming / source, name=source, wait=False)
        if receipt.state not in ("added", "replaced"):
            raise RuntimeError(f"{source} was not added: {receipt}")
    elif step.kind == "remove":
        index.remove(step.versions[0][0])
    else:
        index.wait()


def _tell(told: int, word: str, number: int) -> None:
    os.write(told, json.dumps([word, number]).encode() + b"\n")
    os.fsync(told)


if __name__ == "__main__":
    ingest(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), store=[*sys.argv, "chroma"][5])
