"""Vectors of passages and of the sentences inside them, from one forward pass each, kept in a file for good."""

from __future__ import annotations

import hashlib
import sqlite3
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.embed import BATCH, SentenceTransformerEmbedder, bundled_folder
from index.sentences import sentences

STEP = 64


class Pooled:
    """For each text the mean of its tokens' vectors (what the model gives), and of each sentence's tokens among them.

    A sentence's vector so costs no forward pass of its own, and knows what stands around it.
    """

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._kept = sqlite3.connect(file)
        self._kept.execute("create table if not exists pooled (key text primary key, counts blob, means blob)")
        self.embedder = SentenceTransformerEmbedder(bundled_folder())

    def of(self, texts: Sequence[str]) -> list[tuple[np.ndarray, np.ndarray]]:
        """For each text (counts, means): tokens and mean vectors, of the whole first and then of each sentence."""
        keys = [hashlib.sha256(text.encode()).hexdigest()[:32] for text in texts]
        there = {key for (key,) in self._kept.execute("select key from pooled")}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in there}
        ordered = sorted(missing, key=lambda key: len(missing[key]))
        blocks = [ordered[at : at + STEP] for at in range(0, len(ordered), STEP)]
        began = time.monotonic()
        for number, block in enumerate(blocks, 1):
            rows = self._pooled([missing[key] for key in block])
            self._kept.executemany(
                "insert or ignore into pooled values (?, ?, ?)",
                [(key, c.tobytes(), m.tobytes()) for key, (c, m) in zip(block, rows, strict=True)],
            )
            self._kept.commit()
            sys.stderr.write(f"\r{number} of {len(blocks)} blocks, {time.monotonic() - began:.0f} s ")
        one = "select counts, means from pooled where key = ?"
        found = (self._kept.execute(one, (key,)).fetchone() for key in keys)
        return [(np.frombuffer(c, np.int32), np.frombuffer(m, np.float16).reshape(len(c) // 4, -1)) for c, m in found]

    def _pooled(self, texts: list[str]) -> list[tuple[np.ndarray, np.ndarray]]:
        model = self.embedder._load()
        out = []
        for at in range(0, len(texts), BATCH):
            batch = texts[at : at + BATCH]
            tokens = model.encode(batch, batch_size=BATCH, output_value="token_embeddings", show_progress_bar=False)
            codes = model.tokenizer(batch, truncation=True, max_length=256, return_offsets_mapping=True)
            for text, vectors, offsets in zip(batch, tokens, codes["offset_mapping"], strict=True):
                out.append(_means(text, vectors.numpy(), np.array(offsets)))
        return out


def _means(text: str, vectors: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    vectors = vectors[: len(offsets)]
    parts = [np.arange(len(offsets))]
    for start, end in sentences(text):
        parts.append(np.flatnonzero((offsets[:, 0] >= start) & (offsets[:, 0] < end) & (offsets[:, 1] > 0)))
    means = [vectors[part].mean(axis=0) if len(part) else np.zeros(vectors.shape[1]) for part in parts]
    return np.array([len(part) for part in parts], np.int32), np.array(means, np.float16)
