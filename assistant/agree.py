"""Which sentences say the same, and which say something else of the same thing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.short import PATTERNS, kind, short
from index.words import STOP_WORDS, fold, stem, stems

if TYPE_CHECKING:
    from assistant.readers.extract import Candidate

ALIKE = 0.8
"""The share of the smaller sentence's words that another must hold to say the same with the same short answer."""

APART = 2
"""Words, beside the value, in which two sentences on the same thing may differ."""

MOST_ALSO, MOST_OTHER = 4, 2
"""Further places of the same fact, and sentences that say otherwise, that are shown."""

LONGEST = 60
"""Characters of a short answer that can be compared."""

_VALUES = ("number", "money", "date", "duration")
_DIGITS = re.compile(r"\d[\d.,]*")
_TIME = re.compile(r"\b(?:1[5-9]|20)\d{2}\b")


def shared(one: str, other: str) -> float:
    """The share of the smaller sentence's words that the other holds too."""
    a, b = set(stems(one)), set(stems(other))
    return len(a & b) / (min(len(a), len(b)) or 1)


def agreeing(question: str, best: Candidate, ranked: Sequence[Candidate]) -> list[Candidate]:
    """Other sentences with the same short answer that say just about the same, most likely first."""
    told = _value(question, best.text)
    if not told:
        return []
    found = [
        each
        for each in ranked
        if each.hit.passage.id != best.hit.passage.id
        and told in fold(each.text)
        and shared(each.text, best.text) >= ALIKE
        and len(stems(each.text)) > 2
    ]
    return found[:MOST_ALSO]


def differing(question: str, best: Candidate, ranked: Sequence[Candidate]) -> list[Candidate]:
    """Sentences that say the same of the same thing as the best one with another number or date, each value once."""
    told, asked = _value(question, best.text), set(stems(question))
    if kind(question) not in _VALUES or not told:
        return []
    kept: dict[str, Candidate] = {}
    for each in ranked:
        value = _value(question, each.text)
        same = value in fold(best.text) or told in fold(each.text)
        answers = set(stems(best.text)) & asked == set(stems(each.text)) & asked
        if value and not same and answers and _apart(best.text, each.text, kind(question)) <= APART:
            kept.setdefault(value, each)
    return list(kept.values())[:MOST_OTHER]


def _value(question: str, sentence: str) -> str:
    """The short answer, folded, where it is one that can be compared."""
    found = fold(" ".join(short(question, sentence).split()))
    whole = fold(" ".join(sentence.split())).rstrip(".;,: ")
    return found if found != whole and len(found) <= LONGEST else ""


def _apart(one: str, other: str, what: str) -> int:
    """In how many words two sentences differ, their values left out; very many where they speak of different years."""
    if what != "date" and set(_TIME.findall(one)) != set(_TIME.findall(other)):
        return 100
    left = [_bare(text, what) for text in (one, other)]
    return len(left[0] ^ left[1])


def _bare(text: str, what: str) -> set[str]:
    """The stems of a sentence without its values."""
    rest = _DIGITS.sub(" ", PATTERNS[what].sub(" ", text))
    return {stem(word) for word in re.findall(r"[^\W\d_]+", fold(rest)) if word not in STOP_WORDS}
