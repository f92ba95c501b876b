"""The numbers and bullets that Word draws in front of paragraphs; the file holds only the rules for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from index.loaders.docx.styles import attribute, child

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))
_ROMAN_ONES = ((9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_HIGHEST = 5_000


@dataclass(frozen=True, slots=True)
class _Level:
    style: str
    text: str
    start: int


class Numbering:
    """Counts the lists of one document; `label` must be asked in the order of the text."""

    def __init__(self, root: Any) -> None:
        self._levels: dict[tuple[str, int], _Level] = {}
        self._linked: dict[tuple[str, str], int] = {}
        self._lists: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if root is None:
            return
        for plan in root.iter("{*}abstractNum"):
            self._read(attribute(plan, "abstractNumId"), plan)
        for number in root.iter("{*}num"):
            plan = child(number, "abstractNumId")
            if plan is not None:
                self._lists[attribute(number, "numId")] = attribute(plan, "val")

    def level(self, number: str, style: str) -> int:
        """The depth in a list, from 0, that belongs to a paragraph style."""
        return self._linked.get((self._lists.get(number, ""), style), 0)

    def label(self, number: str, depth: int) -> str:
        """What stands in front of the next paragraph of list `number` at `depth`, from 0; a bullet where unknown."""
        plan = self._lists.get(number, "")
        level = self._levels.get((plan, depth))
        if level is None or level.style == "bullet":
            return "•"
        counts = self._counts.setdefault(plan, {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [found for found in counts if found > depth]:
            del counts[deeper]
        return re.sub(r"%([1-9])", lambda match: self._count(plan, int(match.group(1)) - 1), level.text).strip()

    def _count(self, plan: str, depth: int) -> str:
        level = self._levels.get((plan, depth), _Level("decimal", "", 1))
        return _written(self._counts[plan].get(depth, level.start), level.style)

    def _read(self, plan: str, root: Any) -> None:
        for entry in root.iter("{*}lvl"):
            depth = attribute(entry, "ilvl")
            if not re.fullmatch(r"[0-8]", depth):
                continue
            style, text, start = (_value(entry, name) for name in ("numFmt", "lvlText", "start"))
            first = int(start) if re.fullmatch(r"[0-9]{1,4}", start) else 1
            self._levels[plan, int(depth)] = _Level(style or "decimal", text, first)
            if linked := _value(entry, "pStyle"):
                self._linked[plan, linked] = int(depth)


def _value(element: Any, name: str) -> str:
    found = child(element, name)
    return attribute(found, "val") if found is not None else ""


def _written(number: int, style: str) -> str:
    """The number in the given style; in digits where the style is none of Latin letters or Roman numerals."""
    if style in ("lowerLetter", "upperLetter") and number > 0:
        letters = chr(ord("a") + (number - 1) % 26) * (1 + (number - 1) // 26)
        return letters.upper() if style == "upperLetter" else letters
    if style in ("lowerRoman", "upperRoman") and 0 < number < _HIGHEST:
        roman = ""
        for value, sign in _ROMAN + _ROMAN_ONES:
            roman += sign * (number // value)
            number %= value
        return roman.upper() if style == "upperRoman" else roman
    return "" if style == "none" else f"0{number}" if style == "decimalZero" and number < 10 else str(number)
