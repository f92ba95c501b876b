"""MiniLM's six layers for ONNX Runtime: matrices from a safetensors file, a graph, and a session that runs it.

Products are of 32-bit floats, or of 8 bits where the matrices are those of `index/eights.py`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from ctypes import CDLL
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import EmbeddingUnusable
from index.onnx import FLOAT, RUNTIME, node, value

LAYERS, HEADS, WIDTH = 6, 12, 384
"""The model's shape."""

EPSILON = 1e-12
"""What is added to a variance before its root is taken, as in the model's configuration."""

TOGETHER = 256
"""Tokens that one pass takes at most: one long passage, or several short texts of about the same length."""

LOOKS = ("query", "key", "value")
"""What a token asks the others for, what it is asked by, and what it gives."""

Weights = dict[str, NDArray[np.float32]]
Mixed = Mapping[str, NDArray[np.generic]]
Run = Callable[[Mixed], NDArray[np.float32]]
"""Computes what comes out of a graph's inputs, but for "words"."""

VECTORS = value("words", FLOAT, ["known", WIDTH])
"""The input of every graph that the vectors of words come in by."""


def stored(path: Path) -> Weights:
    """The matrices of a safetensors file in single or half precision, by their names.

    The file is a length, a table in JSON, and the numbers, which are read from the disk when they are needed.
    """
    raw = np.memmap(path, np.uint8, "r")
    start = 8 + int(raw[:8].view("<u8")[0])
    table = json.loads(bytes(raw[8:start]))
    found: Weights = {}
    for name, told in table.items():
        kind = {"F32": "<f4", "F16": "<f2"}.get(told.get("dtype"))
        if kind:
            begin, end = (start + offset for offset in told["data_offsets"])
            found[name] = raw[begin:end].view(kind).reshape(told["shape"]).astype(np.float32, copy=False)
    return found


@lru_cache(maxsize=1)
def bundled(path: Path) -> Weights:
    """The matrices of the bundled model's file, mapped once for all sessions that are made of it."""
    return stored(path)


def matrices(model: Mapping[str, NDArray[np.float32]]) -> Weights:
    """The weights of BERT's file under the names that `layers` gives them, those of products to stand on the right."""
    places = model["embeddings.position_embeddings.weight"] + model["embeddings.token_type_embeddings.weight"][0]
    weights = {"words": model["embeddings.word_embeddings.weight"], "places": places}
    weights |= _pair("start", "embeddings.LayerNorm", model, "gamma", "beta")
    for layer in range(LAYERS):
        parts = [_pair("", f"encoder.layer.{layer}.attention.self.{name}", model, "w", "b") for name in LOOKS]
        weights[f"{layer}.look.w"] = np.concatenate([part[".w"] for part in parts]).T
        weights[f"{layer}.look.b"] = np.concatenate([part[".b"] for part in parts])
        for name, there in (("join", "attention.output.dense"), ("up", "intermediate.dense"), ("down", "output.dense")):
            pair = _pair(f"{layer}.{name}", f"encoder.layer.{layer}.{there}", model, "w", "b")
            weights |= pair | {f"{layer}.{name}.w": pair[f"{layer}.{name}.w"].T}
        for name, there in (("joined", "attention.output.LayerNorm"), ("end", "output.LayerNorm")):
            weights |= _pair(f"{layer}.{name}", f"encoder.layer.{layer}.{there}", model, "gamma", "beta")
    return {name: np.ascontiguousarray(array) for name, array in weights.items()}


def layers(weights: Container[str] = ()) -> tuple[list[bytes], str]:
    """The nodes of six layers that look at each other and think alone, and the name of what comes out.

    They take "start", of shape (texts, tokens, WIDTH), and "lengths", of shape (texts,). A matrix whose scale is among
    `weights` is multiplied in 8 bits.
    """
    nodes, flow = [], "start"
    for at in range(LAYERS):
        nodes += [
            *_looking(at, flow, weights),
            _product(f"{at}.look", f"{at}.join", weights),
            *normal(f"{at}.join", flow, f"{at}.joined", f"{at}.join.b"),
            _product(f"{at}.joined", f"{at}.up", weights),
            node("BiasGelu", [f"{at}.up", f"{at}.up.b"], f"{at}.thought", RUNTIME),
            _product(f"{at}.thought", f"{at}.down", weights),
            *normal(f"{at}.down", f"{at}.joined", f"{at}.end", f"{at}.down.b"),
        ]
        flow = f"{at}.end"
    return nodes, flow


def _looking(at: int, flow: str, weights: Container[str]) -> list[bytes]:
    """What each token takes from the others of its text; in 32-bit floats one operator does it all."""
    told, out = [f"{at}.look.b", "lengths"], f"{at}.look"
    parts = [f"{at}.{name}" for name in LOOKS]
    if not any(f"{part}.w.scale" in weights for part in parts):
        return [node("Attention", [flow, f"{at}.look.w", *told], out, RUNTIME, num_heads=HEADS)]
    whole = node("MultiHeadAttention", [*parts, *told], out, RUNTIME, num_heads=HEADS)
    return [*(_product(flow, part, weights) for part in parts), whole]


def _product(one: str, name: str, weights: Container[str]) -> bytes:
    """The product with the matrix of that name."""
    matrix = f"{name}.w"
    if f"{matrix}.scale" not in weights:
        return node("MatMul", [one, matrix], name)
    return node("DynamicQuantizeMatMul", [one, matrix, f"{matrix}.scale", f"{matrix}.zero"], name, RUNTIME)


def normal(one: str, other: str, output: str, bias: str = "") -> list[bytes]:
    """The layer norm of a sum, by one operator for each step: the passages of a document then take 1/1.09 of the time
    that they take with SkipLayerNormalization, which does all of it (by the time of one thread, turn by turn)."""
    nodes = [node("Add", [one, bias], f"{output}.biased")] if bias else []
    inputs = [f"{output}.sum", f"{output}.gamma", f"{output}.beta"]
    return [
        *nodes,
        node("Add", [f"{output}.biased" if bias else one, other], f"{output}.sum"),
        node("LayerNormalization", inputs, output, axis=2, epsilon=EPSILON),
    ]


def session(graph: bytes, weights: Mixed) -> Run:
    """The model, ready to run: each run takes the one thread that asks for it.

    The vectors of words are given to each run where they lie: ONNX Runtime would copy their 47 MB for each session.
    Raises `EmbeddingUnusable` where ONNX Runtime is missing or cannot compute it.
    """
    try:
        import onnxruntime
        from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidGraph, NotImplemented, RuntimeException
    except ImportError as error:
        raise EmbeddingUnusable(f"the embedding model cannot be loaded ({error}); pip install onnxruntime") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Nothing more: it would join the steps of layer norms again, which takes longer.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(array) for array in inside(weights).values()]
    options.add_external_initializers(list(inside(weights)), values)
    try:
        ready = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except (Fail, InvalidGraph, NotImplemented, RuntimeException) as error:
        raise EmbeddingUnusable(
            f"the embedding model cannot be computed here ({str(error).splitlines()[0][:200]}); "
            "pip install --upgrade onnxruntime"
        ) from error
    words = weights["words"]

    def run(given: Mixed) -> NDArray[np.float32]:
        [found] = ready.run(None, {**given, "words": words})
        return np.asarray(found)

    return run


def inside(weights: Mixed) -> Mixed:
    """The matrices that a session holds itself: all but the vectors of words."""
    return {name: array for name, array in weights.items() if name != "words"}


def give_back() -> None:
    """Gives the system the memory that making a session took and left, 95 MB with the reader's; where it can be told.

    glibc keeps what is freed piece by piece, as the matrices are.
    """
    trim = getattr(CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim is not None:
        trim(0)


def shared(lengths: Sequence[int], one: Callable[[list[int]], None], together: int = TOGETHER) -> None:
    """Calls `one` with the rows of each pass over texts of these lengths in tokens, on as many threads as cores.

    A pass takes `together` tokens at most, or one text: 1 gives each text a pass of its own.
    The threads are its own, so that a question's sentences do not stand in line behind a document.
    """
    passes = list(_passes(lengths, together))
    if len(passes) < 2:
        for rows in passes:
            one(rows)
        return
    with ThreadPoolExecutor(min(_cores(), len(passes)), thread_name_prefix="model") as threads:
        list(threads.map(one, passes))


def padded(codes: Sequence[Sequence[int]]) -> dict[str, NDArray[np.int32]]:
    """The inputs of a pass: `ids` of shape (texts, most tokens), `positions` (tokens,) and `lengths` (texts,)."""
    lengths = np.array([len(code) for code in codes], dtype=np.int32)
    ids = np.zeros((len(codes), int(lengths.max())), dtype=np.int32)
    ids[np.arange(ids.shape[1]) < lengths[:, None]] = np.concatenate(codes)
    return {"ids": ids, "positions": np.arange(ids.shape[1], dtype=np.int32), "lengths": lengths}


def _passes(lengths: Sequence[int], together: int) -> Iterator[list[int]]:
    """Which texts go through the model together: longest first, of like length, so that little is padded."""
    rows: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        if rows and (len(rows) + 1) * lengths[rows[0]] > together:
            yield rows
            rows = []
        rows.append(row)
    if rows:
        yield rows


def _pair(name: str, there: str, model: Mapping[str, NDArray[np.float32]], weight: str, bias: str) -> Weights:
    return {f"{name}.{weight}": model[f"{there}.weight"], f"{name}.{bias}": model[f"{there}.bias"]}


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
