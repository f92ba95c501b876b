"""Words that are used alike, by the bundled model's own word vectors."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import normalize

from index.words import STOP_WORDS, stem

NEAREST, FROM, TO = 24, 0.35, 0.56
"""Neighbours that are looked at, and their cosine: nearer ones mean the same too often, farther ones have no sense."""


class Siblings:
    """A lower-case word to words that are used alike: same part of speech mostly, another meaning mostly."""

    def __init__(self, vectors: Tensor, vocabulary: Path) -> None:
        words = vocabulary.read_text(encoding="utf-8").splitlines()
        whole = [at for at, word in enumerate(words) if re.fullmatch(r"[a-z]{4,}", word) and word not in STOP_WORDS]
        self._words = [words[at] for at in whole]
        self._places = {word: place for place, word in enumerate(self._words)}
        chosen = vectors[torch.tensor(whole)]
        self._vectors = normalize(chosen - chosen.mean(0))
        self._near = lru_cache(maxsize=None)(self._find)

    def __call__(self, word: str) -> tuple[str, ...]:
        """The siblings, nearest first; none of an unknown word."""
        return self._near(word)

    def _find(self, word: str) -> tuple[str, ...]:
        place = self._places.get(word)
        if place is None:
            return ()
        cosines, near = (self._vectors @ self._vectors[place]).topk(NEAREST)
        return tuple(
            self._words[at]
            for cosine, at in zip(cosines.tolist(), near.tolist(), strict=True)
            if FROM <= cosine <= TO and stem(self._words[at]) != stem(word) and self._words[at][:5] != word[:5]
        )
