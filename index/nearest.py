"""The nearest-neighbour index of a library: it follows the ledger, and is rebuilt from it whenever it is in doubt."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import threading
import time
import uuid
from collections.abc import Collection, Sequence
from pathlib import Path

import index.stores as stores
from index.embed import Vectors
from index.errors import LibraryError, StoreUnusable
from index.ledger import Ledger
from index.named import named, names
from index.seal import seal, unchanged
from index.stores import Store
from index.stores.memory import MemoryStore

DIRTY = "the vector store may be incomplete"
"""The fact that stands in the ledger from before the first write to the store until it was closed in good order."""

SEALED = "the vector store as it was closed"
"""The fact that says which keys the store held when it was closed, and what its files were."""

LIBRARY = "library"

AT_ONCE = 10_000
"""Vectors that are taken from the ledger at a time: 15 MB of them, twice."""

PORTION = 1_000
"""Vectors that an engine takes in before it may be told to stop."""

RETRY = 30.0
"""Seconds after which an engine that failed is tried again: a server is back by then, or a disk has room again."""


class Nearest:
    """Answers from the engine once `settle` has opened it, and before that from an exact scan of the ledger's vectors.

    Only the library's owner opens the engine, and only a folder that is byte for byte as this version of the engine
    closed it: one that a crash may have torn, a disk has changed or another version has written is built anew, since it
    can bring the process down or answer from a part.
    `search` and `stop` may be called from any thread, all else from one.
    """

    def __init__(self, ledger: Ledger, folder: Path, store: str, url: str | None) -> None:
        self._ledger = ledger
        self._folder = folder / store
        self._url = url
        if store not in names(stores):
            named(stores, store)  # says which there are; an engine that is there is imported when it is opened
        self._name = store
        self._engine: Store | None = None
        self._memory: MemoryStore | None = None
        self._seen = -1
        self.problem = ""
        self._failed: float | None = None
        self._stopping = False
        self._lock = threading.Lock()

    def settle(self) -> None:
        """Opens the engine, built anew where it does not hold just what the ledger holds.

        An engine that fails is let go: the exact scan answers, and `problem` says why.
        """
        if self._name == "memory" or self._engine is not None or not self._ledger.writable:
            return
        if self._failed is not None and time.monotonic() < self._failed + RETRY:
            return
        with contextlib.suppress(StoreUnusable):
            self._settle()

    def _settle(self) -> None:
        if not self._url and not self._trusted():
            self.rebuild()
            return
        try:
            engine = self._open(self._folder)
            alike = engine.count() == len(self._ledger.keys())
        except StoreUnusable as error:
            self._fail(error)
            raise
        if alike and self._ledger.fact(DIRTY) is None:
            self._take(engine)
        else:
            self.rebuild(engine)

    def _trusted(self) -> bool:
        """Whether the engine's folder is as it was closed, and that was with just the keys that the ledger has now."""
        if self._failed is not None or self._ledger.fact(DIRTY) is not None:
            return False
        try:
            told = json.loads(self._ledger.fact(SEALED) or "{}")
            known = told["version"] == self._version() and told["keys"] == _digest(self._ledger.keys())
            return known and unchanged(self._folder, told["files"])
        except (ValueError, LookupError, TypeError):
            return False

    def rebuild(self, engine: Store | None = None) -> None:
        """Builds the engine's folder anew from the ledger and answers from it; on a server, adds what is missing.

        Raises `StoreUnusable`, after which the exact scan answers and `settle` tries again later.
        """
        if self._name == "memory":
            with self._lock:
                self._memory = None
            return
        engine = engine or self._engine
        self._ledger.note(DIRTY, "1")
        self._engine = None
        try:
            if self._url:
                self._take(self._reconciled(engine or self._open(self._folder)))
            else:
                if engine is not None:
                    engine.close()
                self._take(self._built())
        except StoreUnusable as error:
            self._fail(error)
            raise

    def _built(self) -> Store:
        """The engine in a folder made from nothing but the ledger."""
        fresh = self._folder.with_name(self._folder.name + ".new")
        try:
            # What was there is not used any more, and its room may be needed.
            for there in (fresh, self._folder):
                _clear(there)
            new = self._open(fresh)
            try:
                self._pour(self._ledger.keys(), new)
            finally:
                new.close()
            fresh.rename(self._folder)
        except OSError as error:
            raise StoreUnusable(f"the vector store cannot be put in its place ({error.strerror})") from error
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        return self._open(self._folder)

    def _reconciled(self, engine: Store) -> Store:
        """The engine once it holds just what the ledger holds: the server's own folder cannot be swapped."""
        wanted, there = set(self._ledger.keys()), set(engine.keys())
        engine.remove(there - wanted)
        self._pour(sorted(wanted - there), engine)
        return engine

    def _pour(self, wanted: Sequence[str], store: Store, stoppable: bool = True) -> None:
        """Has a store take in the vectors of these keys, so many at a time that no copy of all of them is made."""
        for start in range(0, len(wanted), AT_ONCE):
            keys, vectors = self._ledger.vectors(wanted[start : start + AT_ONCE])
            for first in range(0, len(keys), PORTION):
                if stoppable and self._stopping:
                    raise StoreUnusable("the library was closed before the vector store was built")
                store.add(keys[first : first + PORTION], vectors[first : first + PORTION])

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

    def stop(self) -> None:
        """Has an engine that is being built let go, so that closing need not wait; the next session begins anew."""
        self._stopping = True

    def close(self) -> None:
        """Closes the engine in good order and seals its folder, so that the next session can trust it."""
        engine, self._engine = self._engine, None
        if engine is None:
            return
        try:
            keys = sorted(self._ledger.keys())
            whole = keys == sorted(engine.keys())
            engine.close()
        except StoreUnusable as error:
            self._fail(error)
            return
        if whole:
            files = "" if self._url else seal(self._folder)
            told = {"version": self._version(), "keys": _digest(keys), "files": files}
            self._ledger.note(SEALED, json.dumps(told))
            self._ledger.note(DIRTY, None)

    def _open(self, folder: Path) -> Store:
        store: Store = named(stores, self._name).open_store(folder, self._url, f"passages-{self._library()}")
        return store

    def _version(self) -> str:
        return str(getattr(named(stores, self._name), "VERSION", ""))

    def _library(self) -> str:
        """What tells this library from others on the same server."""
        name = self._ledger.fact(LIBRARY)
        if name is None:
            name = uuid.uuid4().hex[:16]
            self._ledger.note(LIBRARY, name)
        return name

    def _fail(self, error: StoreUnusable) -> None:
        """Lets the engine go; its folder is built anew before it is used again."""
        engine, self._engine = self._engine, None
        self.problem, self._failed = str(error), time.monotonic()
        if engine is not None and not self._url:
            with contextlib.suppress(StoreUnusable):
                engine.close()
        with contextlib.suppress(LibraryError):
            self._ledger.note(DIRTY, "1")

    def _take(self, engine: Store) -> None:
        self._engine, self.problem, self._failed = engine, "", None
        with self._lock:
            self._memory = None

    def _scan(self) -> MemoryStore:
        """All vectors of the ledger in memory, read again where another process has written."""
        with self._lock:
            version = 0 if self._ledger.writable else self._ledger.version()
            if self._memory is None or version != self._seen:
                memory = MemoryStore()
                self._pour(self._ledger.keys(), memory, stoppable=False)
                self._memory, self._seen = memory, version
            return self._memory


def _clear(there: Path) -> None:
    """Deletes a folder, or whatever else stands in its place."""
    if there.is_symlink() or there.is_file():
        there.unlink()
    shutil.rmtree(there, ignore_errors=True)


def _digest(keys: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()
