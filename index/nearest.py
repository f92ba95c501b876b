"""The nearest-neighbour index of a library: it follows the ledger, and is rebuilt from it whenever it is in doubt."""

from __future__ import annotations

import shutil
import threading
import time
import uuid
from collections.abc import Collection, Sequence
from pathlib import Path

import index.stores as stores
from index.embed import Vectors
from index.errors import StoreUnusable
from index.ledger import Ledger
from index.named import named
from index.stores import Store
from index.stores.memory import MemoryStore

DIRTY = "the vector store may be incomplete"
"""The fact that stands in the ledger from before the first write to the store until it was closed in good order."""


LIBRARY = "library"

RETRY = 30.0
"""Seconds after which a server that failed is tried again."""


class Nearest:
    """Answers from the engine once `settle` has opened it, and before that from an exact scan of the ledger's vectors.

    Only the library's owner opens the engine. A folder that a crash may have torn is never opened: it is built anew
    beside and swapped by rename. `search` may be called from any thread, all else from one.
    """

    def __init__(self, ledger: Ledger, folder: Path, store: str, url: str | None) -> None:
        self._ledger = ledger
        self._folder = folder / store
        self._url = url
        self._module = named(stores, store) if store == "memory" or not ledger.writable else None
        self._name = store
        self._engine: Store | None = None
        self._memory: MemoryStore | None = None
        self._seen = -1
        self.problem = ""
        self._failed = 0.0
        self._lock = threading.Lock()

    def settle(self) -> None:
        """Opens the engine, built anew where it does not hold just what the ledger holds.

        An engine that fails is let go: the exact scan answers, and `problem` says why.
        """
        if self._name == "memory" or self._engine is not None or not self._ledger.writable:
            return
        if self.problem and (not self._url or time.monotonic() < self._failed + RETRY):
            return
        try:
            self._settle()
        except StoreUnusable as error:
            self._fail(error)

    def _settle(self) -> None:
        doubtful = self._ledger.fact(DIRTY) is not None
        engine = None if doubtful and not self._url else self._open(self._folder)
        if engine is None or engine.count() != len(self._ledger.keys()):
            self.rebuild(engine)
        else:
            self._take(engine)

    def rebuild(self, engine: Store | None = None) -> None:
        """Builds the engine's folder anew from the ledger and answers from it; on a server, adds what is missing.

        Raises `StoreUnusable`.
        """
        if self._name == "memory":
            with self._lock:
                self._memory = None
            return
        engine = engine or self._engine
        self._ledger.note(DIRTY, "1")
        self._engine = None
        if self._url:
            self._take(self._reconciled(engine or self._open(self._folder)))
            return
        if engine is not None:
            engine.close()
        fresh = self._folder.with_name(self._folder.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        new = self._open(fresh)
        keys, vectors = self._ledger.vectors()
        if keys:
            new.add(keys, vectors)
        new.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        try:
            fresh.rename(self._folder)
        except OSError as error:
            raise StoreUnusable(f"the vector store cannot be put in its place ({error.strerror})") from error
        self._take(self._open(self._folder))

    def _reconciled(self, engine: Store) -> Store:
        """The engine once it holds just what the ledger holds: the server's own folder cannot be swapped."""
        wanted, there = set(self._ledger.keys()), set(engine.keys())
        engine.remove(there - wanted)
        keys, vectors = self._ledger.vectors(wanted - there)
        if keys:
            engine.add(keys, vectors)
        return engine

    def add(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Takes in vectors that stand in the ledger already."""
        with self._lock:
            if self._memory is not None:
                self._memory.add(keys, vectors)
        engine = self._engine
        if engine is not None:
            if self._ledger.fact(DIRTY) is None:
                self._ledger.note(DIRTY, "1")
            try:
                engine.add(keys, vectors)
            except StoreUnusable as error:
                self._fail(error)

    def search(self, vector: Vectors, limit: int, among: Collection[str] | None = None) -> list[tuple[str, float]]:
        """The nearest keys with their cosines, best first; only those of `among` where it is given."""
        engine = self._engine
        if engine is not None:
            try:
                return engine.search(vector, limit, among)
            except StoreUnusable as error:
                if self._engine is engine:
                    self._fail(error)
        return self._scan().search(vector, limit, among)

    def close(self) -> None:
        """Closes the engine in good order, so that the next session can trust it."""
        engine, self._engine = self._engine, None
        if engine is not None:
            try:
                engine.close()
            except StoreUnusable as error:
                self._fail(error)
            else:
                self._ledger.note(DIRTY, None)

    def _open(self, folder: Path) -> Store:
        store: Store = named(stores, self._name).open_store(folder, self._url, f"passages-{self._library()}")
        return store

    def _library(self) -> str:
        """What tells this library from others on the same server."""
        name = self._ledger.fact(LIBRARY)
        if name is None:
            name = uuid.uuid4().hex[:16]
            self._ledger.note(LIBRARY, name)
        return name

    def _fail(self, error: StoreUnusable) -> None:
        self._engine, self.problem, self._failed = None, str(error), time.monotonic()

    def _take(self, engine: Store) -> None:
        self._engine, self.problem = engine, ""
        with self._lock:
            self._memory = None

    def _scan(self) -> MemoryStore:
        """All vectors of the ledger in memory, read again where another process has written."""
        with self._lock:
            version = 0 if self._ledger.writable else self._ledger.version()
            if self._memory is None or version != self._seen:
                memory = MemoryStore()
                keys, vectors = self._ledger.vectors()
                if keys:
                    memory.add(keys, vectors)
                self._memory, self._seen = memory, version
            return self._memory
