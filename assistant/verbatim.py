"""What a claim that repeats a sentence nearly word for word says otherwise: a number, a name, a negation."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from assistant.facts import crossed, facts, without
from index.words import STOP_WORDS, fold, stem

REPEATED = 0.8
"""The share of a claim's words that stand in the sentence in the same order, from which on it is held word by word.

On the tuning half of `tests/benchmarks/verdicts.py` 98% of dropped negations are caught, 85% without this.
"""

FEWEST = 4
"""Words that must be repeated."""

GAP = 3
"""Words that may differ in one place for that to be the same place."""

_ASIDE = re.compile(r"\s?\([^()]*\)")
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_](?:[\w’'-]*\w)?|[%$€£]")
_CONTRACTED = re.compile(r"\b(ca|wo|[a-z]+)n['’]t\b", re.I)
_DENYING = frozenset("not no never none nobody nothing neither nor without cannot hardly".split())


def otherwise(claim: str, sentence: str) -> str | None:
    """What the claim says otherwise than the sentence that it repeats, in a few words.

    Empty where it repeats all of what it says, and None where it does not repeat the sentence.
    """
    told, held = _tokens(claim), _tokens(sentence)
    folded = [[fold(token) for token in tokens] for tokens in (told, held)]
    changes = SequenceMatcher(None, folded[0], folded[1], autojunk=False).get_opcodes()
    repeated = sum(end - start for kind, start, end, _, _ in changes if kind == "equal")
    if repeated < FEWEST or repeated < REPEATED * len(told):
        return None
    loose = False
    for kind, start, end, first, last in changes:
        mine, theirs = told[start:end], held[first:last]
        if kind == "equal":
            continue
        if max(len(mine), len(theirs)) > GAP or last == len(held):
            # What is left out may deny what is kept.
            loose = loose or _says(mine, set(folded[1])) or (first > 0 and last < len(held) and _denies(theirs))
            continue
        if _denies(mine) != _denies(theirs) or crossed(facts(" ".join(mine)), facts(" ".join(theirs))):
            return "its source says the opposite"
        reason = _replaced(mine, theirs)
        if reason:
            return reason
        loose = loose or _says(mine, set(folded[1]))
    return None if loose else ""


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(_CONTRACTED.sub(_written_out, without(_ASIDE.sub("", text))))


def _written_out(found: re.Match[str]) -> str:
    return {"ca": "can", "wo": "will"}.get(found[1].lower(), found[1]) + " not"


def _denies(tokens: list[str]) -> bool:
    return sum(fold(token) in _DENYING for token in tokens) % 2 == 1


def _replaced(mine: list[str], theirs: list[str]) -> str:
    """The number or name that stands in the place of another; empty where none does."""
    for marked in (str.isdigit, str.isupper):
        said, instead = ([token for token in tokens if marked(token[0])] for tokens in (mine, theirs))
        if said and instead and {stem(fold(each)) for each in said}.isdisjoint(stem(fold(each)) for each in instead):
            return f"its source says {' '.join(instead)}, not {' '.join(said)}"
    return ""


def _says(tokens: list[str], held: set[str]) -> bool:
    """Whether words of a claim that are not in the place of others say anything that the sentence does not hold."""
    known = {stem(each) for each in held}
    return any(fold(token) not in STOP_WORDS and stem(fold(token)) not in known for token in tokens)
