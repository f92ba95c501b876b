"""A library as a LangChain retriever."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from index.index import Index
from index.types import Hit


class PassageRetriever(BaseRetriever):
    """Finds the `k` best passages `within` a scope, as LangChain documents.

    Their metadata: `source`, `start` and `end` (offsets into the document's text), `page` (from 1, or None),
    `heading`, `context`, `score`, and for each search that found it its rank and score ("words_rank", "words_score",
    "meaning_rank", "meaning_score"). Raises what `Index.search` raises.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Index
    k: int = 5
    within: Any = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None, within: Any = None
    ) -> list[Document]:
        hits = self.index.search(query, self.k if k is None else k, self.within if within is None else within)
        return [to_document(hit) for hit in hits]


def to_document(hit: Hit) -> Document:
    """A hit as a LangChain document; its id is the passage's."""
    passage = hit.passage
    metadata: dict[str, Any] = {
        "source": passage.source,
        "page": passage.page,
        "start": passage.start,
        "end": passage.end,
        "heading": passage.heading,
        "context": passage.context,
        "score": hit.score,
    }
    for name, found in hit.by.items():
        metadata |= {f"{name}_rank": found.rank, f"{name}_score": found.score}
    return Document(id=passage.id, page_content=passage.text, metadata=metadata)
