"""The bundled model's vectors, computed by ONNX Runtime: neither sentence-transformers nor torch is imported.

Processor time for 100 passages of 150 tokens, least cosine with the first row, and processor time from the start of a
process to its first answer by meaning (`python -m tests.benchmarks.routes` on a busy two-core machine with AVX-512):

    sentence-transformers, its batch of 32    9.3 s   1           (the import alone takes seconds)
    sentence-transformers, batch of 8        13.9 s   1
    this, one thread a passage                4.3 s   0.9999999   0.6 s
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embed import BUNDLED, BUNDLED_SHA256, Vectors, bundled_folder, bundled_weights
from index.errors import EmbeddingUnusable
from index.onnx import FLOAT, INT32, RUNTIME, model, node, value

LAYERS, HEADS, WIDTH, WINDOW = 6, 12, 384, 256
"""The model's shape, and the most tokens it sees of a text, its two special ones among them."""

EPSILON = 1e-12
"""What is added to a variance before its root is taken, as in the model's configuration."""

TOGETHER = 256
"""Tokens that one pass takes at most: one long passage, or several short texts of about the same length."""

Weights = dict[str, NDArray[np.float32]]


class BundledEmbedder:
    """all-MiniLM-L6-v2 in 32-bit floats; the vectors are sentence-transformers' own to seven digits.

    Every text is computed by one thread, so that a question is answered by one core beside whatever else is done;
    `embed` puts as many threads to work as there are cores. The model is loaded at its first use (or by `warm`), and
    may be used from several threads at once. Raises `EmbeddingUnusable` where the weights are not the tested ones.
    """

    name = BUNDLED
    identity = f"{BUNDLED}@{BUNDLED_SHA256[:16]}"
    tokens = WINDOW - 2

    def __init__(self) -> None:
        self._folder = Path(bundled_folder())
        self._lock = threading.Lock()
        self._session: Any = None
        self._tokenizer: Any = None
        self._query = lru_cache(maxsize=256)(self._embed_query)

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, without special ones; counting them does not load the model."""
        return [len(code.ids) for code in self._words().encode_batch(list(texts), add_special_tokens=False)]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (len(texts), dimensions)."""
        session = self._load()
        codes = [_cut(code.ids) for code in self._words().encode_batch(list(texts))]
        vectors = np.zeros((len(codes), WIDTH), dtype=np.float32)

        def one(rows: list[int]) -> None:
            vectors[rows] = _vectors(session, [codes[row] for row in rows])

        passes = list(_passes([len(code) for code in codes]))
        if len(passes) < 2:
            for rows in passes:
                one(rows)
            return vectors
        # Threads of its own for each call, so that a question's sentences do not stand in line behind a document.
        with ThreadPoolExecutor(min(_cores(), len(passes)), thread_name_prefix="embedding") as threads:
            list(threads.map(one, passes))
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

    def _load(self) -> Any:
        with self._lock:
            if self._session is None:
                self._session = _session(self._folder)
            return self._session


def _passes(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Which texts go through the model together: longest first, of like length, so that little is padded."""
    rows: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        if rows and (len(rows) + 1) * lengths[rows[0]] > TOGETHER:
            yield rows
            rows = []
        rows.append(row)
    if rows:
        yield rows


def _vectors(session: Any, codes: Sequence[Sequence[int]]) -> Vectors:
    """The mean of each text's tokens behind the last layer, made a unit vector."""
    lengths = np.array([len(code) for code in codes])
    longest = int(lengths.max())
    mask = np.arange(longest) < lengths[:, None]
    ids = np.zeros((len(codes), longest), dtype=np.int32)
    ids[mask] = np.concatenate(codes)
    shares = (mask / lengths[:, None]).astype(np.float32)[:, None, :]
    positions, ends = np.arange(longest, dtype=np.int32), lengths.astype(np.int32)
    given = {"ids": ids, "positions": positions, "lengths": ends, "shares": shares}
    [means] = session.run(None, given)
    vectors: Vectors = means[:, 0] / np.linalg.norm(means[:, 0], axis=1, keepdims=True)
    return vectors


def _cut(ids: list[int]) -> list[int]:
    """The tokens that fit, with the special one that ends every text."""
    return ids if len(ids) <= WINDOW else [*ids[: WINDOW - 1], ids[-1]]


def _session(folder: Path) -> Any:
    """The model, ready to run: each run takes the one thread that asks for it."""
    path = bundled_weights(folder)
    try:
        import onnxruntime
        from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidGraph, NotImplemented, RuntimeException
    except ImportError as error:
        raise EmbeddingUnusable(f"the embedding model cannot be loaded ({error}); pip install onnxruntime") from error
    weights = _weights(path)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(array) for array in weights.values()]
    options.add_external_initializers(list(weights), values)
    try:
        return onnxruntime.InferenceSession(_graph(weights), options, providers=["CPUExecutionProvider"])
    except (Fail, InvalidGraph, NotImplemented, RuntimeException) as error:
        raise EmbeddingUnusable(
            f"the embedding model cannot be computed here ({str(error).splitlines()[0][:200]}); "
            "pip install --upgrade onnxruntime"
        ) from error


def _weights(path: Path) -> Weights:
    """The weights under the names that `_graph` gives them, as matrices that stand on the right of a product."""
    stored = _stored(path)
    places = stored["embeddings.position_embeddings.weight"] + stored["embeddings.token_type_embeddings.weight"][0]
    weights = {"words": stored["embeddings.word_embeddings.weight"], "places": places}
    weights |= _pair("start", "embeddings.LayerNorm", stored, "gamma", "beta")
    for layer in range(LAYERS):
        parts = [
            _pair("", f"encoder.layer.{layer}.attention.self.{name}", stored, "w", "b")
            for name in ("query", "key", "value")
        ]
        weights[f"{layer}.look.w"] = np.concatenate([part[".w"] for part in parts]).T
        weights[f"{layer}.look.b"] = np.concatenate([part[".b"] for part in parts])
        for name, there in (("join", "attention.output.dense"), ("up", "intermediate.dense"), ("down", "output.dense")):
            pair = _pair(f"{layer}.{name}", f"encoder.layer.{layer}.{there}", stored, "w", "b")
            weights |= pair | {f"{layer}.{name}.w": pair[f"{layer}.{name}.w"].T}
        for name, there in (("joined", "attention.output.LayerNorm"), ("end", "output.LayerNorm")):
            weights |= _pair(f"{layer}.{name}", f"encoder.layer.{layer}.{there}", stored, "gamma", "beta")
    return {name: np.ascontiguousarray(array) for name, array in weights.items()}


def _pair(name: str, there: str, stored: Weights, weight: str, bias: str) -> Weights:
    return {f"{name}.{weight}": stored[f"{there}.weight"], f"{name}.{bias}": stored[f"{there}.bias"]}


def _graph(weights: Weights) -> bytes:
    """BERT: words and their places, six layers that look at each other and think alone, and the mean of it all."""
    nodes = [
        node("Gather", ["words", "ids"], "word"),
        node("Gather", ["places", "positions"], "place"),
        _normal("word", "place", "start"),
    ]
    flow = "start"
    for at in range(LAYERS):
        nodes += [
            node(
                "Attention", [flow, f"{at}.look.w", f"{at}.look.b", "lengths"], f"{at}.look", RUNTIME, num_heads=HEADS
            ),
            node("MatMul", [f"{at}.look", f"{at}.join.w"], f"{at}.join"),
            _normal(f"{at}.join", flow, f"{at}.joined", f"{at}.join.b"),
            node("MatMul", [f"{at}.joined", f"{at}.up.w"], f"{at}.up"),
            node("BiasGelu", [f"{at}.up", f"{at}.up.b"], f"{at}.thought", RUNTIME),
            node("MatMul", [f"{at}.thought", f"{at}.down.w"], f"{at}.down"),
            _normal(f"{at}.down", f"{at}.joined", f"{at}.end", f"{at}.down.b"),
        ]
        flow = f"{at}.end"
    nodes.append(node("MatMul", ["shares", flow], "means"))
    inputs = [
        value("ids", INT32, ["texts", "tokens"]),
        value("positions", INT32, ["tokens"]),
        value("lengths", INT32, ["texts"]),
        value("shares", FLOAT, ["texts", 1, "tokens"]),
    ]
    return model(nodes, inputs, [value("means", FLOAT, ["texts", 1, WIDTH])], weights)


def _normal(one: str, other: str, output: str, *bias: str) -> bytes:
    """The layer norm of a sum."""
    inputs = [one, other, f"{output}.gamma", f"{output}.beta", *bias]
    return node("SkipLayerNormalization", inputs, output, RUNTIME, epsilon=EPSILON)


def _stored(path: Path) -> Weights:
    """The matrices of a safetensors file: a length, a table in JSON, and the numbers, which are read when needed."""
    raw = np.memmap(path, np.uint8, "r")
    start = 8 + int(raw[:8].view("<u8")[0])
    table = json.loads(bytes(raw[8:start]))
    stored: Weights = {}
    for name, told in table.items():
        if told.get("dtype") == "F32":
            begin, end = (start + offset for offset in told["data_offsets"])
            stored[name] = raw[begin:end].view("<f4").reshape(told["shape"])
    return stored


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
