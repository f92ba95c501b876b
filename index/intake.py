"""Files on their way in: read behind the fence, split, and each kept whole in one transaction."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from index.damage import DAMAGED, HARMED, sentence
from index.embed import ENGLISH_ONLY, Embedder
from index.errors import (
    Cancelled,
    DamagedFile,
    LibraryDamaged,
    LibraryError,
    LibraryReadOnly,
    UnknownDocument,
    UnreadableFile,
)
from index.fence import Fence, Fenced
from index.fence.process import Told, untold
from index.fence.sentences import cancelled
from index.language import foreign
from index.ledger import Ledger
from index.originals import clean, find, keep, origin_of, plain
from index.records import Harmed, Item
from index.split import split
from index.types import Document, Receipt, ink
from index.web.address import is_address, shown

if TYPE_CHECKING:
    from index.web.rules import Rules

AT_ONCE = 4
"""Files taken in at a time: as many as there are readers at most, so that a slow one holds up none of the others."""


TEXT = "text"
"""Where texts came from that were handed over as such; of them no file is kept."""

MENDED = "what the library held of this document was damaged on the disk; it was read again from the copy of its file"


class Intake:
    """Takes files into a library and out of it; may be used from several threads."""

    def __init__(self, ledger: Ledger, embedder: Embedder, fence: Fence, originals: Path) -> None:
        self._ledger = ledger
        self._embedder = embedder
        self._fence = fence
        self._originals = originals
        self._changing = threading.Lock()
        self._tried: set[str] = set()
        # A process that was killed may have left the copy of a file that it did not come to add.
        self.clean()

    def files(
        self,
        files: Iterable[tuple[Path, str]],
        uploaded: bool,
        cancel: threading.Event,
        done: Callable[[str], None],
        told: Callable[[str, int, int], None],
    ) -> list[Receipt]:
        """What became of each file, in the order given; `done` is called with each one's name when it is over.

        `told` is called with the name of a file of many pages, the page that its reader is at, and how many there are.
        Where `cancel` is set, what has been kept stays and the rest has receipts with the state "cancelled".
        """

        def one(file: Path, source: str) -> Receipt:
            origin = f"upload:{source}" if uploaded else origin_of(file)
            receipt = self._file(file, source, origin, cancel, partial(told, source))
            done(source)
            return receipt

        futures: list[Future[Receipt]] = []
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="adding") as threads:
            try:
                futures = [threads.submit(one, file, source) for file, source in files]
                return [future.result() for future in futures]
            except BaseException:
                cancel.set()
                threads.shutdown(wait=True, cancel_futures=True)
                raise

    def address(self, text: str, rules: Rules | None, cancel: threading.Event) -> Receipt:
        """What became of what stands at a web address, which is fetched by the rules, the strict ones where None."""
        # Found here, since only those who fetch need it: it takes 0.1 s to import.
        from index.web.fetch import fetched

        began = time.monotonic()
        try:
            with fetched(text, self._originals.parent / "spool", rules, cancel) as page:
                receipt = self._file(page.path, page.address, page.address, cancel)
                if page.led and not receipt.problem:
                    receipt = replace(receipt, warnings=(*receipt.warnings, page.led))
        except (UnreadableFile, LibraryDamaged, LibraryReadOnly) as error:
            receipt = Receipt(shown(text.strip()), _state(error), problem=str(error))
        return replace(receipt, seconds=time.monotonic() - began)

    def texts(self, texts: Iterable[tuple[str, str, str]]) -> list[Receipt]:
        """Keeps texts as (source, title, text) in one transaction; those that hold nothing are passed over."""
        began = time.monotonic()
        items = [self._item(_from_text(*text), TEXT, began) for text in texts if text[2].strip()]
        with self._changing:
            self._ledger.put(items)
        return [item.receipt for item in items]

    def remove(self, source: str) -> None:
        """Takes a document out; raises `UnknownDocument`."""
        with self._changing:
            if self._ledger.known(source) is None or not self._ledger.delete(source):
                raise unknown(source, self._ledger)

    def clean(self) -> None:
        """Deletes the originals of documents that are gone."""
        with self._changing:
            clean(self._originals, self._ledger.hashes(), [harmed.sha256 for harmed in self._ledger.damaged()])

    def mend(self) -> bool:
        """Reads one document that a disk has changed again, from the copy of its file; False where none is left to try.

        Its receipt says what became of it.
        """
        damaged = self._ledger.damaged()
        harmed = next((each for each in damaged if each.source not in self._tried), None)
        if harmed is None:
            if not damaged and self._ledger.fact(DAMAGED) is not None:
                self._ledger.note(DAMAGED, None)
            return False
        self._tried.add(harmed.source)
        try:
            self._again(harmed)
        except UnreadableFile as error:
            problem = sentence(harmed.source, str(error))
            self._ledger.note_damage(replace(harmed.receipt, problem=problem, missing=(problem,)))
        return True

    def close(self) -> None:
        """Ends the readers; what they were reading is refused."""
        self._fence.close()

    def _again(self, harmed: Harmed) -> None:
        began = time.monotonic()
        whole = self._ledger.hashes() - {each.sha256 for each in self._ledger.damaged()}
        file = find(self._originals, harmed.sha256, whole)
        sha256 = harmed.sha256 if file is None else file.name.split(".")[0]
        with self._changing:
            # Another of its names was mended before.
            if self._known(harmed.source, harmed.origin, sha256) is not None:
                return
        if file is None and harmed.origin == TEXT:
            raise DamagedFile("it was added as a text, of which no file is kept: add it again, or remove it")
        if file is None:
            raise DamagedFile("the copy of its file is not there either: add it again, or remove it")
        with self._fence.reading(file, harmed.source) as fenced:
            if fenced.document.sha256 != sha256:
                raise DamagedFile("the copy of its file is damaged too: add it again, or remove it")
            item = self._item(fenced.document, harmed.origin, began)
        receipt = replace(item.receipt, warnings=(*item.receipt.warnings, MENDED))
        with self._changing:
            if harmed.source in {each.source for each in self._ledger.damaged()}:
                self._ledger.put([replace(item, receipt=receipt)])

    def _file(self, file: Path, source: str, origin: str, cancel: threading.Event, told: Told = untold) -> Receipt:
        began = time.monotonic()
        try:
            if cancel.is_set():
                raise Cancelled(cancelled(source))
            receipt = self._there(file, source, origin)
            if receipt is None:
                with self._fence.reading(file, source, cancel, told) as fenced:
                    receipt = self._keep(fenced, origin, began, cancel)
        except (UnreadableFile, LibraryDamaged, LibraryReadOnly) as error:
            # A disk that fails once, or has no room for this file, may have it for the next one.
            receipt = Receipt(source, _state(error), problem=str(error))
        return replace(receipt, seconds=time.monotonic() - began)

    def _keep(self, fenced: Fenced, origin: str, began: float, cancel: threading.Event) -> Receipt:
        # Splitting takes longest, and it is done for several at a time; its name is known for good once none else adds.
        document = fenced.document
        source = self._free(document.source, origin, document.sha256)
        item = self._item(replace(document, source=source), origin, began, cancel)
        with self._changing:
            known = self._known(document.source, origin, document.sha256)
            if known is not None:
                return known
            free = self._free(document.source, origin, document.sha256)
            if free != source:
                item = self._item(replace(document, source=free), origin, began)
            if self._ledger.known(free) is not None:
                item = replace(item, receipt=replace(item.receipt, state="replaced"))
            keep(self._originals, fenced.copy, document.sha256)
            self._ledger.put([item])
        return item.receipt

    def _there(self, file: Path, source: str, origin: str) -> Receipt | None:
        """The receipt of a file whose content is in the library already, told by its hash without reading it."""
        if not self._fence.takes(file):
            return None
        try:
            with file.open("rb") as opened:
                sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
        except OSError:
            return None
        with self._changing:
            return self._known(source, origin, sha256)

    def _known(self, source: str, origin: str, sha256: str) -> Receipt | None:
        """The receipt of a file that stands in the library just as it is, or is given a further name there."""
        free = self._free(source, origin, sha256)
        known = self._ledger.known(free)
        if known is not None and known.sha256 == sha256 and known.receipt.state != HARMED:
            return replace(known.receipt, state="unchanged")
        # The same bytes under another suffix may be read as another format.
        lost = {harmed.source for harmed in self._ledger.damaged()}
        alike = [name for name in self._ledger.same(sha256) if _suffix(name) == _suffix(free) and name not in lost]
        there = self._ledger.known(alike[0]) if alike else None
        if there is None:
            return None
        state = "added" if known is None else "replaced"
        receipt = replace(there.receipt, source=free, state=state, same_as=alike[0])
        self._ledger.put_name(receipt, origin)
        return receipt

    def _item(self, document: Document, origin: str, began: float, cancel: threading.Event | None = None) -> Item:
        def lengths(texts: Sequence[str]) -> list[int]:
            if cancel is not None and cancel.is_set():
                raise Cancelled(cancelled(document.source))
            return self._embedder.lengths(texts)

        passages = split(document, lengths, self._embedder.tokens)
        keys, kept = [], 0
        for passage in passages:
            keys.append(hashlib.sha256(passage.text.encode()).hexdigest()[:32])
            kept += ink(passage.text)
        receipt = Receipt(
            source=document.source,
            state="added",
            pages=len(document.pages),
            characters=len(document.text),
            passages=len(passages),
            dropped=dict(document.dropped),
            warnings=(*document.warnings, *self._unknown_language(document)),
            seconds=time.monotonic() - began,
            seen=document.seen,
            written=document.written,
            kept=kept,
            missing=document.missing,
        )
        return Item(document, passages, keys, origin, receipt)

    def _unknown_language(self, document: Document) -> tuple[str, ...]:
        """A warning where the embedding model does not know the document's language."""
        model = self._embedder.identity.split("@")[0]
        language = foreign(document.text) if model in ENGLISH_ONLY else ""
        if not language:
            return ()
        found = f"this document is in {language}, which the embedding model {model} was not made for"
        return (f"{found}: expect to find it by its own words, or set ASSISTANT_EMBEDDING to a multilingual model",)

    def _free(self, source: str, origin: str, sha256: str) -> str:
        """The name to keep a file under: its own, unless another file has it already and it was not given by name."""
        stem, dot, suffix = source.rpartition(".")
        number, name = 1, source
        while True:
            known = self._ledger.known(name)
            if known is None or origin in (known.origin, f"upload:{name}") or known.sha256 == sha256:
                return name
            number += 1
            name = f"{stem} ({number}){dot}{suffix}" if dot else f"{source} ({number})"


def unknown(source: str, ledger: Ledger) -> UnknownDocument:
    """What to say where there is no such document, with the newest that there are."""
    names: Sequence[str] = ledger.sources()[-5:]
    there = f"there is {', '.join(reversed(names))}" if names else "it is empty"
    return UnknownDocument(f"there is no document {source!r} in this library; {there}")


def _state(error: LibraryError) -> str:
    return "cancelled" if isinstance(error, Cancelled) else "refused"


def _suffix(name: str) -> str:
    return "an address" if is_address(name) else Path(name).suffix.lower()


def _from_text(source: str, title: str, text: str) -> Document:
    source, title, text = plain(source), plain(title), text.encode("utf-8", "replace").decode()
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return Document(source, title or source, text, (), (), digest, "text/plain", seen=ink(text))
