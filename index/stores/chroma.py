"""Nearest neighbours by Chroma: embedded in a folder, or a Chroma server where an address is given."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import chromadb
import chromadb.errors
import httpx
import numpy as np
from chromadb.api import ClientAPI
from chromadb.config import Settings

from index.embed import Vectors
from index.errors import StoreUnusable

VERSION = str(chromadb.__version__)
"""What writes the folder: another version's is never opened."""

LARGEST_FILTER = 5_000
"""Above this many ids a scoped search asks for all neighbours and keeps those in scope."""

DEADLINE = 10.0
"""Seconds that a server may take for one call; Chroma's own client would wait for ever."""

BATCH = 1_000
"""Vectors sent in one call; Chroma 1.5.9 itself takes 5,461."""

_RAW = ("data_level0.bin", "length.bin")
"""The files in which Chroma 1.5.9 keeps room for vectors."""

_FAILURES = (chromadb.errors.ChromaError, httpx.HTTPError, OSError, ValueError, RuntimeError, AttributeError)
Result = TypeVar("Result")


def open_store(folder: Path, url: str | None = None, name: str = "passages") -> ChromaStore:
    """The collection `name` in `folder` (made when missing), or on the server at `url` (`http://host:port`)."""
    return ChromaStore(folder, url, name)


class ChromaStore:
    """One collection with cosine distance, no embedding function, and nothing in it but ids and vectors."""

    def __init__(self, folder: Path, url: str | None, name: str) -> None:
        self._deadline = DEADLINE if url else None
        self._folder = None if url else folder
        self._client = self._call(lambda: _client(folder, url))
        self._collection = self._call(
            lambda: self._client.get_or_create_collection(
                name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
            )
        )
        if self._folder is not None:
            self._call(self._load)

    def add(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Adds unit vectors of shape (len(keys), dimensions); a key that is there already stays as it is."""
        first = {key: place for place, key in reversed(list(enumerate(keys)))}
        unique = list(first)
        fresh = self._folder is not None and not any(self._folder.glob(f"*/{_RAW[0]}"))
        starts = [0, *range(1 if fresh else BATCH, len(unique), BATCH)]
        for start, end in zip(starts, [*starts[1:], len(unique)], strict=True):
            batch = unique[start:end]
            if batch:
                chosen = np.asarray(vectors)[[first[key] for key in batch]]
                self._call(partial(self._collection.add, ids=batch, embeddings=chosen))
            if fresh and start == 0:
                self._call(self._blank)

    def remove(self, keys: Collection[str]) -> None:
        """Forgets the vectors of these keys; unknown keys are passed over."""
        every = list(keys)
        for start in range(0, len(every), BATCH):
            batch = every[start : start + BATCH]
            self._call(partial(self._collection.delete, ids=batch))

    def search(self, vector: Vectors, limit: int, among: Collection[str] | None = None) -> list[tuple[str, float]]:
        """The nearest keys with their cosines, best first; only those of `among` where it is given."""
        if limit < 1 or (among is not None and not among):
            return []
        return self._call(lambda: self._search(vector, limit, among))

    def keys(self) -> list[str]:
        """The keys of all vectors, in no order."""
        return list(self._call(lambda: self._collection.get(include=[])["ids"]))

    def count(self) -> int:
        """How many vectors there are."""
        return int(self._call(lambda: self._collection.count()))

    def close(self) -> None:
        """Closes the client, so that its folder can be moved."""
        self._call(lambda: self._client.close())  # type: ignore[attr-defined]

    def _load(self) -> None:
        """Has Chroma read its folder, which makes it write those files anew that it has not flushed yet."""
        there = self._collection.get(limit=1, include=["embeddings"])["embeddings"]
        if there is not None and len(there):
            self._query(np.asarray(there[0]), 1, None)
        self._blank()

    def _blank(self) -> None:
        """Clears the files that Chroma has just made.

        Until its first flush it keeps no vector in them, and writes them out with room for 100 in which stands whatever
        was in this process's memory before (set MALLOC_PERTURB_ and look), such as a document that was deleted.
        """
        if self._folder is None or any(self._folder.glob("*/index_metadata.pickle")):
            return
        for file in [file for name in _RAW for file in self._folder.glob(f"*/{name}")]:
            with file.open("r+b") as opened:
                opened.write(bytes(file.stat().st_size))

    def _search(self, vector: Vectors, limit: int, among: Collection[str] | None) -> list[tuple[str, float]]:
        # Chroma 1.5.9 gives what there is where that is less than the limit; counting first would take as long again
        # in a library of 10,000 passages, and ten times that in one of 100,000.
        if among is None:
            return self._query(vector, limit, None)
        if len(among) > LARGEST_FILTER:
            wanted = set(among)
            every = self._query(vector, max(1, self._collection.count()), None)
            return [item for item in every if item[0] in wanted][:limit]
        there = self._collection.get(ids=list(among), include=[])["ids"]
        return self._query(vector, min(limit, len(there)), there) if there else []

    def _query(self, vector: Vectors, limit: int, ids: list[str] | None) -> list[tuple[str, float]]:
        found = self._collection.query(
            query_embeddings=np.asarray(vector)[None, :], n_results=limit, ids=ids, include=["distances"]
        )
        distances = (found["distances"] or [[]])[0]
        return [(key, 1.0 - float(distance)) for key, distance in zip(found["ids"][0], distances, strict=True)]

    def _call(self, work: Callable[[], Result]) -> Result:
        """What `work` returns, with Chroma's and its client's errors as `StoreUnusable`; in time, on a server."""
        try:
            return work() if self._deadline is None else _in_time(work, self._deadline)
        except _FAILURES as error:
            raise StoreUnusable(f"the vector store failed ({type(error).__name__}: {str(error)[:200]})") from error


def _client(folder: Path, url: str | None) -> ClientAPI:
    settings = Settings(anonymized_telemetry=False)
    if not url:
        return chromadb.PersistentClient(str(folder), settings=settings)
    address = urlsplit(url)
    secure = address.scheme == "https"
    if address.scheme not in ("http", "https") or not address.hostname:
        raise StoreUnusable(f"the vector store's address is {url!r}; one such as http://127.0.0.1:8000 would work")
    port = address.port or (443 if secure else 8000)
    return chromadb.HttpClient(host=address.hostname, port=port, ssl=secure, settings=settings)


def _in_time(work: Callable[[], Result], deadline: float) -> Result:
    """What `work` returns, run in a thread that is left behind where it takes longer than `deadline` seconds."""
    done: queue.SimpleQueue[tuple[bool, Result | Exception]] = queue.SimpleQueue()

    def run() -> None:
        try:
            done.put((True, work()))
        except (*_FAILURES, StoreUnusable) as error:
            done.put((False, error))

    threading.Thread(target=run, daemon=True, name="chroma").start()
    try:
        fine, result = done.get(timeout=deadline)
    except queue.Empty:
        raise StoreUnusable(f"the vector store did not answer within {deadline:.0f} seconds") from None
    if fine:
        return result  # type: ignore[return-value]
    raise result  # type: ignore[misc]
