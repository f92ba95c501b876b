"""The trained network, computed by ONNX Runtime: what training changed, laid over the bundled model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.readers.trained.pairs import Pair
from assistant.readers.trained.spans import Window
from index.minilm import (
    VECTORS,
    WIDTH,
    Weights,
    bundled,
    inside,
    layers,
    matrices,
    normal,
    padded,
    session,
    shared,
    stored,
)
from index.onnx import FLOAT, INT32, model, node, value

Array = NDArray[np.float32]


class Computed:
    """What the network says of pairs; may be used from several threads.

    `base` is the bundled model's file, `weights` one that training wrote. Raises `EmbeddingUnusable` where ONNX Runtime
    is missing or cannot compute it.
    """

    def __init__(self, base: Path, weights: Path) -> None:
        known: Weights = bundled(base) | stored(weights)
        self._span, self._span_bias = known["span.weight"].T, known["span.bias"]
        self._pool, self._pool_bias = known["pooler.dense.weight"].T, known["pooler.dense.bias"]
        self._null, self._null_bias = known["null.weight"][0], float(known["null.bias"][0])
        parts = known["embeddings.token_type_embeddings.weight"]
        # The places hold the question's part already; the passage's is what it differs by.
        given = matrices(known) | {"parts": np.stack([np.zeros_like(parts[0]), parts[1] - parts[0]])}
        self._session = session(_graph(given), given)

    def __call__(self, pairs: Sequence[Pair]) -> list[Window]:
        """What the network says of each pair."""
        found: dict[int, Window] = {}

        def one(rows: list[int]) -> None:
            given = padded([pairs[row].ids for row in rows])
            firsts = np.array([[pairs[row].first] for row in rows])
            asked = {**given, "part": (given["positions"] >= firsts).astype(np.int32)}
            states = self._session(asked)
            for row, state in zip(rows, states, strict=True):
                found[row] = self._window(pairs[row], state)

        shared([len(pair.ids) for pair in pairs], one)
        return [found[row] for row in range(len(pairs))]

    def _window(self, pair: Pair, states: Array) -> Window:
        """The heads over the states of a pair's tokens, of shape (tokens, WIDTH)."""
        spans = states[: len(pair.ids)] @ self._span + self._span_bias
        held = spans[pair.first : len(pair.ids) - 1]
        pooled = np.tanh(states[0] @ self._pool + self._pool_bias)
        null = float(pooled @ self._null) + self._null_bias
        return Window(pair, held[:, 0], held[:, 1], float(spans[0].sum()), null)


def _graph(weights: Weights) -> bytes:
    """BERT for pairs: words, places and parts, six layers, and the state of each token."""
    inner, flow = layers()
    nodes = [
        node("Gather", ["words", "ids"], "word"),
        node("Gather", ["places", "positions"], "place"),
        node("Gather", ["parts", "part"], "side"),
        node("Add", ["side", "place"], "sided"),
        *normal("word", "sided", "start"),
        *inner,
    ]
    inputs = [
        VECTORS,
        value("ids", INT32, ["texts", "tokens"]),
        value("positions", INT32, ["tokens"]),
        value("part", INT32, ["texts", "tokens"]),
        value("lengths", INT32, ["texts"]),
    ]
    return model(nodes, inputs, [value(flow, FLOAT, ["texts", "tokens", WIDTH])], inside(weights))
