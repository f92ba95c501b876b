"""The assistant: documents in, questions in, cited answers out."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cite import cite
from assistant.errors import BadQuestion, ModelFailed, NoDocuments
from assistant.models import chat_model, prompts_of
from assistant.patience import Patience
from assistant.readers import extract, generate
from assistant.rewrite import carry, rewrite
from assistant.settings import Settings
from assistant.types import PLAIN, Answer, Request, Turn
from assistant.verify import verified
from index.embed import BUNDLED, Embedder, SentenceTransformerEmbedder
from index.index import LONGEST_QUESTION, Index, Told
from index.scope import Within
from index.sync import sync
from index.types import Document, Entry, Explanation, Hit, Progress, Receipt

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from assistant.runnable import AnswerRunnable

_GREETING = re.compile(
    r"\s*(?:hi|hello|hey|good (?:morning|afternoon|evening)|thanks|thank you|bye)(?: there)?\s*[!.]*\s*", re.I
)
_GREETED = "Hello. Ask me anything about your documents, and I will show you where the answer stands."


WHOLE = 5
"""How many times its timeout a chat model may take for a whole answer."""


class Assistant:
    """Answers questions from the documents of one library; may be used from several threads.

    `with Assistant.open("library") as assistant:` closes it in good order.
    """

    def __init__(self, index: Index, settings: Settings, model: BaseChatModel | None = None) -> None:
        self.index = index
        self.settings = settings
        self._model = model
        self._prompts = prompts_of(settings)
        self._extract = extract.open_reader(settings.refuse_below)
        self._document = lru_cache(maxsize=32)(self._read_document)

    @classmethod
    def open(
        cls,
        folder: str | Path = "library",
        settings: Settings | None = None,
        *,
        model: BaseChatModel | None = None,
        embedder: Embedder | None = None,
        reindex: bool = False,
    ) -> Assistant:
        """Opens the library in `folder`, made when missing.

        `model` is a LangChain chat model to use in the place of the one that the settings name, `embedder` likewise.
        `reindex` embeds the library anew. Raises the errors of `Index.open`, and `BadSetting` or `ModelFailed` for a
        chat model that cannot be made.
        """
        settings = settings or Settings()
        prompts_of(settings)  # what cannot be said is refused before a library is opened
        model = model or chat_model(settings)
        index = Index.open(
            folder,
            embedder=embedder or SentenceTransformerEmbedder(settings.embedding or BUNDLED),
            store=settings.store,
            store_url=settings.store_url,
            reindex=reindex,
        )
        return cls(index, settings, model)

    def add(
        self,
        path: str | Path,
        *,
        name: str | None = None,
        wait: bool = True,
        progress: Told | None = None,
        cancel: threading.Event | None = None,
    ) -> list[Receipt]:
        """Adds a file, or all files of a folder; see `Index.add`."""
        return self.index.add(path, name, wait, progress, cancel)

    def add_texts(
        self, texts: Sequence[tuple[str, str, str]], *, wait: bool = True, progress: Told | None = None
    ) -> list[Receipt]:
        """Adds texts as (source, title, text); see `Index.add_texts`."""
        return self.index.add_texts(texts, wait, progress)

    def sync(self, folder: str | Path, *, wait: bool = True) -> list[Receipt]:
        """Adds what is new in a folder, replaces what has changed, removes what is gone; see `index.sync.sync`."""
        return sync(self.index, folder, wait)

    def remove(self, source: str) -> None:
        """Takes a document out; raises `UnknownDocument`."""
        self.index.remove(source)

    def tag(self, source: str, tags: Sequence[str]) -> None:
        """Gives a document these tags in the place of those it had; raises `UnknownDocument`."""
        self.index.tag(source, tags)

    def documents(self) -> list[Entry]:
        """The documents of the library, newest first."""
        return self.index.documents()

    def document(self, source: str) -> Document:
        """A document as it was read; raises `UnknownDocument`."""
        return self.index.document(source)

    def search(self, question: str, limit: int = 5, within: Within = None) -> list[Hit]:
        """The best passages for a question; see `Index.search`."""
        return self.index.search(question, limit, within)

    def explain(self, question: str, expected: str, limit: int = 5, within: Within = None) -> Explanation:
        """What became of a text that was expected among the passages for a question; see `Index.explain`."""
        return self.index.explain(question, expected, limit, within)

    def ask(self, question: str, history: Sequence[Turn] = (), within: Within = None) -> Answer:
        """The answer to a question: the last of what `stream` yields."""
        answer = Answer(question)
        for latest in self.stream(question, history, within):
            answer = latest
        return answer

    def stream(self, question: str, history: Sequence[Turn] = (), within: Within = None) -> Iterator[Answer]:
        """The answer as it grows; each value replaces the one before, and a written answer replaces a quoted one.

        `history` are the turns before, `within` the scope or the documents to look in. Raises `BadQuestion` for an
        empty question, `NoDocuments` where there is nothing to look in yet, and `UnknownDocument` for a name that is
        not there. A chat model that fails raises nothing: the quoted answer stands, and says why.
        """
        began = time.monotonic()
        if not question.strip():
            raise BadQuestion("the question is empty; ask something in plain words")
        for answer in self._answers(question.strip(), history, within):
            yield replace(answer, seconds=time.monotonic() - began)

    def prompts(self) -> dict[str, str]:
        """The hash of each prompt that is said to the chat model, by name; nothing where there is no chat model."""
        return self._prompts.hashes() if self._model is not None else {}

    def as_runnable(self) -> AnswerRunnable:
        """This assistant as a LangChain runnable, which streams text and ends with the `Answer`."""
        from assistant.runnable import AnswerRunnable

        return AnswerRunnable(self)

    def wait(self, progress: Told | None = None) -> None:
        """Returns when every passage can be found by meaning too, or `pause` was called."""
        self.index.wait(progress)

    def pause(self) -> None:
        """Leaves passages that have no vector yet without, until `resume`; they are found by their words."""
        self.index.pause()

    def resume(self) -> None:
        """Goes on where `pause` stopped."""
        self.index.resume()

    def progress(self) -> Progress:
        """How far adding is, and how long it will take."""
        return self.index.progress()

    def warm(self) -> None:
        """Loads the embedding model, so that the first question need not wait for it."""
        self.index.embedder.embed_query("warm")

    def close(self) -> None:
        """Stops the background work and gives the library free; what is left to do is taken up at the next open."""
        self.index.close()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _answers(self, question: str, history: Sequence[Turn], within: Within) -> Iterator[Answer]:
        if _GREETING.fullmatch(question):
            yield Answer(question, text=_GREETED, outcome=PLAIN, confidence=1.0, complete=True, stage="done")
            return
        if not self.index.searched().total:
            raise NoDocuments("there are no documents yet; add one, then ask again")
        answer = Answer(question, asked=question)
        yield answer
        answer = self._resolved(answer, history)
        for asked in dict.fromkeys((answer.asked, question)):
            answer = self._found(replace(answer, asked=asked), within)
            yield answer
            request = Request(asked[:LONGEST_QUESTION], answer.hits, tuple(history), self.settings.budget)
            quoted = self._quoted(request, answer)
            if quoted.answered:
                break
        if self._model is None or not answer.hits:
            yield replace(quoted, complete=True)
            return
        yield replace(quoted, complete=False, stage="writing")
        yield from self._written(request, answer, quoted)

    def _found(self, answer: Answer, within: Within) -> Answer:
        """The answer with the passages that were found for it."""
        hits = tuple(self.index.search(answer.asked, self.settings.passages, within))
        return replace(answer, hits=hits, searched=self.index.searched(within), stage="reading")

    def _quoted(self, request: Request, answer: Answer) -> Answer:
        """What the reader that quotes makes of the passages."""
        quoted = answer
        for draft in self._extract(request, self.index):
            quoted = replace(cite(draft, answer, self._opened), stage="done")
        return quoted

    def _resolved(self, answer: Answer, history: Sequence[Turn]) -> Answer:
        """The answer with the question it is searched for: a follow-up is made to stand alone."""
        try:
            patience = Patience(self.settings.timeout / 4, self.settings.timeout / 4)
            return replace(answer, asked=rewrite(answer.question, history, self._model, patience, self._prompts))
        except ModelFailed as error:
            return replace(answer, asked=carry(answer.question, history), notes=(f"{error}",))

    def _written(self, request: Request, answer: Answer, quoted: Answer) -> Iterator[Answer]:
        """What the chat model writes; where it fails before its first word, the quoted answer, saying why."""
        assert self._model is not None
        latest: Answer | None = None
        try:
            patience = Patience(self.settings.timeout, WHOLE * self.settings.timeout)
            for draft in generate.open_reader(self._model, patience, self._prompts)(request, self.index):
                latest = replace(cite(draft, answer, self._opened, self.settings.strict), stage="writing")
                if not draft.complete:
                    yield latest
        except ModelFailed as error:
            if latest is None:
                note = f"{error}; this is quoted from your documents instead"
                yield replace(quoted, complete=True, notes=(*quoted.notes, note))
            else:
                note = f"{error}; the answer broke off here"
                checked = verified(latest, self.index.similar, self.settings.strict)
                yield replace(checked, complete=False, stage="done", notes=(*checked.notes, note))
            return
        assert latest is not None
        if latest.answered and not latest.citations and quoted.answered:
            note = "the chat model named no source, so this is quoted from your documents instead"
            yield replace(quoted, complete=True, notes=(*quoted.notes, note))
        else:
            yield replace(verified(latest, self.index.similar, self.settings.strict), stage="done")

    def _opened(self, source: str) -> Document:
        known = self.index.ledger.known(source)
        if known is None:
            return self.index.document(source)
        return replace(self._document(source, known.sha256), also=known.also)

    def _read_document(self, source: str, sha256: str) -> Document:
        return self.index.document(source)
