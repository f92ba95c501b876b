"""The bundled model's vectors, computed by ONNX Runtime: neither sentence-transformers nor torch is imported.

Processor time for 100 passages of 150 tokens, least cosine with the first row, and processor time from the start of a
process to its first answer by meaning (`python -m tests.benchmarks.routes` on a busy two-core machine with AVX-512):

    sentence-transformers, its batch of 32    9.3 s   1           (the import alone takes seconds)
    sentence-transformers, batch of 8        13.9 s   1
    this, one thread a passage                4.3 s   0.9999999   0.6 s

In another run (24 passages, 3 rounds, with AVX-512 VNNI) 100 passages take 3.6 s in floats and 1.6 s in 8 bits. What 8
bits cost in what is found, 5 passages a question, tuning half and reporting half, and floats less 8 bits over both with
its 95% interval (`python -m tests.benchmarks.precision`):

    chunking, 472 questions, excerpt recall   floats 85.8, 87.8%   8 bits 85.3, 86.7%    0.9 (0.1 to 1.8)
      by meaning alone                               79.0, 81.6%          78.2, 81.4%    0.5 (-0.5 to 1.6)
    northwind, 201 questions, hit             floats 93.6, 97.2%   8 bits 93.6, 98.1%   -0.5 (-1.5 to 0.0)
      by meaning alone                               88.3, 96.3%          91.5, 96.3%   -1.5 (-3.5 to 0.0)

The cosine of the one with the other is 0.994 in the mean of 2,445 passages, 0.984 at least. So floats are the default.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from index.eights import eights
from index.embed import BUNDLED, BUNDLED_SHA256, EIGHT_BITS, Vectors, bundled_folder, bundled_weights
from index.minilm import (
    TOGETHER,
    VECTORS,
    WIDTH,
    Mixed,
    Run,
    bundled,
    give_back,
    inside,
    layers,
    matrices,
    normal,
    padded,
    session,
    shared,
)
from index.onnx import FLOAT, INT32, model, node, value

WINDOW = 256
"""The most tokens that the model sees of a text, its two special ones among them."""


class BundledEmbedder:
    """all-MiniLM-L6-v2 in 32-bit floats; the vectors are sentence-transformers' own to seven digits.

    Named `EIGHT_BITS`, it multiplies in 8 bits, for half the time: its vectors are others, and so is its identity.

    Every text is computed by one thread, so that a question is answered by one core beside whatever else is done;
    `embed` puts as many threads to work as there are cores. The model is loaded at its first use (or by `warm`), and
    may be used from several threads at once. Raises `EmbeddingUnusable` where the weights are not the tested ones.
    """

    tokens = WINDOW - 2

    def __init__(self, name: str = BUNDLED) -> None:
        self.name = name
        self.identity = f"{name}@{BUNDLED_SHA256[:16]}"
        self._folder = Path(bundled_folder())
        self._lock = threading.Lock()
        self._session: Run | None = None
        self._tokenizer: Any = None
        self._query = lru_cache(maxsize=256)(self._embed_query)

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, without special ones; counting them does not load the model."""
        return [len(code) for code in self._words().encode_batch_fast(list(texts), add_special_tokens=False)]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (len(texts), dimensions)."""
        session = self._load()
        codes = [_cut(code.ids) for code in self._words().encode_batch_fast(list(texts))]
        vectors = np.zeros((len(codes), WIDTH), dtype=np.float32)

        def one(rows: list[int]) -> None:
            vectors[rows] = _vectors(session, [codes[row] for row in rows])

        # In 8 bits what a text is rounded to would depend on those beside it.
        shared([len(code) for code in codes], one, 1 if self.name == EIGHT_BITS else TOGETHER)
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """The unit vector of a question, of shape (dimensions,); the last 256 questions are kept."""
        return self._query(text)

    def warm(self) -> None:
        """Loads the model, so that the first question need not wait for it."""
        self.embed_query("")

    def _embed_query(self, text: str) -> Vectors:
        vector: Vectors = self.embed([text])[0]
        return vector

    def _words(self) -> Any:
        with self._lock:
            if self._tokenizer is None:
                from tokenizers import Tokenizer

                self._tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
                self._tokenizer.no_truncation()
                self._tokenizer.no_padding()
            return self._tokenizer

    def _load(self) -> Run:
        with self._lock:
            if self._session is None:
                self._session = opened(self._folder, eight_bits=self.name == EIGHT_BITS)
                give_back()
            return self._session


def _vectors(session: Run, codes: Sequence[Sequence[int]]) -> Vectors:
    """The mean of each text's tokens behind the last layer, made a unit vector."""
    given = padded(codes)
    tokens, lengths = given["positions"], given["lengths"][:, None]
    shares = ((tokens < lengths) / lengths).astype(np.float32)[:, None, :]
    means = session({**given, "shares": shares})
    vectors: Vectors = means[:, 0] / np.linalg.norm(means[:, 0], axis=1, keepdims=True)
    return vectors


def _cut(ids: list[int]) -> list[int]:
    """The tokens that fit, with the special one that ends every text."""
    return ids if len(ids) <= WINDOW else [*ids[: WINDOW - 1], ids[-1]]


def opened(folder: Path, eight_bits: bool = False) -> Run:
    """The model of a folder, ready to run; raises `EmbeddingUnusable` where its weights are not the tested ones."""
    weights = matrices(bundled(bundled_weights(folder)))
    given = eights(weights) if eight_bits else weights
    return session(_graph(given), given)


def _graph(weights: Mixed) -> bytes:
    """BERT: words and their places, six layers, and the mean of what comes out."""
    inner, flow = layers(weights)
    nodes = [
        node("Gather", ["words", "ids"], "word"),
        node("Gather", ["places", "positions"], "place"),
        *normal("word", "place", "start"),
        *inner,
        node("MatMul", ["shares", flow], "means"),
    ]
    inputs = [
        VECTORS,
        value("ids", INT32, ["texts", "tokens"]),
        value("positions", INT32, ["tokens"]),
        value("lengths", INT32, ["texts"]),
        value("shares", FLOAT, ["texts", 1, "tokens"]),
    ]
    return model(nodes, inputs, [value("means", FLOAT, ["texts", 1, WIDTH])], inside(weights))
