"""The numbers of a sentence with what they are of, in one unit for each kind of thing: two weeks are 14 days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.words import STOP_WORDS, fold, stem

_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_SPELLED = {word: float(value) for value, word in enumerate(_WORDS)} | {w: float(v) for w, v in _TENS.items()}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "dozen": 12.0}
_ORDINALS = {word: float(value) for value, word in enumerate("first second third fourth fifth".split(), start=1)}
SPELLED = frozenset((*_SPELLED, *_ORDINALS, *_SCALES))
"""Words that are numbers."""

_NUMBER = re.compile(
    rf"(?P<sign>[$€£¥]\s?)?(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:[.:]\d+)?)"
    rf"|\b(?:(?P<tens>{'|'.join(['twenty', *_TENS])})[- ])?(?P<word>{'|'.join([*_SPELLED, *_ORDINALS])})\b"
    r"|\ba(?= (?:week|fortnight|month|decade|century)\b)",
    re.I,
)
_AFTER = re.compile(r"[\s-]*(?P<unit>%|°\s?[CF]|[^\W\d_]+)")
_BEFORE = re.compile(r"([^\W\d_]+)[\s-]*$")
_EVENING = re.compile(r"\s*(?:p\.?m\b|(?:o'clock )?(?:in the (?:evening|afternoon)|at night))", re.I)
_ROUGH = re.compile(r"\b(?:about|around|roughly|nearly|almost|approximately|some|circa|over|more than)\s+$", re.I)
_SHORT = {
    "cm": "centimetre",
    "mm": "millimetre",
    "km": "kilometre",
    "kg": "kilogram",
    "kilo": "kilogram",
    "g": "gram",
    "l": "litre",
    "h": "hour",
    "min": "minute",
    "centimeter": "centimetre",
    "kilometer": "kilometre",
    "millimeter": "millimetre",
    "liter": "litre",
    "meter": "metre",
}
_SAME = {
    "hour": ("day", 1 / 24),
    "week": ("day", 7),
    "fortnight": ("day", 14),
    "year": ("month", 12),
    "decade": ("month", 120),
}
"""What a unit is of a smaller one."""

UNITS = frozenset(stem(each) for each in (*_SHORT, *_SHORT.values(), *_SAME, "day", "month"))
"""Stems of units that are counted in others, or written in two ways: what is held is the amount."""

NEAR = 0.05
"""How far a number of a claim that says "about" may be from the one of its source, as a share of it."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and what it is of: `units` are the stems of the words beside it, a sign or a mark, `text` as written.

    `rough` says that it is called a rough one, as by "about".
    """

    value: float
    units: frozenset[str]
    text: str
    rough: bool = False

    def same(self, other: Amount) -> bool:
        """Whether a claim that says this amount says what its source, `other`, does."""
        room = NEAR * abs(other.value) if self.rough and not other.rough else 1e-9
        return abs(self.value - other.value) <= room


def amounts(text: str) -> Iterator[Amount]:
    """The amounts of a text, in order."""
    for found in _NUMBER.finditer(text):
        word = (found["word"] or "").lower()
        # "one of", "no one" count nothing.
        if word == "one" and text[found.end() : found.end() + 3] in (" of", " an", ""):
            continue
        value, end = _value(found), found.end()
        after = _AFTER.match(text, end)
        if after and fold(after["unit"]) in _SCALES:
            value *= _SCALES[fold(after["unit"])]
            end = after.end()
            after = _AFTER.match(text, end)
        evening = _EVENING.match(text, end)
        if evening and value < 12:
            value, after = value + 12, None
        units = {"ordinal"} if word in _ORDINALS else set()
        for each in (after["unit"] if after else "", _before(text, found.start())):
            unit = _unit(each) if each else ""
            if unit in _SAME and each == (after and after["unit"]) and "ordinal" not in units:
                unit, times = _SAME[unit]
                value *= times
            units |= {unit} if unit else set()
        if re.fullmatch("1[0-9]{3}|20[0-9]{2}", found["digits"] or ""):
            units.add("date")
        if found["sign"]:
            units.add(found["sign"].strip())
        rough = bool(_ROUGH.search(text[max(0, found.start() - 16) : found.start()]))
        yield Amount(value, frozenset(units), found.group(), rough)


def _before(text: str, start: int) -> str:
    found = _BEFORE.search(text[max(0, start - 30) : start])
    return found[1] if found else ""


def _unit(word: str) -> str:
    """The stem of a word that may be a unit, written out; empty for a word that says nothing."""
    folded = fold(word).replace(" ", "")
    if folded in ("percent", "percentage"):
        return "%"
    folded = _SHORT.get(folded, folded)
    if folded.endswith("s") and folded[:-1] in {*_SHORT.values(), *_SHORT, *_SAME}:
        folded = _SHORT.get(folded[:-1], folded[:-1])
    return "" if folded in STOP_WORDS else folded if folded in _SAME else stem(folded)


def _value(found: re.Match[str]) -> float:
    if not found["digits"]:
        word = (found["word"] or "one").lower()
        return _SPELLED.get(word, _ORDINALS.get(word, 0.0)) + (_SPELLED[found["tens"].lower()] if found["tens"] else 0)
    hours, colon, minutes = found["digits"].partition(":")
    return float(hours) + float(minutes) / 60 if colon else float(hours.replace(",", ""))
