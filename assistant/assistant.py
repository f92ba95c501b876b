"""The assistant: documents in, questions in, cited answers out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import route, suggest
from assistant.account import unsearched
from assistant.cite import TOLD, cite
from assistant.errors import BadQuestion, BadSetting, ModelFailed, NoDocuments
from assistant.follow import carry
from assistant.kept import Kept
from assistant.models import chat_model, listener, name_of, prompts_of
from assistant.opinion import open_opinion
from assistant.patience import Patience
from assistant.plain import reply
from assistant.ranking import ranker
from assistant.readers import again, apart, beside, decide, extract, generate, scan, summary
from assistant.readers.generate import Before
from assistant.readers.trained.spans import shipped
from assistant.rewrite import rewrite
from assistant.settings import TRAINED, Settings
from assistant.types import PLAIN, Answer, Library, Reader, Request, Turn
from assistant.verify import verified
from assistant.view import View, read_for
from assistant.writing import BEFORE, Writing, evidence, known_style
from index.embed import BUNDLED, Embedder, open_embedder
from index.index import LONGEST_QUESTION, Index, Told
from index.scope import Within
from index.sync import sync
from index.types import Document, Entry, Explanation, Hit, Progress, Receipt

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from assistant.runnable import AnswerRunnable

_ALONE = (route.COUNT, route.LIST, route.SOURCE)
"""Ways whose answer no chat model writes over: it would see a few passages, and these have gone through all."""


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
        self._spans = shipped() if settings.reader == TRAINED else None
        self._extract = extract.open_reader(settings.refuse_below)
        deciding = decide.open_reader(settings.refuse_below)
        self._apart = apart.open_reader(self._extract, deciding, settings.rounds)
        self._kept = Kept(self.index.document)
        self._readers: dict[str, Reader] = {
            route.COUNT: scan.open_reader(),
            route.LIST: scan.open_reader(),
            route.SUMMARY: summary.open_reader(settings.refuse_below),
            route.COMPARE: beside.open_reader(settings.refuse_below),
            route.YES_NO: deciding,
            route.MORE: again.open_more(settings.refuse_below),
            route.SOURCE: again.open_source(),
        }

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
            embedder=embedder or open_embedder(settings.embedding or BUNDLED),
            store=settings.store,
            store_url=settings.store_url,
            reindex=reindex,
            ranker=ranker(settings.ranker),
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

    def again(self, answer: Answer, style: str = "anew") -> Answer:
        """The same answer written in another way: the last of what `stream_again` yields."""
        *_, latest = self.stream_again(answer, style)
        return latest

    def stream_again(self, answer: Answer, style: str = "anew") -> Iterator[Answer]:
        """An answer written once more from the same passages, without a new search, as it grows.

        `style` is "anew", "shorter", "longer" or "simpler". The answer before stands until there are new words, and
        where a chat model fails before that. Raises `BadSetting` without a chat model, `BadQuestion` for another style,
        and `NoDocuments` where the passages are no longer what the documents say.
        """
        began = time.monotonic()
        writing = self._writing(None, Before(answer.text, known_style(style)))
        hits = evidence(replace(answer, hits=apart.joined(answer.parts, answer.hits)), writing.library, self._opened)
        asked = answer.asked or answer.question
        bare = Answer(
            answer.question, hits=answer.hits, searched=answer.searched, asked=answer.asked, parts=answer.parts
        )
        yield replace(answer, complete=False, stage="writing")
        request = Request(asked[:LONGEST_QUESTION], hits, (), self.settings.budget)
        for latest in writing.over(request, bare, answer, BEFORE):
            yield replace(latest, seconds=time.monotonic() - began)

    def checked(self, answer: Answer) -> Answer:
        """A written answer that was stopped, with a verdict for each statement that is there."""
        return verified(answer, self.index.similar, self.settings.strict)

    def written_by(self, model: str | None, model_url: str | None = None) -> Assistant:
        """This assistant with another chat model over the same library, or with none; only this one is to be closed.

        Raises what `chat_model` raises.
        """
        other = copy(self)
        other.settings = replace(self.settings, model=model, model_url=model_url)
        other._model = chat_model(other.settings)
        return other

    def suggestions(
        self, source: str, limit: int = 3, within: Within = None, going: Callable[[], bool] = suggest.always
    ) -> list[str]:
        """Questions that a document answers, at most so many, each tried before it is offered; see `further`.

        They are tried in all documents, or `within` a scope: what another document answers better is not offered. Takes
        as long as asking a few questions; `going` is asked before each of them, and ends it by saying no. Raises
        `UnknownDocument`.
        """
        self.index.searched([source])
        made = suggest.made_from(self._view([source]).passages(source)[: suggest.READ])
        return suggest.answerable(made, lambda question: self._looked_up(question, within), limit, (), going)

    def further(
        self, answer: Answer, limit: int = 3, within: Within = None, going: Callable[[], bool] = suggest.always
    ) -> list[str]:
        """Questions to ask after an answer, from what was found for it and is not in it, each tried as well.

        Empty where there are none; nothing is written by a chat model. `going` is as in `suggestions`.
        """
        cited = [(c.source, c.start, c.end) for c in answer.citations]
        made = (
            each
            for each in suggest.made_from([hit.passage for hit in answer.hits])
            if not any(s == each.source and a < each.end and each.start < b for s, a, b in cited)
        )
        known = (answer.question, answer.asked)
        return suggest.answerable(made, lambda question: self._looked_up(question, within), limit, known, going)

    @property
    def model_name(self) -> str:
        """What the chat model that writes is called, or empty where answers are quoted."""
        return name_of(self._model) if self._model is not None else ""

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
        """Loads the models, so that the first question need not wait for it."""
        self.index.embedder.embed_query("warm")
        if self._spans is not None:
            self._spans.warm()

    def close(self) -> None:
        """Stops the background work and gives the library free; what is left to do is taken up at the next open."""
        self.index.close()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _answers(self, question: str, history: Sequence[Turn], within: Within) -> Iterator[Answer]:
        way = route.route(question)
        if way == route.PLAIN:
            yield Answer(question, text=reply(question), outcome=PLAIN, confidence=1.0, complete=True, stage="done")
            return
        gaps = unsearched(self.index.damaged())
        if not self.index.searched().total:
            raise NoDocuments(gaps[0] if gaps else "there are no documents yet; add one, then ask again")
        answer = Answer(question, asked=question, notes=gaps)
        yield answer
        answer = self._resolved(answer, history)
        library = self._view(within)
        for asked in dict.fromkeys((answer.asked, question)):
            answer = self._found(replace(answer, asked=asked), within)
            yield answer
            request = Request(asked[:LONGEST_QUESTION], answer.hits, tuple(history), self.settings.budget)
            request = replace(request, said=question[:LONGEST_QUESTION] if asked != question else "")
            if way not in (route.MORE, route.SOURCE):
                way = route.route(asked)
            quoted = self._quoted(request, answer, way, library)
            if quoted.answered or way in (route.MORE, route.SOURCE):
                break
        alone = way in _ALONE and quoted.answered and quoted.claims[0].verdict == TOLD
        if self._model is None or not answer.hits or alone or (way == route.COUNT and quoted.claims):
            yield replace(quoted, complete=True)
            return
        yield replace(quoted, complete=False, stage="writing")
        if quoted.answered and way in (route.SUMMARY, route.COMPARE, route.MORE):
            request = replace(request, hits=read_for(quoted, library))
        if quoted.parts:
            request = replace(request, hits=apart.joined(quoted.parts, request.hits))
            answer = replace(answer, parts=quoted.parts)
        yield from self._writing().over(request, answer, quoted)

    def _looked_up(self, question: str, within: Within) -> Answer:
        """The quoted answer to a question that stands alone."""
        answer = self._found(Answer(question, asked=question), within)
        request = Request(question, answer.hits, (), self.settings.budget)
        return self._quoted(request, answer, route.route(question), self._view(within))

    def _found(self, answer: Answer, within: Within) -> Answer:
        """The answer with the passages that were found for it."""
        hits = tuple(self.index.search(answer.asked, self.settings.passages, within))
        return replace(answer, hits=hits, searched=self.index.searched(within), stage="reading")

    def _quoted(self, request: Request, answer: Answer, way: str, library: Library) -> Answer:
        """What the reader for this way of answering makes of the passages; where it finds nothing, looking it up."""
        found = []
        parted = self._apart if way in apart.WAYS else None
        for reader in (parted, self._readers.get(way), self._extract):
            if reader is not None:
                for draft in reader(request, library):
                    quoted = replace(cite(draft, answer, self._opened), stage="done")
                found.append(quoted)
                if quoted.answered or (way == route.COUNT and quoted.claims):
                    return quoted
        return found[0] if found[0].claims else found[-1]

    def _resolved(self, answer: Answer, history: Sequence[Turn]) -> Answer:
        """The answer with the question it is searched for: a follow-up is made to stand alone."""
        told = listener(self._model)
        try:
            patience = Patience(self.settings.timeout / 4, self.settings.timeout / 4)
            asked = rewrite(answer.question, history, self._model, patience, self._prompts, told)
            return replace(answer, asked=asked, cost=told.cost)
        except ModelFailed as error:
            notes = (*answer.notes, f"{error}")
            return replace(answer, asked=carry(answer.question, history), notes=notes, cost=told.cost)

    def _writing(self, within: Within = None, before: Before | None = None) -> Writing:
        """What lets the chat model write, or write an answer before anew."""
        if self._model is None:
            raise BadSetting("an answer is written by a chat model; name one, such as 'ollama:qwen3'")
        patience = Patience(self.settings.timeout, WHOLE * self.settings.timeout)
        reader = generate.open_reader(self._model, patience, self._prompts, before)
        opinion = None
        if self.settings.model_verdicts:
            waited = Patience(self.settings.timeout / 4, self.settings.timeout / 2)
            opinion = open_opinion(self._model, waited, self._prompts)
        return Writing(reader, self._view(within), self._opened, self.settings.strict, opinion)

    def _view(self, within: Within = None) -> View:
        """What a reader may look at."""
        return View(self.index, within, self._spans)

    def _opened(self, source: str) -> Document:
        known = self.index.ledger.known(source)
        if known is None:
            return self.index.document(source)
        return replace(self._kept.document(source, known.sha256), also=known.also)
