"""Whether a claim and its sources point the same way: more or less, promoted or inhibited, found or missing."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from assistant.against import opposed, shared
from assistant.facts import crossed, facts
from index.sentences import sentences
from index.words import STOP_WORDS, fold, stem

AROUND = 4
"""Words on both sides of what a claim and a sentence share in which the sentence's direction is told."""

COMMON, SHARE = 3, 0.34
"""Words, and the share of a claim's, that its sources must hold to speak of the same things.

Without this 15.8% of SciFact's supported claims (tuning half) are called contradicted, with it 9.1%; of the
contradicted ones 37.7% and 27.7%.
"""

WEIGHTS = (-0.14, -0.82, 1.28, 0.49)
"""Of an even chance, and of the three of `signs`: a logistic regression, `--fit` of `tests/benchmarks/verdicts.py`.

On the tuning half of SciFact, cross-validated over claims, from .6 on 57.7% of the contradicted claims and 21.2% of the
supported ones: too many for a verdict by itself, so it only tells apart what is not supported anyway.
"""

_DOWN = (
    "decrease reduce lower inhibit impair suppress slow block prevent attenuate diminish decline less few fewer "
    "small low ineffective resistant insensitive unrelated independent loss lack absence deficient deficiency "
    "deplete depletion protect rescue abolish ameliorate poor weak negative downregulate downregulation delay "
    "disrupt limit restrict damage deactivate inactivate incapable unable fail no not nor neither none without "
    "never rare hardly short minimal little immune shorten silence knockdown deletion fall fell drop shrink worse "
    "forbid prohibit exclude"
)
_TOKEN = re.compile(r"[^\W\d_][\w'’-]*")


def otherwise(claim: str, sources: Sequence[str]) -> float:
    """The chance, 0 to 1, that what the sources say points the other way; 0 where they speak of something else."""
    told, held = facts(claim), facts(" ".join(sources))
    if len(told.words & held.words) < COMMON or shared(told, held) < SHARE:
        return 0.0
    bias, *weights = WEIGHTS
    logit = bias + sum(weight * sign for weight, sign in zip(weights, signs(claim, sources), strict=True))
    return 1 / (1 + math.exp(-logit))


def signs(claim: str, sources: Sequence[str]) -> tuple[float, float, float]:
    """What tells: the mean direction of the sentences against that of the claim (-1 to 1, 1 is the same), how many
    opposites they take different sides of (at most 3), and whether one denies what the other says."""
    told, held = facts(claim), facts(" ".join(sources))
    return _agreement(claim, sources), float(min(3, len(crossed(told, held)))), float(opposed(told, held))


def _agreement(claim: str, sources: Sequence[str]) -> float:
    mine = _stems(claim)
    content = {each for each in mine if each not in STOP_WORDS and each not in _ROOTS}
    total = weight = 0.0
    for source in sources:
        for start, end in sentences(source):
            theirs = _stems(source[start:end])
            places = [at for at, each in enumerate(theirs) if each in content]
            if places:
                share = len(content.intersection(theirs)) / len(content)
                near = theirs[max(0, places[0] - AROUND) : places[-1] + AROUND + 1]
                total += share * _direction(mine) * _direction(near)
                weight += share
    return total / weight if weight else 0.0


def _direction(words: Sequence[str]) -> int:
    """1, or -1 where words that turn the meaning round are odd in number."""
    return -1 if sum(word in _ROOTS for word in words) % 2 else 1


def _stems(text: str) -> list[str]:
    return [stem(fold(token)) for token in _TOKEN.findall(text)]


_ROOTS = frozenset(map(stem, _DOWN.split()))
