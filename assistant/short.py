"""The shortest answer inside a sentence: what kind of thing a question asks for, and the stretch that is one."""

from __future__ import annotations

import re

from index.words import STOP_WORDS, fold, stem, stems

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_NUMBER_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|dozens?|none)"
)
_NUMBER = rf"(?:[$€£¥]\s?)?\d[\d,.]*\d%?|(?:[$€£¥]\s?)?\d%?|\b{_NUMBER_WORD}(?:[- ]{_NUMBER_WORD})*\b"
_UNIT = r"(?:\s?(?:%|percent|per cent|million|billion|thousand|hundred))?"
_NAME = r"(?:[A-ZÀ-Þ][\w'’.&-]*)(?:\s+(?:(?:of|the|de|van|von|der|for|and|du|la|al)\s+){0,2}[A-ZÀ-Þ][\w'’.&-]*)*"

PATTERNS = {
    "date": re.compile(
        rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?)?{_MONTH}(?:\s+\d{{1,2}}(?:st|nd|rd|th)?\b)?(?:,?\s+\d{{4}})?"
        r"|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\b(?:1[0-9]|20)\d{2}s?\b"
        r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
        rf"|\b(?:more than |less than |about )?(?:an?|{_NUMBER_WORD}|\d+)\s+(?:days?|weeks?|months?|years?|hours?)\s+"
        r"(?:ago|before|after|later|earlier)\b"
    ),
    "number": re.compile(rf"(?:{_NUMBER}){_UNIT}", re.IGNORECASE),
    "money": re.compile(
        rf"(?:[$€£¥]\s?\d[\d,.]*\d?{_UNIT}|(?:{_NUMBER}){_UNIT}\s(?:dollars|euros|pounds|USD|EUR|cents))", re.I
    ),
    "duration": re.compile(
        rf"(?:{_NUMBER})(?:\s|-)(?:calendar |business |working )?(?:second|minute|hour|day|week|month|year)s?", re.I
    ),
    "name": re.compile(_NAME),
    "person": re.compile(_NAME),
    "place": re.compile(
        rf"(?<=\b(?:in|at) )(?:the )?{_NAME}|(?<=\b(?:to|on) )(?:the )?{_NAME}|(?<=\bfrom )(?:the )?{_NAME}"
    ),
    "reason": re.compile(
        r"\b(?:because(?: of)?|due to|owing to|in order to|so that|as a result of|since|to avoid|to ensure)\s[^.;]+",
        re.I,
    ),
}

_UNIT_BEHIND = re.compile(
    r"\s?%|(?:\s|-)(?:(?:calendar|business|working)\s)?(?:(?:second|minute|hour|day|week|month|year|percent|metre|meter|"
    r"mile|kilomet(?:re|er)|kilogram|gram|litre|liter|degree)s?|per cent|km|kg|mm|cm|m)\b",
    re.IGNORECASE,
)
"""Without it "25" of "25 days" says too little by itself."""

_COST = "cost|pay|paid|price|fee|charge|spend|spent|worth|salary|earn"
_AMOUNT = "number|percentage|percent|proportion|share|amount"
_NAMED = "person|company|firm|team|organi[sz]ation|name|agency"
_ASKS = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("money", rf"\bhow much\b.*\b(?:{_COST})|\bwhat (?:is|was|are) the (?:{_COST})"),
        ("duration", r"\bhow (?:long|old)\b"),
        ("number", rf"\bhow (?:many|much|often|far|tall|big|large|high|deep|wide|fast)\b|\bwhat (?:{_AMOUNT})\b"),
        ("date", r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|decade|century|time)\b"),
        ("person", r"\bwho(?:m|se)?\b"),
        ("place", r"\bwhere\b|\b(?:what|which) (?:country|city|state|place|town|region)\b"),
        ("name", rf"\b(?:what|which) (?:{_NAMED})\b|\bname of\b"),
        ("reason", r"\bwhy\b|\b(?:what|which) (?:is|are|was|were) the (?:reason|cause)|\bfor what reason\b"),
    )
)
_MONEY_UNIT = re.compile(r"\s(?:(?:million|billion|thousand)\s)?(?:euros?|dollars?|pounds?|cents?|EUR|USD|GBP|CHF)\b")
_HOW_OFTEN = re.compile(r"\bhow (?:often|frequently)\b", re.I)
_OFTEN = re.compile(
    r"\b(?:(?:once|twice|(?:three|four|five|six|\d+) times) (?:an?|every|each|per) \w+|"
    r"every (?:(?:other|two|three|four|six|\d+) )?\w+|annually|yearly|quarterly|monthly|weekly|daily|hourly|"
    r"each (?:day|week|month|quarter|year))\b",
    re.I,
)
OPENING = 5
"""A name within the first characters of a sentence is its subject, and answers "who"."""

_OPEN = re.compile(
    r"\b(?:what|which) (?:are|were)\b|\blist\b|\bname (?:all|the)\b|\bwhy\b|\bdifference|\bwhat happen|"
    r"\bhow (?:do|does|did|can|could|is|are|was|were|to|should|would|will|has|have)\b|"
    r"\b(?:what|which) (?:\w+ ){0,3}\w+s (?:are|were|do|does|did|should|can|must|may|have)\b|"
    r"\bwhat (?:should|can|must|could|may|would)\b|\b(?:describe|explain|outline)\b|"
    r"\bwhat (?:do|does|did) .*\b(?:cover|include|offer|provide|require|involve)\b|"
    r"\bwhat (?:is|was) the (?:\w+ )?"
    r"(?:mission|purpose|role|process|procedure|policy|importance|significance|relationship|impact|approach)\b",
    re.I,
)


_LEADS = re.compile(r"\b(?:what|which|who(?:m|se)?|how|why|where|when)\b", re.IGNORECASE)
_BESIDE = re.compile(r"(?:,|\band\b|\bor\b|\bbut\b|[.;:?])\s*(?:\w+\s)?$", re.IGNORECASE)


def kind(question: str) -> str:
    """What a question asks for: "money", "duration", "number", "date", "person", "place",
    "name", "reason", or "thing".

    Of two question words the second asks for nothing, unless they stand side by side: "What should members do when they
    travel?", but "What is it, and when does it end?"
    """
    return next(
        (name for name, pattern in _ASKS if any(_asks(question, f) for f in pattern.finditer(question))), "thing"
    )


def _asks(question: str, found: re.Match[str]) -> bool:
    before = question[: found.start()]
    return not (_LEADS.match(found.group()) and _LEADS.search(before)) or bool(_BESIDE.search(before))


def open_ended(question: str) -> bool:
    """Whether more than a short stretch may answer: why, how, lists, duties, differences."""
    return bool(_OPEN.search(question))


def short(question: str, sentence: str) -> str:
    """The stretch of `sentence` that answers `question` by itself: always a slice of it, without white space around.

    The whole sentence (without its full stop) where no shorter stretch can be told.
    """
    what = kind(question)
    often = _OFTEN.search(sentence) if _HOW_OFTEN.search(question) else None
    if often is not None:
        return often.group()
    found = _of_kind(what, question, sentence) if what != "thing" else _predicate(question, sentence)
    if found and what != "thing":
        found = _whole(what, found, set(stems(question)), sentence)
    return (found or sentence).strip().rstrip(".;,:").strip()


def measured(told: str, sentence: str) -> str:
    """A bare number with the unit of time, size or money that stands behind it in the sentence; else what is told."""
    behind = sentence[sentence.find(told) + len(told) :]
    unit = (_UNIT_BEHIND.match(behind) or _MONEY_UNIT.match(behind)) if re.fullmatch(_NUMBER, told, re.I) else None
    return told + unit.group() if unit else told


def _whole(what: str, found: str, asked: set[str], sentence: str) -> str:
    """A stretch with the other end of its range ("between 1868 and 1871") or its currency.

    In the place of a label, what it labels.
    """
    start = sentence.find(found)
    before, behind = sentence[:start], sentence[start + len(found) :]
    if what in ("date", "number", "money", "duration"):
        for opened, on in (("between", "and"), ("from", "(?:to|until)")):
            first = re.search(rf"\b{opened} $", before, re.IGNORECASE)
            to = re.match(rf" {on} ", behind)
            last = PATTERNS[what].match(behind, to.end()) if first and to else None
            if first and last:
                return sentence[first.start() : start + len(found) + last.end()]
    if what in ("number", "money"):
        unit = _MONEY_UNIT.match(behind)
        return found + unit.group() if unit else found
    if what in ("person", "name") and behind.lstrip().startswith(":"):
        labelled = behind.lstrip()[1:]
        return labelled if set(stems(labelled)) - asked else ""
    return found


def holds(what: str, question: str, sentence: str) -> bool:
    """Whether a sentence holds a thing of this kind that the question does not name itself."""
    return what != "thing" and bool(_of_kind(what, question, sentence))


def _of_kind(what: str, question: str, sentence: str) -> str:
    """The stretch of that kind which stands nearest to the question's words; empty where there is none."""
    asked = set(stems(question))
    candidates = [m for m in PATTERNS[what].finditer(sentence) if _new(m.group(), asked, what)]
    wider = {"money": "number", "place": "name"}.get(what)
    if not candidates:
        return _of_kind(wider, question, sentence) if wider else ""
    if what == "person" and candidates[0].start() < OPENING:
        return candidates[0].group()
    marks = [m.start() for m in re.finditer(r"\w+", sentence) if stem(fold(m.group())) in asked]
    best = min(candidates, key=lambda m: (sum(abs(m.start() - mark) for mark in marks) / (len(marks) or 1), m.start()))
    return _with_noun(best, asked, sentence) if what == "number" else best.group()


def _new(text: str, asked: set[str], what: str) -> bool:
    """Whether a stretch says something that is not in the question already."""
    words = stems(text)
    named = what in ("name", "person", "place")
    return not set(words) <= asked if words else not named


def _with_noun(number: re.Match[str], asked: set[str], sentence: str) -> str:
    """A number with the word behind it, where the question asks for that ("how many people": "76 people")."""
    behind = re.match(r"\s+([^\W\d]+)", sentence[number.end() :])
    if behind and stem(fold(behind.group(1))) in asked:
        return sentence[number.start() : number.end() + behind.end()]
    return number.group()


def _predicate(question: str, sentence: str) -> str:
    """What a sentence says, behind "is", "are", …, of just what the question names; otherwise empty."""
    asked = set(stems(question))
    for verb in re.finditer(r"\b(?:is|are|was|were|means|refers to|includes?|consists? of|called)\b\s+", sentence):
        before, behind = set(stems(sentence[: verb.start()])), sentence[verb.end() :]
        if before & asked and behind and not before - asked - STOP_WORDS:
            return re.split(r"[;.]\s|,\s(?:which|who|but|and|while)\b", behind)[0]
    return ""
