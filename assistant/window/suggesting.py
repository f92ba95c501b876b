"""Questions worth asking, made when nobody waits for an answer: of documents as they arrive, and after an answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.types import Answer
from assistant.window.escape import attribute, escape
from index.errors import LibraryError
from index.turns import Turns
from index.types import Entry, Scope

NEWEST = 5
"""Documents, the newest ones, that questions are made for."""

Questions = Mapping[str, Sequence[str]]
"""The questions of documents, by the hashes of their files."""

NO_QUESTIONS: Questions = {}


class Suggesting:
    """Makes questions in a thread of its own; `asked` is held while somebody's question is answered, which goes first.

    What was made for a document is kept in the library, and leaves it with the document.
    """

    def __init__(self, assistant: Assistant) -> None:
        self.asked = Turns()
        self._assistant = assistant
        self._changing = threading.Lock()
        self._wanted: list[Entry] = []
        self._tried: set[str] = set()
        self._thread: threading.Thread | None = None
        self._over = threading.Event()

    @property
    def busy(self) -> bool:
        """Whether questions are being made for a document."""
        return self._thread is not None

    def known(self, entries: Sequence[Entry]) -> Questions:
        """The questions that there are; those of the newest documents that have none yet are begun."""
        kept = self._assistant.index.ledger.questions()
        fresh = [each for each in entries[:NEWEST] if each.sha256 not in kept and each.ready >= each.passages > 0]
        with self._changing:
            self._wanted = [each for each in fresh if each.sha256 not in self._tried]
            if self._wanted and self._thread is None and self._assistant.index.writable:
                self._thread = threading.Thread(target=self._work, daemon=True, name="suggesting")
                self._thread.start()
        return kept

    def fresh(self, entries: Sequence[Entry]) -> str:
        """The hash of the newest document where it came since the program was started; else empty."""
        return entries[0].sha256 if entries and entries[0].sha256 in self._tried else ""

    def further(self, answer: Answer, within: Scope | None, going: Callable[[], bool]) -> list[str]:
        """Questions to ask after an answer; none where `going` says no meanwhile, or one of its documents has gone."""
        with suppress(AssistantError, LibraryError):
            found = self._assistant.further(answer, within=within, going=lambda: self._free(going))
            there = {entry.source for entry in self._assistant.documents()}
            if going() and all(hit.passage.source in there for hit in answer.hits):
                return found
        return []

    def close(self) -> None:
        """Makes no more questions."""
        self._over.set()
        thread = self._thread
        if thread is not None:
            thread.join()

    def _free(self, going: Callable[[], bool]) -> bool:
        """Whether to go on, once no question is being answered."""
        self.asked.yield_to_questions()
        return going() and not self._over.is_set()

    def _work(self) -> None:
        try:
            while (entry := self._next()) is not None:
                with suppress(AssistantError, LibraryError):
                    self._make(entry)
        finally:
            with self._changing:
                if self._thread is threading.current_thread():
                    self._thread = None

    def _next(self) -> Entry | None:
        with self._changing:
            if not self._wanted or self._over.is_set():
                self._thread = None
                return None
            entry = self._wanted.pop(0)
            self._tried.add(entry.sha256)
            return entry

    def _make(self, entry: Entry) -> None:
        ledger = self._assistant.index.ledger

        def there() -> bool:
            return ledger.known(entry.source) is not None

        found = self._assistant.suggestions(entry.source, going=lambda: self._free(there))
        if not self._over.is_set():
            ledger.put_questions(entry.sha256, found)


def chips(questions: Sequence[str]) -> str:
    """The questions as a list of buttons that ask them."""
    return "".join(
        f'<li><button type="button" class="example" data-ask="{attribute(each)}">{escape(each)}</button></li>'
        for each in questions
    )


def further(questions: Sequence[str], turn: int) -> str:
    """What to ask after the answer of a turn; empty where there is nothing."""
    if not questions:
        return ""
    return (
        f'<section class="next" data-key="next-{turn}" aria-label="Questions to ask next"><ul class="chips">'
        f"{chips(questions)}</ul></section>"
    )
