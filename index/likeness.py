"""The cosine of a question with texts that need not be passages, such as single sentences."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from index.embed import Embedder, Vectors

REMEMBERED = 20_000
"""Vectors of texts that are kept in memory: 30 MiB at 384 dimensions."""


class Likeness:
    """Embeds texts and remembers their vectors; may be used from several threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._seen: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def similar(self, query: str, texts: Sequence[str]) -> list[float]:
        """The cosine of the query with each text, -1 to 1."""
        if not texts:
            return []
        with self._lock:
            known = {text: self._seen[text] for text in texts if text in self._seen}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        fresh = dict(zip(missing, self._embedder.embed(missing), strict=True)) if missing else {}
        with self._lock:
            self._seen.update(fresh)
            while len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
        vectors = np.stack([fresh[text] if text in fresh else known[text] for text in texts])
        return [float(value) for value in vectors @ self._embedder.embed_query(query)]
