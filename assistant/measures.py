"""Amounts, dates and times of day that two sentences can be compared by, and which of two is more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.amounts import amounts
from index.words import fold, stems

TIME, LENGTH, MASS, MONEY, DATE, CLOCK = "time", "length", "mass", "money", "date", "clock"

_UNITS = {
    TIME: {"day": 1.0, "minut": 1 / 1440, "min": 1 / 1440, "second": 1 / 86400, "month": 30.44},
    LENGTH: {
        **{"metre": 1.0, "m": 1.0, "kilometre": 1000.0, "centimetre": 0.01, "millimetre": 0.001, "metr": 1.0},
        **{"kilometr": 1000.0, "centimetr": 0.01, "millimetr": 0.001, "mile": 1609.34, "feet": 0.3048, "inch": 0.0254},
    },
    MASS: {"gram": 1.0, "kilogram": 1000.0, "tonn": 1e6, "ton": 1e6},
    **{f"{MONEY} {unit}": {unit: 1.0, sign: 1.0} for unit, sign in (("euro", "€"), ("dollar", "$"), ("pound", "£"))},
}
"""What a unit's stem is of the smallest one of its kind; amounts in other units are told apart by the unit itself."""

_MONTHS = {name: at for at, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)}
_MONTH = (
    r"(?P<{0}>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|"
    r"Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_YEAR = r"(?:1\d{3}|20\d{2})(?![\d%]|[.,]\d|-\d|\s[a-z]+s\b)"
_DATES = re.compile(
    r"\b(?P<y1>\d{4})-(?P<m1>\d{2})-(?P<d1>\d{2})\b"
    rf"|\b(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH.format('m2')}(?:,? (?P<y2>{_YEAR}))?"
    rf"|\b{_MONTH.format('m3')} (?P<d3>\d{{1,2}})(?!\d)(?:st|nd|rd|th)?(?:,? (?P<y3>{_YEAR}))?"
    rf"|\b{_MONTH.format('m4')},? (?P<y4>{_YEAR})"
    rf"|(?<![\d$€£.,])\b(?P<y5>{_YEAR})"
)
_CLOCKS = re.compile(r"\b(\d{1,2})(?:[:.](\d{2}))?\s*(a\.?m\b|p\.?m\b|o'clock)|\b(\d{1,2}):(\d{2})\b", re.IGNORECASE)
_UNIT_BEHIND = re.compile(r"(?:[ -](?:hundred|thousand|million|billion))?(?:\s?[%€]|[ -][^\W\d_]+)?")


@dataclass(frozen=True, slots=True)
class Measure:
    """An amount or a date at `start` of its text, as it is written there.

    `kinds` are what it may be compared in: a kind above or the stem of a unit, each with its value in it. `parts` are a
    date's year, month and day, 0 where it does not say; a time of day's only part is its minutes.
    """

    start: int
    text: str
    kinds: tuple[tuple[str, float], ...] = ()
    parts: tuple[int, ...] = ()

    def against(self, other: Measure) -> float | None:
        """How much more this is than the other, 0 where it is the same; None where they cannot be compared."""
        if self.parts or other.parts:
            return _later(self.parts, other.parts)
        values = dict(other.kinds)
        return next((value - values[kind] for kind, value in self.kinds if kind in values), None)

    def of(self, kind: str) -> bool:
        """Whether it is of a kind such as `MONEY`."""
        if self.parts:
            return kind == (DATE if len(self.parts) == 3 else CLOCK)
        return any(each.split()[0] == kind for each, _ in self.kinds)


def measures(text: str) -> list[Measure]:
    """The amounts, dates and times of day of a text, in order."""
    found = [*_dates(text), *_clocks(text)]
    taken = [(each.start, each.start + len(each.text)) for each in found]
    at = 0
    for amount in amounts(text):
        place = re.compile(rf"(?<![^\W_]){re.escape(amount.text)}").search(text, at)
        # "A month" behind a price is its rate.
        if place is None or "ordinal" in amount.units or amount.text.lower() == "a":
            continue
        at = place.end()
        if any(start <= place.start() < end for start, end in taken):
            continue
        behind = _UNIT_BEHIND.match(text, at)
        whole = text[place.start() : behind.end() if behind else at]
        beside = amount.units & set(stems(whole[len(amount.text) :]))
        known = any(unit in scales for scales in _UNITS.values() for unit in amount.units)
        found.append(Measure(place.start(), whole, _kinds(amount.value, amount.units if known else beside)))
    return sorted(found, key=lambda each: each.start)


def inherited(measured: Sequence[Measure]) -> list[Measure]:
    """Amounts of one sentence, those without a unit in that of the first: "six days, the other for two"."""
    first = next((each for each in measured if any(kind in _UNITS for kind, _ in each.kinds)), None)
    if first is None:
        return list(measured)
    kind, value = next(pair for pair in first.kinds if pair[0] in _UNITS)
    number = next((each.value for each in amounts(first.text.split()[0])), 0.0)
    scale = value / number if number else 0.0
    return [
        Measure(each.start, each.text, ((kind, scale * next((a.value for a in amounts(each.text)), 0.0)),))
        if scale and not each.parts and not each.kinds
        else each
        for each in measured
    ]


def _kinds(value: float, units: frozenset[str]) -> tuple[tuple[str, float], ...]:
    known = [(kind, value * scales[unit]) for kind, scales in _UNITS.items() for unit in units if unit in scales]
    return tuple(known or ((unit, value) for unit in sorted(units - {"date"})))


def _dates(text: str) -> list[Measure]:
    found = []
    for match in _DATES.finditer(text):
        told = {name[0]: each for name, each in match.groupdict().items() if each}
        month = told.get("m", "0")
        parts = (int(told.get("y", 0)), _MONTHS.get(fold(month)[:3]) or int(month), int(told.get("d", 0)))
        found.append(Measure(match.start(), match.group(), parts=parts))
    return found


def _clocks(text: str) -> list[Measure]:
    found = []
    for match in _CLOCKS.finditer(text):
        hours, minutes = int(match[1] or match[4]), int(match[2] or match[5] or 0)
        half = (match[3] or "").lower()[:1]
        hours = hours % 12 + 12 if half == "p" else 0 if half == "a" and hours == 12 else hours
        found.append(Measure(match.start(), match.group(), parts=(60 * hours + minutes,)))
    return found


def _later(one: tuple[int, ...], other: tuple[int, ...]) -> float | None:
    """How much later: told by the first part in which they differ; None where one of them does not say that part."""
    if len(one) != len(other):
        return None
    for mine, theirs in zip(one, other, strict=True):
        if bool(mine) != bool(theirs) and len(one) == 3:
            return None
        if mine != theirs:
            return float(mine - theirs)
    return 0.0
