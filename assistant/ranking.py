"""The re-ranker that the settings name."""

from __future__ import annotations

from assistant.readers.trained.spans import shipped
from index.rank import CrossEncoderScorer, Ranker
from index.types import Hit

READER = "reader"
"""The name under which the trained reader re-orders what was found."""

RANK = "rank"
"""The name under which a CrossEncoder does."""

WEIGHT, DEPTH = 0.15, 12
"""What the reader's chance of an answer, 0 to 1, counts beside the score of the search, over the first so many.

Without and with it, tuning half then reporting half (`python -m tests.benchmarks.ranking`): chunking recall of 5
passages 85.8 and 86.0, 87.8 and 88.3%; northwind's right page first in 79.8 and 81.9, 88.8 and 88.8%, within 5 passages
in 93.6 and 92.6, 97.2 and 98.1%. With the weights before these and .1: nDCG@10 on 1,200 abstracts of SciFact 86.4 and
86.5, 81.1 and 81.1%; SQuAD's right paragraph first in 80.3 and 83.5% of 500, within 5 in 96.0 and 96.6%. It is not the
default because it makes a search twenty times as slow, and an answer reads the first eight passages whatever their
order."""


CROSS_WEIGHT = 1.0
"""What a CrossEncoder's score, 0 to 1, counts beside that of the search."""


def ranker(name: str | None) -> Ranker | None:
    """None for no name, the trained reader for "reader", else a sentence-transformers CrossEncoder."""
    if name == READER:
        return Ranker(shipped(), WEIGHT, DEPTH, READER)
    return Ranker(CrossEncoderScorer(name), CROSS_WEIGHT, name=RANK) if name else None


def searched(hit: Hit) -> float:
    """The score that the search gave a hit, without what a re-ranker of the settings added."""
    added = {READER: WEIGHT, RANK: CROSS_WEIGHT}
    return hit.score - sum(weight * hit.by[name].score for name, weight in added.items() if name in hit.by)
