"""Ours: as `Assistant.open(folder)` gives it, with the quoting reader."""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from assistant import Assistant, Settings


class Ours:
    """The assistant with its default settings; a document's name says nothing about it."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.k = assistant.settings.passages

    def add(self, texts):
        receipts = self.assistant.add_texts([(source, "", text) for source, text in texts])
        return sum(receipt.passages for receipt in receipts)

    def load(self, path):
        return sum(receipt.passages for receipt in self.assistant.add(path))

    def search(self, question, k):
        hits = self.assistant.search(question, limit=k)
        return [(hit.passage.source, hit.passage.start, hit.passage.end, "") for hit in hits]

    def save(self):
        self.assistant.close()

    def drop(self, path):
        """Adds a file as the window does: the vectors follow."""
        receipts = self.assistant.add(path, wait=False)
        return {"passages": sum(receipt.passages for receipt in receipts), "pages": receipts[0].pages}

    def ask(self, question):
        answer = self.assistant.ask(question)
        searched = answer.searched
        return {
            "answered": answer.answered,
            "text": answer.text,
            "pages": [citation.page for citation in answer.citations],
            "meaning": searched.meaning if searched else 0,
            "total": searched.total if searched else 0,
        }

    def wait(self):
        began = time.monotonic()
        self.assistant.wait()
        return {"waited": time.monotonic() - began}


def open_system(folder: Path) -> Ours:
    return Ours(Assistant.open(folder, Settings(model=None)))
