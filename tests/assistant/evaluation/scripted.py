"""An assistant whose answers are set beforehand, over documents that are cut into passages of 40 characters."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from types import SimpleNamespace

from assistant.types import ANSWERED, NOT_FOUND, Answer, Citation
from index.types import Document, Entry, Found, Hit, Page, Passage, Receipt

SIZE = 40


class Scripted:
    """`replies` maps a question to (text, quote, confidence), to None for a refusal, or to an exception to raise."""

    def __init__(self, texts=None, replies=None, pages=None):
        self.texts = dict(texts or {})
        self.replies = dict(replies or {})
        self.page_starts = dict(pages or {})
        self.asked = []
        self.histories = []
        self.index = SimpleNamespace(passages=self.passages)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def add(self, path, *, name=None, wait=True):
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        return [self._added(name or file.name, file.read_text(encoding="utf-8")) for file in files if file.is_file()]

    def add_texts(self, texts, *, wait=True):
        return [self._added(source, text) for source, _, text in texts]

    def _added(self, source, text):
        if not text.strip():
            return Receipt(source, "refused", problem="the file holds no text")
        self.texts[source] = text
        return Receipt(source, "added")

    def wait(self, progress=None):
        if progress:
            total = sum(len(self.passages(source)) for source in self.texts)
            progress(SimpleNamespace(passages=total, ready=total))

    def warm(self):
        pass

    def documents(self):
        return [self._entry(source, text) for source, text in self.texts.items()]

    def _entry(self, source, text):
        sha = hashlib.sha256(text.encode()).hexdigest()
        return Entry(source, source, sha, "text/plain", 0, len(text), 1, 1, "", Receipt(source, "added"))

    def document(self, source):
        text, starts = self.texts[source], self.page_starts.get(source, [])
        ends = [*starts[1:], len(text)]
        pages = tuple(
            Page(number, str(number), *place) for number, place in enumerate(zip(starts, ends, strict=False), 1)
        )
        return Document(source, source, text, (), pages, "", "text/plain")

    def passages(self, source):
        text = self.texts[source]
        return [
            Passage(f"{source}:{at}", source, text[at : at + SIZE], at, min(at + SIZE, len(text)), page=page)
            for at in range(0, len(text), SIZE)
            for page in [self._page(source, at)]
        ]

    def _page(self, source, at):
        return sum(start <= at for start in self.page_starts.get(source, [])) or None

    def search(self, question, limit=5):
        words = set(question.lower().strip("?").split())
        every = [passage for source in self.texts for passage in self.passages(source)]
        counted = [(len(words & set(passage.text.lower().split())), passage) for passage in every]
        best = sorted((pair for pair in counted if pair[0]), key=lambda pair: -pair[0])[:limit]
        return [Hit(passage, n, {"words": Found(rank, n)}) for rank, (n, passage) in enumerate(best, 1)]

    def ask(self, question, history=()):
        self.asked.append(question)
        self.histories.append(history)
        reply = self.replies.get(question)
        if isinstance(reply, BaseException):
            raise reply
        hits = tuple(self.search(question, 2))
        answer = Answer(question, hits=hits, complete=True, stage="done")
        if reply is None:
            return replace(answer, text="Not in your documents.", outcome=NOT_FOUND, confidence=0.1)
        text, quote, confidence = reply
        source = next(source for source, body in self.texts.items() if quote in body)
        start = self.texts[source].index(quote)
        cited = Citation(1, source, "", start, start + len(quote), self._page(source, start), "", "", "", quote)
        return replace(
            answer, text=f"It is {text}.", short=text, citations=(cited,), outcome=ANSWERED, confidence=confidence
        )
