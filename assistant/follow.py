"""A follow-up question made to stand alone by rules: what it leaves out is taken from the last turns.

`python -m tests.benchmarks.talks`, reporting half: of 42 conversations the last question is answered rightly in 34, and
in 25 where it is asked in full: a follow-up is read by its own words too, in passages on its topic (26 without that).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.route import LIST, MORE, SOURCE, SUMMARY, route
from assistant.short import kind
from assistant.types import Answer, Turn
from index.words import STOP_WORDS, fold, stem, terms

MOST_OF_ITS_OWN = 4
"""Content words of a question that leans on "it" or "they"; one with more names its topic itself."""

_PERSON = r"\b(?:he|him|his|himself|she|her|hers|herself)\b"
_THING = (
    r"\b(?:it|its|they|them|theirs?|the same|that one|the former|the latter|there(?! (?:is|are|was|were|any|a)\b))\b"
    r"|\b(?:an?|the) \w+ ones?\b"
    r"|\b(?:this|that|these|those)(?= (?:is|was|are|were|mean|happen|cost|appl|includ|cover|work|last)|\W*$)"
)
_LEANS = re.compile(rf"(?:{_PERSON})|{_THING}", re.IGNORECASE)
_IT_COVERS = re.compile(r"what (?:does|do) (?:it|they) (?!say)", re.IGNORECASE)
HOW = re.compile(r"\bhow (?:long|high|often|far|old|tall|deep|big|fast|wide|soon|much|many)\b", re.IGNORECASE)
_THERE_IS = re.compile(r"\b(?:is|are|was|were) there\b", re.IGNORECASE)
# "Who offered his resignation?" says whose itself; "who was her deputy?" does not.
_WHOSE_OWN = re.compile(r"^who (?!is\b|was\b|are\b|were\b)\w+ (?:his|her|its|their) \w", re.IGNORECASE)
_NAMED_BEFORE = re.compile(r"\b(?i:the|an?|my|our|every|each|which)\s+\w|\w\s+[A-ZÀ-Þ][\w'’-]+")
_ON = re.compile(r"^(?:and|but|or|so|also|then|what about|how about)\b[, ]*", re.IGNORECASE)
_ASKS = re.compile(
    r"^(?:who|whom|whose|what|when|where|why|how|which|is|are|was|were|do|does|did|has|have|had|can|could|may|might|must|"
    r"should|shall|will|would|by whom)\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^(?:why|why not|when|where|who|how|how (?:much|many|long|often|come)|which(?: ones?)?|what for|since when)\W*$"
    r"|^how many (?:is|are|was|were|did|do|have|had|took|came)\b|^which (?:one |ones )?(?:is|are|was|were) the \w+\W*$"
    r"|^what (?:is|was|are|were) the (?:\w+ )?(?:reasons?|causes?|results?|outcome|consequences?|purpose)\W*$"
    r"|^(?:up to|by|at|for|with|in|from|to|of|since|until) (?:what|whom|which|when)\b.{0,20}$",
    re.IGNORECASE,
)
_PREPOSITION = r"(?:in|on|at|with|without|for|from|to|by|of|under|over|after|before|during|if|about)"
_WHEN = (
    r"(?:\d{4}|January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?)"
)
_SEVERAL = re.compile(r"\band\b|,")
_NAME = re.compile(r"(?:(?:Dr|Mr|Mrs|Ms|Prof|Admiral|Sir|Lady)\.? )?[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’-]+)+")


def carry(question: str, history: Sequence[Turn]) -> str:
    """The question with what it leaves out, from the last turns; unchanged where it stands alone.

    A continuation ("and in October?") becomes the last question with that part exchanged. "He" and "she" become the
    person named last, "it" and "they" bring the last topic's words along in brackets, and so does a bare "why?".
    "Tell me more" and "where does it say that?" stand for the last question itself.
    """
    if not history:
        return question
    asked, last, way = question.strip(), history[-1], route(question)
    if way in (SOURCE, MORE):
        return last.asked
    if way == SUMMARY and not _IT_COVERS.match(asked):
        return question
    rest = _ON.sub("", asked)
    if rest != asked and not _ASKS.match(rest):
        return _exchanged(last.asked, rest.strip(" ?!."))
    if _leans(rest):
        person = _last_person(history)
        if re.search(_PERSON, rest, re.IGNORECASE) and person:
            named = _with_name(rest, person)
            return _with_topic(named, last.asked) if kind(last.asked) == "person" and way != LIST else named
        return _with_topic(asked, last.asked, _answered_with(last))
    own = _own(rest)
    return _with_topic(asked, last.asked) if not own or (_BARE.match(rest) and len(own) <= 2) else question


def _leans(asked: str) -> bool:
    """Whether a question holds a pronoun for something that it does not name before it."""
    found = next((mark for mark in _LEANS.finditer(_THERE_IS.sub("is", asked))), None)
    if found is None or _WHOSE_OWN.match(asked):
        return False
    if re.fullmatch(_PERSON, found.group(), re.IGNORECASE):
        return not _NAMED_BEFORE.search(asked[: found.start()].strip())
    return len(_own(asked)) <= MOST_OF_ITS_OWN and not _NAMED_BEFORE.search(asked[: found.start()].strip())


def _own(asked: str) -> list[str]:
    return [term for term in terms(asked) if term not in STOP_WORDS]


def _with_topic(asked: str, last: str, more: str = "") -> str:
    """The question with the topic words of the last one behind it, those that it does not hold itself."""
    own = {stem(term) for term in terms(asked)}
    topic = [term for term in terms(HOW.sub(" ", f"{last} {more}")) if term not in STOP_WORDS and stem(term) not in own]
    return f"{asked} ({' '.join(topic)})" if topic else asked


def _answered_with(turn: Turn) -> str:
    """The name that answered the last question, where it asked for one: "it" may mean that as well."""
    if isinstance(turn.answer, Answer) and turn.answer.answered and kind(turn.asked) in ("person", "name", "place"):
        return turn.answer.short if len(turn.answer.short) < 60 else ""
    return ""


def _last_person(history: Sequence[Turn]) -> str:
    """The person named last: who answered "who", or else is named in full in a question or its answer."""
    for turn in reversed(history):
        short = turn.answer.short if isinstance(turn.answer, Answer) else ""
        text = turn.answer.text if isinstance(turn.answer, Answer) else turn.answer
        if kind(turn.asked) == "person" and short and len(short) < 60 and not _SEVERAL.search(short):
            return short
        for said in (turn.asked[1:], text):
            found = _NAME.search(said)
            if found:
                return found.group()
    return ""


def _with_name(asked: str, name: str) -> str:
    """The question with a name in the place of "he", "her" and the like."""

    def named(pronoun: re.Match[str]) -> str:
        following = re.match(r" ([\w'’-]+)", asked[pronoun.end() :])
        owns = pronoun.group().lower() in ("his", "her", "hers") and following is not None
        owned = owns and following is not None and fold(following.group(1)) not in STOP_WORDS
        return f"{name}'s" if owned or pronoun.group().lower() in ("his", "hers") else name

    return re.sub(_PERSON, named, asked, flags=re.IGNORECASE)


def _exchanged(last: str, part: str) -> str:
    """The last question with `part` in the place of its like: a time, what follows the same preposition, or the thing.

    Where nothing in it is like that part, it is put behind.
    """
    last = last.strip(" ?!.")
    times = re.findall(_WHEN, part)
    if times and re.search(rf"\b{_WHEN}\b", last):
        return re.sub(rf"\b{_WHEN}\b", times[0], last, count=1) + "?"
    lead = re.match(rf"({_PREPOSITION}) ", part, re.IGNORECASE)
    if lead:
        phrase = re.compile(rf"\b{lead.group(1)} (?:(?!\b{_PREPOSITION}\b).)+", re.IGNORECASE)
        return (phrase.sub(f"{part} ", last, count=1).strip() if phrase.search(last) else f"{last} {part}") + "?"
    bare = re.sub(r"^(?:the|an?) ", "", part, flags=re.IGNORECASE)
    modifier = re.sub(r" ones?$", "", bare)
    if modifier != bare:
        changed = re.sub(r"\b(the|an?) (\w+)(?= \w)", rf"\1 {modifier}", last, count=1)
        return (changed if changed != last else f"{last} {modifier}") + "?"
    head = bare.split()[-1] if bare else ""
    alike = re.search(rf"(?:(?<=the )|(?<=an )|(?<=a )|(?<=of ))\w+ {re.escape(head)}\b|\b{re.escape(head)}\b", last)
    if head and alike:
        return f"{last[: alike.start()]}{bare}{last[alike.end() :]}?"
    return _in_place_of_thing(last, part) + "?"


def _in_place_of_thing(last: str, part: str) -> str:
    """The last question about another thing: in the place of its first "the …", or of what "is … allowed" names."""
    if re.match(r"(?:the|an?) ", part, re.IGNORECASE):
        changed = re.sub(r"\b(?:the|an?) \w+", part, last, count=1, flags=re.IGNORECASE)
        if changed != last:
            return changed
    opened = re.match(r"(?:is|are|was|were|may|can|must|do|does|did) (?:the )?", last, re.IGNORECASE)
    if opened:
        return re.sub(r"^\w+", part, last[opened.end() :], count=1).join([opened.group(), ""])
    return f"{last} {part}"
