"""The words of a question that are worth searching for, and their forms."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

MOST_TERMS = 64
"""The most different words of a question that are searched; a page pasted as a question keeps its first ones."""

STOP_WORDS = frozenset(
    """a about above after again against all also am an and any are aren as at be because been before being below
    between both but by can cannot could couldn describe did didn do does doesn doing don down during each either
    else ever explain few for from further get gets give given gives got had hadn happen happened happens has hasn
    have haven having he her here hers herself him himself his how however i if in into is isn it its itself just
    let like ll made make makes many may me might mine more most much must my myself no nor not of off on once one
    only or other our ours ourselves out over own per please s same say says shall she should shouldn since so some
    such t tell than that the their theirs them themselves then there these they this those though through to too
    under until up upon us ve very was wasn we were weren what whatever when where whether which while who whoever
    whom whose why will with within without won would wouldn yes yet you your yours yourself yourselves""".split()
)
_WORD = re.compile(r"\w+")
_STEMMER = snowballstemmer.stemmer("english")


def fold(text: str) -> str:
    """The text in lower case and without accents, as the words index stores it."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


def terms(question: str) -> list[str]:
    """The different words of a question, in order, without stop words; with them where nothing else is left."""
    every = list(dict.fromkeys(part for word in _WORD.findall(fold(question)) for part in word.split("_") if part))
    kept = [word for word in every if word not in STOP_WORDS]
    return (kept or every)[:MOST_TERMS]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of a folded English word (Snowball), so that "killed" meets "kill"."""
    return str(_STEMMER.stemWord(word))


def stems(text: str) -> list[str]:
    """The stems of all words of a text, in order, without stop words."""
    return [stem(word) for word in _WORD.findall(fold(text)) if word not in STOP_WORDS]
