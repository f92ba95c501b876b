"""Nearest neighbours by Chroma: embedded in a folder, or a Chroma server where an address is given."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import chromadb
import chromadb.errors
import httpx
import numpy as np
from chromadb.config import Settings

from index.embed import Vectors
from index.errors import StoreUnusable

COLLECTION = "passages"
LARGEST_FILTER = 5_000
"""Above this many ids a scoped search asks for more neighbours and keeps those in scope."""


def open_store(folder: Path, url: str | None = None) -> ChromaStore:
    """The Chroma collection in `folder` (made when missing), or on the server at `url` (`http://host:port`)."""
    return ChromaStore(folder, url)


class ChromaStore:
    """One collection with cosine distance, no embedding function, and nothing in it but ids and vectors."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        settings = Settings(anonymized_telemetry=False)
        with _translated():
            if url:
                address = urlsplit(url)
                self._client = chromadb.HttpClient(
                    host=address.hostname or "127.0.0.1",
                    port=address.port or (443 if address.scheme == "https" else 8000),
                    ssl=address.scheme == "https",
                    settings=settings,
                )
            else:
                self._client = chromadb.PersistentClient(str(folder), settings=settings)
            self._collection = self._client.get_or_create_collection(
                COLLECTION, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
            )
            self._batch = min(1_000, self._client.get_max_batch_size())

    def add(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Adds unit vectors of shape (len(keys), dimensions); a key that is there already stays as it is."""
        first = {key: place for place, key in reversed(list(enumerate(keys)))}
        unique = list(first)
        with _translated():
            for start in range(0, len(unique), self._batch):
                batch = unique[start : start + self._batch]
                self._collection.add(ids=batch, embeddings=np.asarray(vectors)[[first[key] for key in batch]])

    def remove(self, keys: Collection[str]) -> None:
        """Forgets the vectors of these keys; unknown keys are passed over."""
        every = list(keys)
        with _translated():
            for start in range(0, len(every), self._batch):
                self._collection.delete(ids=every[start : start + self._batch])

    def search(self, vector: Vectors, limit: int, among: Collection[str] | None = None) -> list[tuple[str, float]]:
        """The nearest keys with their cosines, best first; only those of `among` where it is given."""
        if limit < 1 or (among is not None and not among):
            return []
        with _translated():
            count = self._collection.count()
            if not count:
                return []
            if among is not None and len(among) <= LARGEST_FILTER:
                there = self._collection.get(ids=list(among), include=[])["ids"]
                found = self._query(vector, min(limit, len(there)), there) if there else []
            elif among is None:
                found = self._query(vector, min(limit, count), None)
            else:
                wanted = set(among)
                found = [item for item in self._query(vector, count, None) if item[0] in wanted]
        return found[:limit]

    def _query(self, vector: Vectors, limit: int, ids: list[str] | None) -> list[tuple[str, float]]:
        found = self._collection.query(
            query_embeddings=np.asarray(vector)[None, :], n_results=limit, ids=ids, include=["distances"]
        )
        distances = (found["distances"] or [[]])[0]
        return [(key, 1.0 - float(distance)) for key, distance in zip(found["ids"][0], distances, strict=True)]

    def count(self) -> int:
        """How many vectors there are."""
        with _translated():
            return int(self._collection.count())

    def close(self) -> None:
        """Closes the client, so that its folder can be moved."""
        with _translated():
            self._client.close()  # type: ignore[attr-defined]


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Chroma's and its client's errors as `StoreUnusable`."""
    try:
        yield
    except (chromadb.errors.ChromaError, httpx.HTTPError, OSError, ValueError, RuntimeError, AttributeError) as error:
        raise StoreUnusable(f"the vector store failed ({type(error).__name__}: {str(error)[:200]})") from error
