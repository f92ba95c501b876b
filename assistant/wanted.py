"""What a list or a count asks for: the words, the phrase or the kind of thing, out of the question."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.route import DOCUMENT, PART
from assistant.short import PATTERNS
from index.words import STOP_WORDS, stem, words

_NAME = re.compile(r"\b[A-ZÀ-Þ][\w'’-]+(?: (?:[A-ZÀ-Þ]\.|de|van|von|der|la))*(?: [A-ZÀ-Þ][\w'’-]+)+")
_MONTH = (
    "(?:Jan(?:uary)?|Feb(?:ruary)?|March|Mar\\.|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    "Nov(?:ember)?|Dec(?:ember)?)"
)
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?)?{_MONTH}\b\.?(?: \d{{1,2}}(?:st|nd|rd|th)?\b)?(?:,? \d{{4}}\b)?"
    r"|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b(?:1[5-9]|20)\d{2}\b(?![.,]\d)"
)
_KINDS = {
    r"(?:date|day|deadline date)s?": _DATE,
    r"(?:amounts?(?: of money)?|prices?|costs?|sums?(?: of money)?|fees in \w+)": PATTERNS["money"],
    r"(?:e-?mails?(?: address(?:es)?)?)": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    r"(?:(?:tele)?phone numbers?)": re.compile(r"(?<![\w.])\+?\(?\d[\d ()/-]{6,}\d(?![\w.])"),
    r"(?:web ?(?:sites?|address(?:es)?|pages?)|links?|urls?)": re.compile(r"(?:https?://|www\.)[^\s<>()]+"),
    r"(?:percentages?|per cents?)": re.compile(r"\d[\d.,]*\s?%|\b[\w.,]+ (?:per cent|percent)\b"),
    r"(?:people|persons?|names?)": _NAME,
}
_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]+)[\"“”„«»]|(?<!\w)'([^']+)'(?!\w)")
_TAIL = re.compile(
    rf"(?: (?:in|from|within|of|across) (?:(?:the|this|my|our|all|these|any)\b ?(?:of )?)+(?:\w+ ){{0,2}}"
    rf"(?:{DOCUMENT}|minutes|invoice|library|documentation)s?(?: .{{0,15}})?| please| (?:are )?there(?: are)?| here"
    r"| in (?:the )?(?:whole|entire|total)\b.*)+$",
    re.IGNORECASE,
)
_IN = re.compile(r"\b(?:in|from|within|of|across|the|this|my|our|all|these|any|please|here|there|are)\b", re.IGNORECASE)
_SAID = (
    r"\bthe (?:word|name|term|phrase|expression)s? (?P<x>.+?)"
    r"(?: (?:is |are |was )?(?:used|mentioned|appears?|occurs?)\b.*)?$",
    r"\b(?:mentions?|occurrences?|references?|hits?|instances?)(?: are there)? (?:of|to|for) (?P<x>.+)$",
    r"\b(?:is|are|was|were|do(?:es)?|did) (?P<x>.+?) (?:mentioned|named|used|referred to|appear|occur|come up)\b.*$",
    r"\b(?:mentions?|mentioning|contains?|containing|refers? to|say|says|brings? up|names|talks? (?:about|of)|"
    r"speaks? (?:about|of)|discuss(?:es)?) (?P<x>.+)$",
    r"\b(?:everything|anything|passages?|sentences?|places?|parts?|tables?|documents?) (?:\w+ )?about (?P<x>.+)$",
)
_UNIT = re.compile(
    rf"\b(?:how many|which|what) (?:of (?:the|my|these) )?(document|file|passage|place|{PART})s?\b", re.IGNORECASE
)
_LEAD = re.compile(
    r"^(?:please |can you |could you |i (?:need|want)(?: to see)? |tell me )*"
    r"(?:(?:list|enumerate|give|show|find|get|name|quote|count|tally|pull|display|print|collect|extract|make|write|"
    r"what are|how many|search for)\b(?: up| out)?"
    r"(?: me| us)? ?)?"
    r"(?:(?:a|the) list of )?(?:(?:all|every|each|any|the|of|different|main) )*"
    r"(?:everything (?:that |which |about )?)?",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\b(?:of|for|in|to|from|by|that|which|who|with|on|at|against|named)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: `stems` in order, of which `head` are what the list is of; `said` is how a person says it.

    `phrase` says that the stems must stand side by side, `exact` that what was said must
    stand there as it is. `pattern` finds a kind of thing, such as dates. `unit` is
    what is counted: "matches", "passages" or "documents". `within` are the stems that may name one document, as in
    "in the annual report".
    """

    said: str
    stems: tuple[str, ...]
    head: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    phrase: bool = False
    exact: bool = False
    pattern: re.Pattern[str] | None = None
    unit: str = "matches"
    within: tuple[str, ...] = ()


def wanted(question: str) -> Wanted:
    """What a question that lists or counts looks for; no stems and no pattern where that cannot be told."""
    asked = " ".join(question.split()).strip(" ?!.")
    counted = _UNIT.search(asked)
    unit = "matches" if not counted else "documents" if counted.group(1).lower() in ("document", "file") else "passages"
    tail = _TAIL.search(asked)
    return replace(_sought(asked), unit=unit, within=stems_of(_IN.sub(" ", tail.group())) if tail else ())


def _sought(asked: str) -> Wanted:
    quoted = _QUOTED.search(asked)
    if quoted:
        return replace(_words(quoted.group(1) or quoted.group(2), phrase=True), exact=True)
    asked = _TAIL.sub("", asked)
    bare = _LEAD.sub("", asked, count=1)
    for kind, pattern in _KINDS.items():
        found = re.match(rf"(?:what |which )?({kind})\b", bare, re.IGNORECASE)
        if found:
            return _of_kind(found.group(1), _TAIL.sub("", bare[found.end() :]), pattern)
    for said in _SAID:
        found = re.search(said, asked, re.IGNORECASE)
        if found and stems_of(found.group("x")):
            return _words(_TAIL.sub("", found.group("x")), phrase=True)
    return _words(bare, phrase=False)


def stems_of(text: str) -> tuple[str, ...]:
    """The stems of a text's words in order, stop words left out; with them where nothing else is left."""
    found = words(text)
    return tuple(stem(word) for word in found if word not in STOP_WORDS) or tuple(stem(word) for word in found)


def _words(text: str, phrase: bool) -> Wanted:
    said = re.sub(r"^(?:the|a|an|word|any) ", "", text.strip(" ,.;:?!\"'"), flags=re.IGNORECASE)
    head = () if phrase else stems_of(_SPLIT.split(said, maxsplit=1)[0])
    plain = tuple(word for word in words(said) if word not in STOP_WORDS) or tuple(words(said))
    return Wanted(said, stems_of(said), head, plain, phrase)


def _of_kind(name: str, rest: str, pattern: re.Pattern[str]) -> Wanted:
    rest = re.sub(r"^\W*(?:(?:are|is|were|was)\b ?)?(?:(?:there|mentioned|named|listed|given)\b ?)*", "", rest)
    topic = _words(re.sub(r"^(?:of|for|in|about|on|from) ", "", rest), phrase=False)
    stems = topic.stems if set(topic.words) - STOP_WORDS else ()
    return Wanted(f"{name} {rest}".strip(), stems, words=topic.words if stems else (), pattern=pattern)
