"""The words of texts and questions, as they are searched: folded, in any script, with their forms."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import regex
import Stemmer

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
_WORD = regex.compile(r"[\p{L}\p{N}\p{M}]+")
# Scripts that are written without blanks between words, or (Hangul) with endings that no blank sets apart.
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]+")
# In C, so that two threads may use it at once: of the pure Python one, which keeps the word that it works on in itself,
# 45 of 14,826 stems came out as another word's. It is also 14 times as fast; 62,437 words have the same stems by both.
_STEMMER = Stemmer.Stemmer("english", maxCacheSize=0)


def fold(text: str) -> str:
    """The text without case, accents, vowel points and differences of width."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in parts if not unicodedata.combining(c)))


def indexed(text: str) -> str:
    """The text as the words index takes it: its words folded, and each as its stem."""
    return str(_WORD.sub(lambda word: stem(word.group()), _apart(text)))


def words(text: str) -> list[str]:
    """All words of a text, folded, in order; pairs of characters where no blanks stand between words."""
    found: list[str] = _WORD.findall(_apart(text))
    return found


def terms(question: str) -> list[str]:
    """The different words of a question, in order, without stop words; with them where nothing else is left."""
    every = list(dict.fromkeys(words(question)))
    kept = [word for word in every if word not in STOP_WORDS]
    return (kept or every)[:MOST_TERMS]


def lone(term: str) -> bool:
    """Whether a term is a single character of a script without blanks, which stands in pairs in the index."""
    return len(term) == 1 and _UNSPACED.fullmatch(term) is not None


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of a folded English word (Snowball), so that "killed" meets "kill"."""
    return str(_STEMMER.stemWord(word))


def stems(text: str) -> list[str]:
    """The stems of all words of a text, in order, without stop words."""
    return [stem(word) for word in words(text) if word not in STOP_WORDS]


def _apart(text: str) -> str:
    """The text folded, and in pairs of characters where no blanks stand between words."""
    folded = fold(text)
    return folded if folded.isascii() else _UNSPACED.sub(lambda run: f" {' '.join(_pairs(run.group()))} ", folded)


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]
