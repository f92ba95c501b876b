"""The service of a sweep: a library that adds the files it is told of, two at a time, and says what came of each.

    python -m tests.sweep.service LIBRARY FOLDER < paths

The way is the product's own, fence and splitting included; only the vectors are a stand-in's, so that reading is what
is measured. It is a process of its own, so that a file which takes it down is seen to do so.
"""

from __future__ import annotations

import json
import sys
import threading
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import numpy as np

from index.bundled import BundledEmbedder
from index.index import Index

AT_ONCE = 2
_DIMENSIONS = 8


class Blank:
    """Tokens counted as the product counts them, and vectors that mean nothing."""

    identity = "blank@1"
    tokens = 254

    def __init__(self) -> None:
        self.lengths = BundledEmbedder().lengths

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> np.ndarray:
        vector = np.full(_DIMENSIONS, 0.1, dtype=np.float32)
        vector[zlib.crc32(text.encode()) % _DIMENSIONS] = 1
        return vector / np.linalg.norm(vector)


class Teller:
    """Says one thing a line, whole, whichever thread it comes from."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def say(self, **what: object) -> None:
        with self._lock:
            sys.stdout.write(json.dumps(what) + "\n")
            sys.stdout.flush()


def serve(library: Path, folder: Path, paths: Sequence[str]) -> None:
    """Adds every file, and tells when each was begun and what its receipt says."""
    tell = Teller()
    with Index.open(library, embedder=Blank(), store="memory") as index:

        def add(path: str) -> None:
            tell.say(begun=path)
            receipt = index.add(folder / path, name=path, wait=False)[0]
            tell.say(done=path, receipt=asdict(receipt))

        pool = ThreadPoolExecutor(AT_ONCE)
        try:
            for done in [pool.submit(add, path) for path in paths]:
                done.result()
        finally:
            pool.shutdown(cancel_futures=True)


if __name__ == "__main__":
    serve(Path(sys.argv[1]), Path(sys.argv[2]), [json.loads(line) for line in sys.stdin])
