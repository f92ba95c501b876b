"""Which side of a comparison its evidence favours: by amounts or dates on both sides, or by a sentence that decides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.measures import CLOCK, DATE, LENGTH, MASS, MONEY, TIME, Measure, inherited, measures
from index.words import STOP_WORDS, fold, stem, stems, words

COVERED = 0.5
"""The share of the question's own words that a sentence on one side must hold to decide for it."""

APART = 6
"""Words in which two sentences on the same attribute may differ, their names and values among them."""

_MORE = {
    "amount": ("more most greater greatest higher highest bigger biggest larger largest wider widest deeper deepest "
               "warmer warmest hotter hottest", "less least fewer fewest lower lowest smaller smallest narrower "
               "shallower colder coldest cooler"),
    "long": ("longer longest", "shorter shortest"),
    "tall": ("taller tallest farther farthest further furthest", "closer closest nearer nearest"),
    "heavy": ("heavier heaviest", "lighter lightest"),
    "cost": ("dearer dearest expensive", "cheaper cheapest"),
    "old": ("older oldest", "younger youngest newer newest"),
    "when": ("later latest last recent recently", "earlier earliest first sooner soonest"),
    "fast": ("faster fastest quicker quickest", "slower slowest"),
}  # fmt: skip
_ASKED = {
    word: (axis, 1 - 2 * at) for axis, pair in _MORE.items() for at, each in enumerate(pair) for word in each.split()
}
_KINDS: dict[str, tuple[str, ...]] = {
    "long": (TIME, LENGTH),
    "tall": (LENGTH,),
    "heavy": (MASS,),
    "cost": (MONEY,),
    "old": (DATE, TIME),
    "when": (DATE, CLOCK),
    "fast": (TIME, LENGTH, "knot", "mph"),
}
_HOW = {"long": "long", "tall": "tall", "heavy": "heavy", "old": "old", "fast": "fast"}
_POSITIVE = {
    word: how
    for how, each in (
        ("high", "higher highest lower lowest"),
        ("large", "bigger biggest larger largest smaller smallest"),
        ("wide", "wider widest narrower"),
        ("deep", "deeper deepest shallower"),
        ("warm", "warmer warmest hotter hottest colder coldest cooler"),
    )
    for word in each.split()
}
_BARE: dict[str, tuple[str, ...]] = {"high": (LENGTH,), "wide": (LENGTH,), "deep": (LENGTH,), "warm": ("degre",)}
"""What is meant by itself: higher by metres, warmer by degrees."""
_COSTS = re.compile(r"\b(?:costs?|pays?|paid|earns?|price|priced|rent|fee|salary)\b", re.IGNORECASE)
_COUNTING = frozenset("more most less least fewer fewest".split())
_NOT_IT = re.compile(
    r"\b(?:not|never|no|without|nor|rather than|instead of|n['’]t)(?: \w+){0,2} $|n['’]t(?: \w+){0,2} $", re.I
)
_THANS = tuple(re.compile(rf"\b(?:(more|less) )?(\w+){noun} than\b", re.IGNORECASE) for noun in ("", r" \w+"))
"""What is said of two things: "longer than", or "longer legs than"."""
_DENIES = re.compile(r"\b(?:not|no|never|neither|without|cannot|excludes?|except)\b|n['’]t\b", re.IGNORECASE)
_EQUAL = re.compile(r"\b(?:both|either|neither|each|same|equally|as \w+ as)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a comparison asks for: `axis` is a key of `_MORE`, `sign` 1 for more or later and -1 for less or earlier.

    `noun` is the stem of what there is more of, empty where it is not counted; `how` is "high" for higher or lower.
    `rest` are the stems that the question says beside: what is larger.
    """

    axis: str
    sign: int
    noun: str = ""
    how: str = ""
    rest: frozenset[str] = frozenset()


def asks(question: str, sides: Sequence[str] = ()) -> Asked | None:
    """What is compared, such as "longer"; None where no word tells."""
    found = words(question)
    for at, word in enumerate(found):
        if word not in _ASKED:
            continue
        axis, sign = _ASKED[word]
        after = found[at + 1] if at + 1 < len(found) else ""
        if word in _COUNTING and after in ("expensive", "recent", "recently"):
            axis, more = _ASKED[after]
            return Asked(axis, more if sign > 0 else -more)
        if word in _COUNTING and _COSTS.search(question):
            return Asked("cost", sign)
        named = {stem(each) for side in sides for each in words(side)} | {stem(each) for each in _ASKED}
        rest = frozenset(stems(question)) - named
        noun = stem(after) if word in _COUNTING and stem(after) in rest else ""
        return Asked(axis, sign, noun, _POSITIVE.get(word, ""), rest)
    return None


def put(question: str, side: str, other: str, asked: Asked) -> str:
    """The question of one side alone, as the trained reader knows them: "How long is the Corolla?"."""
    if asked.axis == "cost":
        return f"How much does {side} cost?"
    gone = set(words(other)) | set(words(side)) | set(_ASKED) | {"or", "which", "who", "what", "the"}
    rest = " ".join(word for word in words(question) if word not in gone)
    if asked.axis == "when":
        return f"When {rest or 'was'} {side}?"
    if asked.axis == "old" and question.lower().startswith("who"):
        return f"When was {side} born?"
    how = _HOW.get(asked.axis) or asked.how or (f"many {asked.noun}" if asked.noun else "much")
    return f"How {how} {rest or 'is'} {side}?"


def own(side: str, other: str) -> set[str]:
    """The stems that name one side and not the other; all of the side's where it has none of its own."""
    named = {stem(word) for word in words(side) if word not in STOP_WORDS}
    return named - {stem(word) for word in words(other)} or named


def compared(
    asked: Asked, sides: Sequence[str], texts: Sequence[Sequence[tuple[str, str]]]
) -> tuple[int, Measure, Measure] | None:
    """The place of the side that is what was asked for, and what each side's sentences say; -1 where both say the same.

    `texts` are for each side its sentences, best first, with what was marked in each. None where nothing is comparable.
    """
    for one, first in texts[0]:
        for other, second in texts[1]:
            pair = _pair(asked, sides, (one, other), (first, second))
            if pair:
                more = (pair[0].against(pair[1]) or 0.0) * _sign(asked, pair[0])
                return (-1 if not more else int(more < 0)), *pair
    return None


def _sign(asked: Asked, measure: Measure) -> int:
    """What is older began earlier, and what is faster takes less time."""
    turned = (asked.axis == "old" and bool(measure.parts)) or (asked.axis == "fast" and measure.of(TIME))
    return -asked.sign if turned else asked.sign


def _pair(
    asked: Asked, sides: Sequence[str], texts: tuple[str, str], marked: tuple[str, str]
) -> tuple[Measure, Measure] | None:
    """The only two amounts that can be compared, of all or of those that were marked."""
    needed = {asked.noun} if asked.noun else asked.rest if asked.axis == "amount" else set()
    if needed and any(needed.isdisjoint(stems(text)) for text in texts):
        return None
    every = [[m for m in _of_side(texts[at], sides[at], sides[1 - at]) if _fits(asked, m)] for at in (0, 1)]
    for choice in (
        every,
        [[m for m in every[at] if m.text.split()[0] in marked[at]] for at in (0, 1)],
        [[m for m in every[at] if asked.noun and any(kind == asked.noun for kind, _ in m.kinds)] for at in (0, 1)],
    ):
        pairs = [(a, b) for a in choice[0] for b in choice[1] if a.against(b) is not None]
        if len(pairs) == 1:
            return pairs[0]
    return None


def _fits(asked: Asked, measure: Measure) -> bool:
    if asked.axis not in _KINDS and asked.rest:
        return not measure.parts
    return any(measure.of(kind) for kind in _KINDS.get(asked.axis, _BARE.get(asked.how, ())))


def _of_side(text: str, side: str, other: str) -> list[Measure]:
    """The amounts of a sentence that are one side's: all, or where it names both those next to its name."""
    mine, theirs = (_places(text, own(*pair)) for pair in ((side, other), (other, side)))
    found = inherited(measures(text))
    if not mine or not theirs:
        return found
    names = sorted([(mine[0], True), (theirs[0], False)])
    between = [m for m in found if names[0][0] < m.start < names[1][0]]
    before, behind = ([m for m in found if m.start < names[0][0]], [m for m in found if m.start > names[1][0]])
    if before:
        return before if names[0][1] else between
    if not between and len(behind) == 2:
        return [behind[0 if names[0][1] else 1]]
    return between if names[0][1] else behind


def _places(text: str, named: set[str]) -> list[int]:
    """Where the words of a name stand in a text; nowhere unless it holds them all."""
    found = [(m.start(), stem(fold(m.group()))) for m in re.finditer(r"[^\W_]+", text)]
    return [at for at, each in found if each in named] if named <= {each for _, each in found} else []


def stated(asked: Asked, sides: Sequence[str], text: str) -> int | None:
    """The place of the side that a sentence with "longer than" or "before" says it is; None where none does."""
    places = [_places(text, own(sides[at], sides[1 - at])) for at in (0, 1)]
    if not all(places) or _DENIES.search(text) or _EQUAL.search(text):
        return None
    first, last = (0, 1) if places[0][0] < places[1][0] else (1, 0)
    between = text[places[first][0] : places[last][0]]
    if asked.axis in ("when", "old") and re.search(r"\b(?:before|after)\b", between):
        sooner = first if re.search(r"\bbefore\b", between) else last
        return sooner if _sign(asked, Measure(0, "", parts=(1,))) < 0 else 1 - sooner
    for than in _THANS:
        told = than.search(between)
        axis, sign = _ASKED.get(fold(told[2]), ("", 0)) if told else ("", 0)
        if told and axis == asked.axis:
            return first if (-sign if told[1] == "less" else sign) == asked.sign else last
    return None


def decides(question: str, sides: Sequence[str], text: str, marked: str) -> int | None:
    """The place of the side that one sentence decides for: the only one it names, or that is marked and not denied."""
    rest = {each for each in stems(question) if each not in own(*sides) | own(*reversed(sides))}
    if rest and len(rest & set(stems(text))) < COVERED * len(rest):
        return None
    places = [_places(text, own(sides[at], sides[1 - at])) for at in (0, 1)]
    named = [at for at in (0, 1) if places[at]]
    if _EQUAL.search(text) and len(named) != 1:
        return None
    denied = [at for at in named if _NOT_IT.search(f"{text[: places[at][0]]}")]
    left = [at for at in named if at not in denied]
    if len(named) == 1:
        return named[0] if not _DENIES.search(text) else None
    if len(named) == 2 and len(denied) == 1:
        return left[0]
    held = [at for at in left if _places(marked, own(sides[at], sides[1 - at]))]
    return held[0] if len(held) == 1 and not _DENIES.search(text) else None


def common(sides: Sequence[str], texts: Sequence[Sequence[str]]) -> str:
    """What both sides' sentences say in one unit, such as "12 months against 24 months"; else empty."""
    first, second = (texts[at][0] for at in (0, 1))
    pairs = [
        (one, other)
        for one in _of_side(first, sides[0], sides[1])
        for other in _of_side(second, sides[1], sides[0])
        if one.kinds and one.against(other) is not None
    ]
    alike = len(pairs) == 1 and len(set(stems(first)) ^ set(stems(second))) <= APART
    return f"{pairs[0][0].text} against {pairs[0][1].text}." if alike else ""
