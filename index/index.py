"""A library: documents in, hits out. The steps of adding and of searching can be read here from top to bottom."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from index.durable import make_folder
from index.embed import Embedder, open_embedder
from index.errors import BadQuery, DamagedDocument, EmbeddingMismatch, LibraryBusy, LibraryDamaged, LibraryReadOnly
from index.explain import explain
from index.fence import Fence, Reader
from index.find import find
from index.follow import Follower
from index.intake import Intake, unknown
from index.ledger import Ledger
from index.likeness import Likeness
from index.nearest import Nearest
from index.originals import walk
from index.pace import Pace
from index.rank import Ranker
from index.scope import Within, scope_of
from index.turns import Turns
from index.types import Document, Entry, Explanation, Hit, Passage, Progress, Receipt, Scope, Searched
from index.web.address import is_address

LONGEST_QUESTION = 2_000
"""Characters of a question that are searched; what is behind them is passed over."""

EMBEDDING = "embedding model"

if TYPE_CHECKING:
    from index.retriever import PassageRetriever
    from index.web.rules import Rules

Told = Callable[[Progress], None]


class Index:
    """A library in a folder; `with Index.open(folder) as index:` closes it in good order.

    May be used from several threads. One process owns a library; in another one it opens for reading, and whatever
    would write raises `LibraryBusy`.
    """

    def __init__(
        self,
        folder: Path,
        ledger: Ledger,
        embedder: Embedder,
        nearest: Nearest,
        lock: FileLock | None,
        read: Reader | None = None,
        rules: Rules | None = None,
        ranker: Ranker | None = None,
    ) -> None:
        self.folder = folder
        self.ledger = ledger
        self.embedder = embedder
        self._nearest = nearest
        self._lock = lock
        self._rules = rules
        self._ranker = ranker
        self._turns = Turns()
        self._pace = Pace()
        self._likeness = Likeness(embedder)
        self._intake: Intake | None = None
        self._follower: Follower | None = None
        if lock is not None:
            self._intake = Intake(ledger, embedder, Fence(folder / "spool", read=read), folder / "files")
            work = (self._intake.clean, self._intake.mend)
            self._follower = Follower(ledger, embedder, nearest, self._turns, self._pace, *work)
            if ledger.damaged():
                self._follower.wake()

    @classmethod
    def open(
        cls,
        folder: str | Path,
        *,
        embedder: Embedder | None = None,
        store: str = "chroma",
        store_url: str | None = None,
        reindex: bool = False,
        read: Reader | None = None,
        rules: Rules | None = None,
        ranker: Ranker | None = None,
    ) -> Index:
        """Opens a library, made when missing. `reindex` embeds all its passages anew with the model that is given.

        `read` is a plain function that reads files in this process, for tests, in the place of the fenced readers.
        `rules` say which web addresses are fetched: those of public hosts where none are given. `ranker` re-orders what
        a search found, where one is given.

        Raises `EmbeddingMismatch` where it was made with another model, `LibraryDamaged`, or `LibraryReadOnly` where
        there is no library and none can be made.
        """
        folder = Path(folder)
        embedder = embedder or open_embedder()
        held = lock(folder)
        _same_ledger(folder, held)
        if held is None and not os.access(folder / "ledger.sqlite", os.R_OK):
            raise LibraryReadOnly(
                f"there is no library in {str(folder)!r} that this user may read, and none can be made there; "
                "name another folder"
            )
        try:
            ledger = Ledger(folder / "ledger.sqlite", writable=held is not None)
            _check_embedding(ledger, embedder, reindex and held is not None)
            return cls(folder, ledger, embedder, Nearest(ledger, folder, store, store_url), held, read, rules, ranker)
        except BaseException:
            if held is not None:
                held.release()
            raise

    @property
    def writable(self) -> bool:
        """Whether this process owns the library."""
        return self._lock is not None

    def add(
        self,
        path: str | Path,
        name: str | None = None,
        wait: bool = True,
        progress: Told | None = None,
        cancel: threading.Event | None = None,
    ) -> list[Receipt]:
        """Adds a file, every file of a folder, or what stands at a web address, and says what became of each.

        A file that was added before and has not changed is skipped, a changed one replaces what it was, another file
        of the same name becomes "name (2)", unless it is given that `name`, under which it replaces what was there; the
        same content under another name is stored once and found under both.
        One that cannot be read is refused in its receipt and changes nothing. What stands at a web address (http or
        https, of a public host) is named by the address, whatever `name` is given. With `wait=False` the vectors follow
        in the background; words are searched at once either way. `progress` is called as it goes. Where `cancel` is
        set, what is in stays in, the files that are not are "cancelled", and the vectors follow in the background.
        """
        intake, cancel = self._owned(), cancel or threading.Event()
        address = path if is_address(path) else ""
        files = [] if address else list(walk(Path(path), name, self.folder))
        sizes = {address: 0} if address else {source: _size(file) for file, source in files}

        def done(source: str) -> None:
            self._pace.file(sizes[source], source)
            self._wake()
            if progress is not None:
                progress(self.progress())

        def told(source: str, page: int, of: int) -> None:
            self._pace.page(source, sizes[source], page, of)
            if progress is not None:
                progress(self.progress())

        self._pace.begin(list(sizes.values()))
        if address:
            receipts = [intake.address(address, self._rules, cancel)]
            done(address)
        else:
            receipts = intake.files(files, name is not None, cancel, done, told)
        if wait:
            self.wait(progress, cancel)
        return receipts

    def add_texts(
        self, texts: Sequence[tuple[str, str, str]], wait: bool = True, progress: Told | None = None
    ) -> list[Receipt]:
        """Adds texts as (source, title, text), in one transaction; a source that is there is replaced."""
        receipts = self._owned().texts(texts)
        self._wake()
        if wait:
            self.wait(progress)
        return receipts

    def remove(self, source: str) -> None:
        """Takes a document out: hidden at once, then erased from disk in the background; raises `UnknownDocument`."""
        self._owned().remove(source)
        self._wake()

    def pause(self) -> None:
        """Leaves what has no vector yet without, until `resume`; such passages are found by their words."""
        if self._follower is not None:
            self._follower.pause()

    def resume(self) -> None:
        """Goes on where `pause` stopped."""
        if self._follower is not None:
            self._follower.resume()

    def progress(self) -> Progress:
        """How far adding is, and how long it will take."""
        paused = self._follower is not None and self._follower.paused
        return self._pace.progress(self.searched(), paused)

    def search(self, question: str, limit: int = 5, within: Within = None) -> list[Hit]:
        """The passages that hold the question's words or are near its meaning, best first, at most `limit`.

        `within` is the scope to look in, or names the documents. Raises `BadQuery` for an empty question, a limit
        under 1, or dates and pages that are none, `UnknownDocument` for a name that is not there, and `DamagedDocument`
        for one that a disk has changed.
        """
        scope = self._scope(within)
        question = _question(question, limit)
        with self._turns:
            hits = find(question, limit, scope, self.ledger, self._nearest, self.embedder, self._ranker)
        return hits if scope is None or scope.documents is None else self._named(hits, scope.documents)

    def explain(self, question: str, expected: str, limit: int = 5, within: Within = None) -> Explanation:
        """What became of a text that was expected among the first `limit` passages: found, or lost at which stage."""
        scope = self._scope(within)
        question = _question(question, limit)
        if not expected.strip():
            raise BadQuery("the expected text is empty; give some words of the passage that was expected")
        with self._turns:
            parts = (self.ledger, self._nearest, self.embedder)
            return explain(question, expected, limit, scope, parts, self._ranker)

    def similar(self, query: str, texts: Sequence[str]) -> list[float]:
        """The cosine of the query with each text, -1 to 1."""
        with self._turns:
            return self._likeness.similar(query, texts)

    def rarity(self, words: Sequence[str]) -> Mapping[str, float]:
        """How rare each folded word is in the library: inverse document frequency over passages, 0 and up."""
        return self.ledger.rarity(words)

    def neighbours(self, passage: Passage, before: int = 1, after: int = 1) -> list[Passage]:
        """The passages around one of the same document, in order, itself included."""
        return self.ledger.neighbours(passage, before, after)

    def passages(self, source: str | None = None) -> list[Passage]:
        """All passages of one document, or of the library, in order."""
        return self.ledger.passages(source)

    def document(self, source: str) -> Document:
        """A document as it was read; raises `UnknownDocument`, and `DamagedDocument` where a disk has changed it."""
        document = self.ledger.document(source)
        if document is None:
            raise unknown(source, self.ledger)
        if not document.text:
            self._whole([source])
        return document

    def documents(self) -> list[Entry]:
        """The documents of the library, newest first."""
        return self.ledger.entries()

    def damaged(self) -> list[str]:
        """The names of the documents that a disk has changed, and of which nothing is searched until they are mended.

        The library mends them as it opens where it has their files; their receipts say what became of that.
        """
        return [harmed.source for harmed in self.ledger.damaged()]

    def searched(self, within: Within = None) -> Searched:
        """How many passages there are, and how many of them can be found by words and by meaning."""
        return self.ledger.counts(self._scope(within))

    def tag(self, source: str, tags: Sequence[str]) -> None:
        """Gives a document these tags in the place of those it had; raises `UnknownDocument`."""
        self._owned()
        if not self.ledger.tag(source, tuple(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))):
            raise unknown(source, self.ledger)

    def as_retriever(self, k: int = 5, within: Within = None) -> PassageRetriever:
        """This library as a LangChain retriever of the `k` best passages `within` a scope."""
        from index.retriever import PassageRetriever

        return PassageRetriever(index=self, k=k, within=within)

    def wait(self, progress: Told | None = None, cancel: threading.Event | None = None) -> None:
        """Returns when every passage has its vector, or `cancel` is set; raises what stopped the work."""
        if self._follower is not None:
            told = None if progress is None else lambda: progress(self.progress())
            self._follower.wait(told, cancel)

    def close(self) -> None:
        """Stops the background work, closes the store and the ledger, and gives the library free."""
        if self._intake is not None:
            self._intake.close()
        if self._follower is not None:
            self._follower.close()
        self._nearest.close()
        self.ledger.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _scope(self, within: Within) -> Scope | None:
        scope = scope_of(within)
        named = set((scope and scope.documents) or ())
        missing = sorted(named - set(self.ledger.sources())) if named else []
        if missing:
            raise unknown(missing[0], self.ledger)
        self._whole((scope and scope.documents) or ())
        return scope

    def _whole(self, sources: Sequence[str]) -> None:
        """Raises `DamagedDocument` where a disk has changed one of these documents."""
        for harmed in self.ledger.damaged() if sources else ():
            if harmed.source in sources:
                raise DamagedDocument(harmed.receipt.problem)

    def _named(self, hits: Sequence[Hit], names: Sequence[str]) -> list[Hit]:
        """The hits, each under the name that was asked for where its document has several."""
        asked: dict[str, str] = {}
        for name in reversed(names):
            known = self.ledger.known(name)
            asked |= dict.fromkeys((name, *(known.also if known else ())), name)
        found = [(hit, asked.get(hit.passage.source, hit.passage.source)) for hit in hits]
        return [replace(hit, passage=replace(hit.passage, source=name)) for hit, name in found]

    def _owned(self) -> Intake:
        """What takes files in for the owner of the library; raises `LibraryBusy` for anybody else."""
        if self._intake is None:
            raise LibraryBusy(
                f"the library {str(self.folder)!r} is in use by another process, such as an open window, or cannot be "
                "written; add and remove there, or close it first"
            )
        return self._intake

    def _wake(self) -> None:
        if self._follower is not None:
            self._follower.wake()


def _question(question: str, limit: int) -> str:
    if not question.strip():
        raise BadQuery("the question is empty; ask something in plain words")
    if limit < 1:
        raise BadQuery(f"the number of passages to find is {limit}; 1 or more would work")
    return question.strip()[:LONGEST_QUESTION]


def _size(file: Path) -> int:
    """A file's size in bytes, and 0 where that cannot be told."""
    try:
        return file.stat().st_size
    except (OSError, ValueError):
        return 0


def lock(folder: Path) -> FileLock | None:
    """The lock on a library's folder, or None where another process holds it or nothing can be written."""
    try:
        make_folder(folder)
        held = FileLock(folder / "lock", thread_local=False)
        held.acquire(timeout=0)
    except (Timeout, OSError):
        return None
    return held


def _same_ledger(folder: Path, held: FileLock | None) -> None:
    """Raises `LibraryDamaged` where files were added, and the ledger that tells of them is gone.

    A new one would take them for what is left of documents that were removed, and delete them.
    """
    if held is None or (folder / "ledger.sqlite").exists() or not any((folder / "files").glob("*")):
        return
    held.release()
    raise LibraryDamaged(
        f"the file ledger.sqlite of the library {folder.name!r} is missing although files were added to it; put a copy "
        "of it back, or read the files again with: assistant rescue"
    )


def _check_embedding(ledger: Ledger, embedder: Embedder, reindex: bool) -> None:
    known = ledger.fact(EMBEDDING)
    if known == embedder.identity or (known is None and not ledger.writable):
        return
    if known is not None and not reindex:
        raise EmbeddingMismatch(
            f"this library was made with the embedding model {known!r}, and {embedder.identity!r} "
            "was asked for; use that one again, or embed the library anew with: assistant reindex"
        )
    if known is not None:
        ledger.forget_vectors()
    ledger.note(EMBEDDING, embedder.identity)
