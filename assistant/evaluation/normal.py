"""SQuAD's way of comparing answers: without case, punctuation, articles and spare white space.

Source: the official evaluation script of SQuAD 2.0 (Rajpurkar et al. 2018).
"""

from __future__ import annotations

import re
import string
from collections import Counter

ARTICLES = re.compile(r"\b(a|an|the)\b")
PUNCTUATION = str.maketrans("", "", string.punctuation)


def normal(answer: str) -> str:
    """The answer as it is compared: lower case, ASCII punctuation and English articles gone, single blanks."""
    return " ".join(ARTICLES.sub(" ", answer.lower().translate(PUNCTUATION)).split())


def f1(answer: str, right: str) -> float:
    """The harmonic mean of precision and recall over the words both have, 0 to 1; of two empty answers 1."""
    given, wanted = normal(answer).split(), normal(right).split()
    if not given or not wanted:
        return float(given == wanted)
    same = sum((Counter(given) & Counter(wanted)).values())
    return 2 * same / (len(given) + len(wanted))


def best_f1(answer: str, accepted: tuple[str, ...]) -> float:
    """The F1 with the accepted answer that it matches best."""
    return max(f1(answer, right) for right in accepted)


def contains(text: str, accepted: tuple[str, ...]) -> bool:
    """Whether any accepted answer stands in the text as whole words, both normalised."""
    words = f" {normal(text)} "
    return any(f" {normal(right)} " in words for right in accepted if normal(right))
