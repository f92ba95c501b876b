"""The re-ranker that the settings name."""

from __future__ import annotations

from assistant.readers.trained.spans import shipped
from index.rank import CrossEncoderScorer, Ranker

READER = "reader"
"""The name under which the trained reader re-orders what was found."""

WEIGHT, DEPTH = 0.1, 12
"""What the reader's chance of an answer, 0 to 1, counts beside the score of the search, over the first so many."""


def ranker(name: str | None) -> Ranker | None:
    """None for no name, the trained reader for "reader", else a sentence-transformers CrossEncoder."""
    if name == READER:
        return Ranker(shipped(), WEIGHT, DEPTH, READER)
    return Ranker(CrossEncoderScorer(name)) if name else None
