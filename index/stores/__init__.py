"""One file an engine: nearest neighbours by cosine over unit vectors, rebuilt from the ledger at will.

A file offers `open_store(folder, url, name) -> Store`; `name` tells libraries apart that share a server. One that
keeps a folder offers `VERSION` too, which says what writes it.
A key's vector never changes; ids and vectors are all that is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from index.embed import Vectors


class Store(Protocol):
    """What every engine does; all of it raises `StoreUnusable` where the engine fails."""

    def add(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Adds unit vectors of shape (len(keys), dimensions); a key that is there already stays as it is."""

    def remove(self, keys: Collection[str]) -> None:
        """Forgets the vectors of these keys; unknown keys are passed over."""

    def search(self, vector: Vectors, limit: int, among: Collection[str] | None = None) -> list[tuple[str, float]]:
        """The nearest keys with their cosines, best first; only those of `among` where it is given."""

    def keys(self) -> list[str]:
        """The keys of all vectors, in no order."""

    def count(self) -> int:
        """How many vectors there are."""

    def close(self) -> None:
        """Gives back what the engine holds; the store is not used after that."""
