"""Nearest neighbours by an exact scan of all vectors, in memory; nothing is written."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

from index.embed import Vectors


def open_store(folder: Path, url: str | None = None, name: str = "") -> MemoryStore:
    """An empty store; where and under which name is of no matter."""
    return MemoryStore()


class MemoryStore:
    """Exact cosine over a matrix that doubles when it is full."""

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._rows: dict[str, int] = {}
        self._matrix: Vectors = np.zeros((0, 0), dtype=np.float32)
        self._lock = threading.Lock()

    def add(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Adds unit vectors of shape (len(keys), dimensions); a key that is there already stays as it is."""
        with self._lock:
            new = [place for place, key in enumerate(keys) if key not in self._rows]
            size = len(self._keys) + len(new)
            if new and size > len(self._matrix):
                grown = np.zeros((max(256, 2 * size), vectors.shape[1]), dtype=np.float32)
                if self._keys:
                    grown[: len(self._keys)] = self._matrix[: len(self._keys)]
                self._matrix = grown
            for place in new:
                if keys[place] in self._rows:
                    continue
                self._rows[keys[place]] = len(self._keys)
                self._matrix[len(self._keys)] = vectors[place]
                self._keys.append(keys[place])

    def remove(self, keys: Collection[str]) -> None:
        """Forgets the vectors of these keys; unknown keys are passed over."""
        with self._lock:
            kept = [row for row, key in enumerate(self._keys) if key not in set(keys)] if keys else []
            if keys:
                self._matrix = self._matrix[kept].copy()
                self._keys = [self._keys[row] for row in kept]
                self._rows = {key: row for row, key in enumerate(self._keys)}

    def search(self, vector: Vectors, limit: int, among: Collection[str] | None = None) -> list[tuple[str, float]]:
        """The nearest keys with their cosines, best first; only those of `among` where it is given."""
        with self._lock:
            rows = range(len(self._keys)) if among is None else [self._rows[k] for k in among if k in self._rows]
            if not rows or limit < 1:
                return []
            matrix = self._matrix[: len(self._keys)] if among is None else self._matrix[list(rows)]
            scores = matrix @ vector
            best = np.argsort(-scores, kind="stable")[:limit]
            return [(self._keys[rows[place]], float(scores[place])) for place in best]

    def keys(self) -> list[str]:
        """The keys of all vectors, in no order."""
        return list(self._keys)

    def count(self) -> int:
        """How many vectors there are."""
        return len(self._keys)

    def close(self) -> None:
        """Nothing to give back."""
