"""One SQLite file, used from several threads: transactions that are whole or not at all, and errors as sentences."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from index.errors import LibraryBusy, LibraryDamaged, LibraryReadOnly
from index.examine import examine
from index.schema import STEPS, migrate
from index.seal import broken, seal_file, sealed, unseal


class Database:
    """A SQLite file in WAL mode with `synchronous=FULL`; one writer at a time, and a reader for each thread.

    With `writable=False` nothing is written; where not even the WAL's side files can be made (a read-only mount, on
    which nobody can be writing), the file is opened as immutable. A file that is not as it was closed is examined, and
    put right where that can be done, before anything is read. `commits` counts the transactions of this process.
    Raises `LibraryDamaged` and `LibraryReadOnly`.
    """

    def __init__(self, path: Path, writable: bool) -> None:
        self.path = path
        self.writable = writable
        self.commits = 0
        self._lock = threading.RLock()
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._readers: dict[threading.Thread, sqlite3.Connection] = {}
        self._mode = "mode=ro"
        try:
            with self._translated():
                if writable:
                    self._own()
                else:
                    self._probe()
        except BaseException:
            self._let_go()
            raise

    def read(self, statement: str, values: Iterable[Any] = ()) -> list[Any]:
        """All rows of a query, as of one moment; none where a value is no text, since nothing here is equal to it."""
        with self._translated(), contextlib.suppress(UnicodeEncodeError):
            return self._reader().execute(statement, tuple(values)).fetchall()
        return []

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: committed whole and on disk when the block ends, or rolled back whole."""
        if not self.writable:
            raise LibraryReadOnly(f"the library {self.path.parent.name!r} can only be read here")
        with self._lock, self._translated():
            self._writer.execute("begin immediate")
            try:
                yield self._writer
                self._writer.execute("commit")
                self.commits += 1
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("rollback")
                raise

    def fold(self) -> None:
        """Moves all that stands in the WAL into the file, and empties the WAL; raises `LibraryBusy` for a reader."""
        with self._lock, self._translated():
            [(busy, _, _)] = self._writer.execute("pragma wal_checkpoint(truncate)").fetchall()
        if busy:
            raise LibraryBusy(
                f"what was deleted from the library {self.path.parent.name!r} is still on the disk while another "
                "process reads there; it is erased as soon as that is done"
            )

    def close(self) -> None:
        """Folds the WAL, closes all connections and seals the file, so that the next session can trust it."""
        with self._lock:
            folded = False
            if self.writable:
                with contextlib.suppress(LibraryBusy, LibraryDamaged, LibraryReadOnly):
                    self.fold()
                    folded = True
            self._let_go()
            if folded:
                with contextlib.suppress(OSError):
                    seal_file(self.path)

    def _let_go(self) -> None:
        with self._lock:
            # The writer goes first, so that the WAL's side files stay: they need no room when the disk is full.
            for connection in self._connections:
                with contextlib.suppress(sqlite3.Error):
                    connection.close()
            self._connections.clear()
            self._readers.clear()

    def _own(self) -> None:
        """Opens the file for writing, as its only writer."""
        there = self.path.exists()
        trusted = sealed(self.path) and not self._unfolded()
        self._writer = self._connect("mode=rwc")
        for pragma in ("journal_mode=wal", "synchronous=full", "secure_delete=on", "foreign_keys=on"):
            self._writer.execute(f"pragma {pragma}")
        migrate(self._writer)
        if there and not trusted:
            examine(self._writer, self.path.parent.name)
        # Only now: until then another process is told by it that the file is not as it was closed.
        unseal(self.path)

    def _connect(self, mode: str) -> sqlite3.Connection:
        address = f"{self.path.absolute().as_uri()}?{mode}"
        connection = sqlite3.connect(address, uri=True, timeout=10, isolation_level=None, check_same_thread=False)
        with self._lock:
            self._connections.append(connection)
        return connection

    def _reader(self) -> sqlite3.Connection:
        reader: sqlite3.Connection | None = getattr(self._local, "reader", None)
        if reader is None:
            reader = self._connect(self._mode)
            reader.execute("create virtual table temp.vocabulary using fts5vocab('main', 'words', 'row')")
            self._local.reader = reader
            self._keep(reader)
        return reader

    def _keep(self, reader: sqlite3.Connection) -> None:
        """Notes this thread's reader, and closes those of threads that are over: each takes a file and 240 kB."""
        with self._lock:
            for thread in [thread for thread in self._readers if not thread.is_alive()]:
                over = self._readers.pop(thread)
                self._connections.remove(over)
                with contextlib.suppress(sqlite3.Error):
                    over.close()
            self._readers[threading.current_thread()] = reader

    def _probe(self) -> None:
        self._still()
        try:
            self._reader().execute("select 1 from documents limit 1").fetchone()
        except sqlite3.OperationalError:
            self._local = threading.local()
            self._mode = "immutable=1"
            self._still()
            self._reader().execute("select 1 from documents limit 1").fetchone()
        if self._reader().execute("pragma user_version").fetchone()[0] != len(STEPS):
            raise LibraryReadOnly(
                f"the library {self.path.parent.name!r} was written by another version of this program and can only be "
                "read here; open it once where it can be written"
            )

    def _still(self) -> None:
        """Raises where the file is not as it was closed, or is read alone and is not all that the library holds."""
        name = self.path.parent.name
        if broken(self.path):
            raise LibraryDamaged(
                f"the file {self.path.name} of the library {name!r} was damaged on the disk; put a copy of the "
                "library's folder back, or open it once where it can be written and repaired"
            )
        if self._mode == "immutable=1" and self._unfolded():
            raise LibraryReadOnly(
                f"the library {name!r} was not closed in good order, and what was done last cannot be taken up where "
                "nothing can be written; open it once where it can be written, or copy its folder there"
            )

    def _unfolded(self) -> bool:
        """Whether something stands in the WAL only."""
        wal = self.path.with_name(f"{self.path.name}-wal")
        return wal.exists() and wal.stat().st_size > 0

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        name = self.path.parent.name
        try:
            yield
        except sqlite3.OperationalError as error:
            if any(word in str(error) for word in ("full", "readonly", "read-only")):
                raise LibraryReadOnly(
                    f"the library {name!r} cannot be written ({error}); free some space or choose another folder; "
                    "nothing that was in it has changed"
                ) from error
            if "I/O" in str(error):
                raise LibraryDamaged(
                    f"the disk failed while the library {name!r} was read or written ({error}); nothing that was in it "
                    "has changed; check the disk and try again"
                ) from error
            raise LibraryDamaged(f"the library {name!r} cannot be used ({error})") from error
        except OSError as error:
            raise LibraryDamaged(
                f"the disk failed while the library {name!r} was opened ({error.strerror}); nothing that was in it has "
                "changed; check the disk and try again"
            ) from error
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise LibraryDamaged(
                f"the file {self.path.name} of the library {name!r} is damaged ({error}); put a copy of the library's "
                "folder back, or take over what is whole and read the rest again with: assistant rescue"
            ) from error
