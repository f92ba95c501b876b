"""A library: documents in, hits out. The steps of adding and of searching can be read here from top to bottom."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from index.embed import BUNDLED, Embedder, SentenceTransformerEmbedder
from index.errors import BadQuery, EmbeddingMismatch, LibraryBusy, LibraryReadOnly, UnknownDocument, UnreadableFile
from index.fence import Fence, Fenced, Reader
from index.find import find
from index.follow import Follower
from index.ledger import Ledger
from index.likeness import Likeness
from index.nearest import Nearest
from index.originals import clean, keep, walk
from index.records import Item
from index.split import split
from index.turns import Turns
from index.types import Document, Entry, Hit, Passage, Receipt, Searched, ink

LONGEST_QUESTION = 2_000
"""Characters of a question that are searched; what is behind them is passed over."""

EMBEDDING = "embedding model"

Progress = Callable[[Searched], None]


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
    ) -> None:
        self.folder = folder
        self.ledger = ledger
        self.embedder = embedder
        self._nearest = nearest
        self._lock = lock
        self._originals = folder / "files"
        self._adding = threading.Lock()
        self._turns = Turns()
        self._follower = Follower(ledger, embedder, nearest, self._turns, self._clean) if lock else None
        self._fence = Fence(folder / "spool", read=read) if lock else None
        self._likeness = Likeness(embedder)

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
    ) -> Index:
        """Opens a library, made when missing. `reindex` embeds all its passages anew with the model that is given.

        `read` is a plain function that reads files in this process, for tests, in the place of the fenced readers.

        Raises `EmbeddingMismatch` where it was made with another model, `LibraryDamaged`, or `LibraryReadOnly` where
        there is no library and none can be made.
        """
        folder = Path(folder)
        embedder = embedder or SentenceTransformerEmbedder(BUNDLED)
        lock = _lock(folder)
        if lock is None and not (folder / "ledger.sqlite").exists():
            raise LibraryReadOnly(
                f"there is no library in {str(folder)!r} and none can be made there; name another folder"
            )
        try:
            ledger = Ledger(folder / "ledger.sqlite", writable=lock is not None)
            _check_embedding(ledger, embedder, reindex and lock is not None)
            return cls(folder, ledger, embedder, Nearest(ledger, folder, store, store_url), lock, read)
        except BaseException:
            if lock is not None:
                lock.release()
            raise

    @property
    def writable(self) -> bool:
        """Whether this process owns the library."""
        return self._lock is not None

    def add(
        self, path: str | Path, name: str | None = None, wait: bool = True, progress: Progress | None = None
    ) -> list[Receipt]:
        """Adds a file, or every file of a folder, and says what became of each.

        A file that was added before and has not changed is skipped, a changed one replaces what it was, another file
        of the same name becomes "name (2)". One that cannot be read is refused in its receipt and changes nothing.
        With `wait=False` the vectors follow in the background; words are searched at once either way.
        """
        self._writable()
        path = Path(path)
        receipts = [self._add_file(file, source, name) for file, source in walk(path, name, self.folder)]
        self._follow(wait, progress)
        return receipts

    def add_texts(
        self, texts: Sequence[tuple[str, str, str]], wait: bool = True, progress: Progress | None = None
    ) -> list[Receipt]:
        """Adds texts as (source, title, text), in one transaction; a source that is there is replaced."""
        self._writable()
        began = time.monotonic()
        with self._adding:
            items = [self._item(_from_text(*text), "text", began) for text in texts if text[2].strip()]
            self.ledger.put(items)
        self._follow(wait, progress)
        return [item.receipt for item in items]

    def remove(self, source: str) -> None:
        """Takes a document out: hidden at once, then erased from disk in the background."""
        self._writable()
        with self._adding:
            if not self.ledger.delete(source):
                raise UnknownDocument(f"there is no document {source!r} in this library; {self._there_are()}")
        self._follow(wait=False, progress=None)

    def search(self, question: str, limit: int = 5, within: Sequence[str] | None = None) -> list[Hit]:
        """The passages that hold the question's words or are near its meaning, best first, at most `limit`.

        `within` names the documents to look in. Raises `BadQuery` for an empty question or a limit under 1, and
        `UnknownDocument` for a name that is not there.
        """
        question = self._question(question, limit, within)
        with self._turns:
            return find(question, limit, within, self.ledger, self._nearest, self.embedder)

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
        """A document as it was read; raises `UnknownDocument`."""
        document = self.ledger.document(source)
        if document is None:
            raise UnknownDocument(f"there is no document {source!r} in this library; {self._there_are()}")
        return document

    def documents(self) -> list[Entry]:
        """The documents of the library, newest first."""
        return self.ledger.entries()

    def searched(self, within: Sequence[str] | None = None) -> Searched:
        """How many passages there are, and how many of them can be found by words and by meaning."""
        return self.ledger.counts(within)

    def wait(self, progress: Progress | None = None) -> None:
        """Returns when every passage has its vector; raises what stopped the work."""
        if self._follower is not None:
            self._follower.wait(progress)

    def close(self) -> None:
        """Stops the background work, closes the store and the ledger, and gives the library free."""
        if self._fence is not None:
            self._fence.close()
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

    def _add_file(self, file: Path, source: str, name: str | None) -> Receipt:
        began = time.monotonic()
        origin = f"upload:{name}" if name else str(file.absolute())
        unchanged = self._unchanged(file, source, origin)
        if unchanged is not None:
            return replace(unchanged, state="unchanged", seconds=time.monotonic() - began)
        try:
            with self._writable().reading(file, source) as fenced:
                return self._put(fenced, origin, began)
        except UnreadableFile as error:
            return Receipt(source, "refused", problem=str(error), seconds=time.monotonic() - began)

    def _put(self, fenced: Fenced, origin: str, began: float) -> Receipt:
        with self._adding:
            document = fenced.document
            document = replace(document, source=self._free(document.source, origin, document.sha256))
            known = self.ledger.known(document.source)
            if known is not None and known.sha256 == document.sha256:
                return replace(known.receipt, state="unchanged", seconds=time.monotonic() - began)
            keep(self._originals, fenced.copy, document.sha256)
            item = self._item(document, origin, began, "added" if known is None else "replaced")
            self.ledger.put([item])
            return item.receipt

    def _unchanged(self, file: Path, source: str, origin: str) -> Receipt | None:
        """The receipt of a file that stands in the library just as it is, told by its hash without reading it."""
        if not self._writable().takes(file):
            return None
        try:
            with file.open("rb") as opened:
                sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
        except OSError:
            return None
        known = self.ledger.known(self._free(source, origin, sha256))
        return known.receipt if known is not None and known.sha256 == sha256 else None

    def _item(self, document: Document, origin: str, began: float, state: str = "added") -> Item:
        passages = split(document, self.embedder.lengths, self.embedder.tokens)
        receipt = Receipt(
            source=document.source,
            state=state,
            pages=len(document.pages),
            characters=len(document.text),
            passages=len(passages),
            dropped=dict(document.dropped),
            warnings=document.warnings,
            seconds=time.monotonic() - began,
            seen=document.seen,
            written=document.written,
            kept=sum(ink(passage.text) for passage in passages),
        )
        keys = [hashlib.sha256(passage.text.encode()).hexdigest()[:32] for passage in passages]
        return Item(document, passages, keys, origin, receipt)

    def _free(self, source: str, origin: str, sha256: str) -> str:
        """The name to keep a file under: its own, unless another file has it already."""
        stem, dot, suffix = source.rpartition(".")
        number, name = 1, source
        while True:
            known = self.ledger.known(name)
            if known is None or known.origin == origin or known.sha256 == sha256:
                return name
            number += 1
            name = f"{stem} ({number}){dot}{suffix}" if dot else f"{source} ({number})"

    def _question(self, question: str, limit: int, within: Sequence[str] | None) -> str:
        if not question.strip():
            raise BadQuery("the question is empty; ask something in plain words")
        if limit < 1:
            raise BadQuery(f"the number of passages to find is {limit}; 1 or more would work")
        missing = sorted(set(within or ()) - set(self.ledger.sources()))
        if missing:
            raise UnknownDocument(f"there is no document {missing[0]!r} in this library; {self._there_are()}")
        return question.strip()[:LONGEST_QUESTION]

    def _there_are(self) -> str:
        names = self.ledger.sources()[-5:]
        return f"there is {', '.join(reversed(names))}" if names else "it is empty"

    def _writable(self) -> Fence:
        """What reads files for the owner of the library; raises `LibraryBusy` for anybody else."""
        if self._fence is None:
            raise LibraryBusy(
                f"the library {str(self.folder)!r} is in use by another process, such as an open window, or cannot be "
                "written; add and remove there, or close it first"
            )
        return self._fence

    def _follow(self, wait: bool, progress: Progress | None) -> None:
        if self._follower is not None:
            self._follower.wake()
            if wait:
                self._follower.wait(progress)

    def _clean(self) -> None:
        """Deletes the originals of documents that are gone."""
        with self._adding:
            clean(self._originals, self.ledger.hashes())


def _lock(folder: Path) -> FileLock | None:
    """The lock on a library's folder, or None where another process holds it or nothing can be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "lock", thread_local=False)
        lock.acquire(timeout=0)
    except (Timeout, OSError):
        return None
    return lock


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


def _from_text(source: str, title: str, text: str) -> Document:
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return Document(source, title or source, text, (), (), digest, "text/plain", seen=ink(text))
