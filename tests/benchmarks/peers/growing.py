"""Ours with a stand-in for the embedding model, to see how everything else grows: what a model costs a passage is flat.

A text's vector is the sum of fixed random directions of its longer words, so texts that share words are near, as with
the model. Splitting counts the model's own tokens.
"""

from __future__ import annotations

import sys
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

import numpy as np
from peers.ours import Ours

from assistant import Assistant, Settings
from index.bundled import BundledEmbedder

DIRECTIONS = np.random.default_rng(1).standard_normal((8192, 384), dtype=np.float32)


class Standing:
    """Unit vectors of the model's size without the model."""

    identity = "directions@1"
    tokens = 254

    def __init__(self) -> None:
        self._model = BundledEmbedder()
        self.lengths = self._model.lengths

    def embed(self, texts):
        return np.stack([self._vector(text) for text in texts])

    def embed_query(self, text):
        self._model.embed_query(text)
        return self._vector(text)

    def _vector(self, text):
        rows = [zlib.crc32(word.encode()) % len(DIRECTIONS) for word in text.lower().split() if len(word) > 4]
        vector = DIRECTIONS[rows or [0]].sum(axis=0)
        return vector / np.linalg.norm(vector)


class Growing(Ours):
    """Ours, filled without waiting for the vectors of each batch."""

    def pour(self, texts):
        receipts = self.assistant.add_texts([(source, "", text) for source, text in texts], wait=False)
        return {"passages": sum(receipt.passages for receipt in receipts)}


def open_system(folder: Path) -> Growing:
    return Growing(Assistant.open(folder, Settings(model=None), embedder=Standing()))
