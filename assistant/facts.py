"""What a sentence commits itself to, found without a model: amounts, dates, names, negation and opposites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from index.words import STOP_WORDS, fold, stem, stems

_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_SPELLED = {word: float(value) for value, word in enumerate(_WORDS)} | {w: float(v) for w, v in _TENS.items()}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "dozen": 12.0}
_ORDINALS = {word: float(value) for value, word in enumerate("first second third fourth fifth".split(), start=1)}
_NUMBER = re.compile(
    rf"(?P<sign>[$€£¥]\s?)?(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:[.:]\d+)?)"
    rf"|\b(?:(?P<tens>{'|'.join(['twenty', *_TENS])})[- ])?(?P<word>{'|'.join([*_SPELLED, *_ORDINALS])})\b",
    re.I,
)
_AFTER = re.compile(r"[\s-]*(?P<unit>%|°\s?[CF]|[^\W\d_]+)")
_BEFORE = re.compile(r"([^\W\d_]+)[\s-]*$")

_TOKEN = re.compile(r"[^\W\d_][\w'’-]*")
_SENTENCE = re.compile(r"(?:^|[.!?:;]\s+[\"'“‘(]*)$")

_NOT = frozenset(
    "not no never none nobody nothing neither nor without cannot hardly lacks lack lacked fails fail failed".split()
)
# Turns of phrase whose words mean something else than by themselves.
_TURNS = re.compile(
    r"\b(?:no |not )?(?:more|less|fewer|later|earlier|higher|lower) than\b|\bat (?:least|most|once|first)\b"
    r"|\b(?:the )?first time\b|\bno one\b|\bnot only\b|\b(?:not|no) .{0,20}\bunless\b",
    re.I,
)
_NEGATED = re.compile(r"n['’]t$")
_OPPOSITES = (
    "rise rose risen increase grow grew gain higher highest more upward exceed advance improve|"
    "fall fell fallen decrease shrink shrank loss lower lowest less fewer downward decline retreat worsen reduce drop",
    "allow permit|forbid prohibit ban",
    "before|after",
    "open|close shut",
    "add include join enter begin start adopt|remove exclude exit end cease abandon",
    "guilty convict|acquit innocent",
    "accept approve agree|reject refuse deny decline",
    "early earlier earliest|late later latest",
    "always|never",
    "longer longest|shorter shortest",
    "same equal|different differ",
    "win won|lose lost",
    "north northern|south southern",
    "east eastern|west western",
    "enhance promote activate upregulate|inhibit impair suppress block downregulate",
    "high|low",
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and what it is of: `units` are the stems of the words beside it, a sign or a mark, `text` as written."""

    value: float
    units: frozenset[str]
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a stretch of text; `words` are the stems of what is left, `sides` the opposites it takes part in."""

    words: frozenset[str]
    amounts: tuple[Amount, ...]
    names: frozenset[str]
    negated: bool
    sides: frozenset[tuple[int, int]]


@lru_cache(maxsize=4_096)
def facts(text: str, known: frozenset[str] = frozenset()) -> Facts:
    """What a sentence, or a part of one, commits itself to; `known` are stems that are names wherever they stand."""
    plain = _TURNS.sub(" ", text.replace("\u00a0", " "))
    amounts = tuple(_amounts(plain))
    names = frozenset(_names(plain))
    tokens = [fold(token) for token in _TOKEN.findall(plain)]
    negated = sum(token in _NOT or bool(_NEGATED.search(token)) for token in tokens) % 2 == 1
    spelled = {*_SPELLED, *_ORDINALS, *_SCALES}
    words = frozenset(each for each in stems(plain) if each not in spelled and not each.isdigit())
    return Facts(words, amounts, names | (words & known), negated, frozenset(_sides(tokens)))


def _amounts(text: str) -> Iterator[Amount]:
    for found in _NUMBER.finditer(text):
        word = (found["word"] or "").lower()
        value = _value(found["digits"]) if found["digits"] else _SPELLED.get(word, _ORDINALS.get(word, 0.0))
        value += _SPELLED[found["tens"].lower()] if found["tens"] else 0.0
        # "one of", "no one" count nothing.
        if word == "one" and text[found.end() : found.end() + 3] in (" of", " an", ""):
            continue
        units = {"ordinal"} if word in _ORDINALS else set()
        after = _AFTER.match(text, found.end())
        if after and fold(after["unit"]) in _SCALES:
            value *= _SCALES[fold(after["unit"])]
            after = _AFTER.match(text, after.end())
        if after:
            units |= _unit(after["unit"])
        before = _BEFORE.search(text[max(0, found.start() - 30) : found.start()])
        if before:
            units |= _unit(before[1])
        if re.fullmatch("1[0-9]{3}|20[0-9]{2}", found["digits"] or ""):
            units.add("year")
        if found["sign"]:
            units.add(found["sign"].strip())
        yield Amount(value, frozenset(units), found.group())


def _unit(word: str) -> set[str]:
    """The stem of a word that may be a unit; nothing for a word that says nothing."""
    folded = fold(word).replace(" ", "")
    if folded in ("percent", "percentage"):
        return {"%"}
    return set() if folded in STOP_WORDS else {stem(folded)}


def _value(digits: str) -> float:
    hours, colon, minutes = digits.partition(":")
    if colon:
        return float(hours) + float(minutes) / 60
    return float(digits.replace(",", ""))


def _names(text: str) -> Iterator[str]:
    """Words with a capital that do not owe it to the beginning of a sentence, folded."""
    for found in _TOKEN.finditer(text):
        word = found.group()
        if not word[0].isupper() or fold(word) in STOP_WORDS or len(word) < 2:
            continue
        first = _SENTENCE.search(text[max(0, found.start() - 6) : found.start()])
        following = _TOKEN.match(text, found.end() + 1)
        if not first or (following and following.group()[0].isupper()) or not word[1:].islower():
            yield stem(fold(re.sub(r"['’]s$", "", word)))


def _sides(tokens: list[str]) -> Iterator[tuple[int, int]]:
    """The pairs of opposites of which one side is taken, as (pair, side)."""
    roots = {stem(token) for token in tokens}
    for number, sides in enumerate(_roots()):
        held = [bool(roots & side) for side in sides]
        if held[0] != held[1]:
            yield number, held.index(True)


@lru_cache(maxsize=1)
def _roots() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    pairs = (pair.split("|") for pair in _OPPOSITES)
    return tuple((frozenset(map(stem, one.split())), frozenset(map(stem, other.split()))) for one, other in pairs)
