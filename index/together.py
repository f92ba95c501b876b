"""Whether words that stand beside each other in a question do so in a passage too."""

from __future__ import annotations

from collections.abc import Sequence

from index.words import stem, terms, words

APART = 3
"""How many words two may be apart and still count as together."""


def together(question: str, texts: Sequence[str]) -> list[float]:
    """For each text the share, 0 to 1, of the pairs of neighbouring words of the question that it holds together.

    Words count in all their forms, stop words of the question not at all. 0 where the question has only one word.
    """
    wanted = [stem(term) for term in terms(question)]
    pairs = list(zip(wanted, wanted[1:], strict=False))
    return [_share(pairs, set(wanted), text) for text in texts] if pairs else [0.0] * len(texts)


def _share(pairs: Sequence[tuple[str, str]], wanted: set[str], text: str) -> float:
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words(text)):
        stemmed = stem(word)
        if stemmed in wanted:
            places.setdefault(stemmed, []).append(place)
    held = sum(
        any(0 < abs(here - there) <= APART for here in places.get(one, ()) for there in places.get(other, ()))
        for one, other in pairs
    )
    return held / len(pairs)
