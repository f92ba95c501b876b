"""What a sentence commits itself to, found without a model: amounts, dates, names, negation and opposites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.amounts import SPELLED, UNITS, Amount, amounts
from index.words import STOP_WORDS, fold, stem, stems

_TOKEN = re.compile(r"[^\W\d_][\w'’-]*")
_SENTENCE = re.compile(r"(?:^|[.!?:;]\s+[\"'“‘(]*)$")

_NOT = frozenset(
    "not no never none nobody nothing neither nor without cannot hardly barely lacks lack lacked lacking fails fail "
    "failed unable unless except remove removes removed removing refuse refuses refused".split()
)
_SAYING_NOTHING = SPELLED | UNITS | {stem(each) for each in ("nobody", "nothing", "none", "never", "without", "cannot")}
_NEGATED = re.compile(r"n['’]t$")
_PREFIXED = re.compile(r"^(?:un|non|dis)-?(?=[a-z]{4})")
# What is no part of what is denied: "nobody has to pay" and "it will not be paid" deny paying.
_SCOPE_ENDS = re.compile(r"[,;:.!?()]")
_SCOPE = 3
# "Every day but Monday" says that Monday is none.
_BUT = re.compile(r"\b((?:every|all|any|each|no) (?:\w+ )?)(?:but|except(?: for)?|apart from|other than)\b", re.I)
# Turns of phrase whose words mean something else than by themselves.
_TURNS = re.compile(
    r"\b(?:no |not )?(?:more|less|fewer|later|earlier|higher|lower) than\b|\bat (?:least|most|once|first)\b"
    r"|\b(?:the )?first time\b|\bno one\b(?= of)|\bnot only\b|\b(?:not|no) .{0,20}\bunless\b|\b(?<=no )longer\b",
    re.I,
)
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
    "rise rose risen increase grow grew fall fell fallen decrease drop change|unaffected unchanged stable constant",
    "fast faster quick quicker quickly accelerate|slow slower slowly",
    "mild|severe serious",
    "favour favor|against oppose",
    "raise|lower",
    "cheap cheaper|expensive dearer",
    "begin began begun start|end finish stop cease",
    "new newer|old older former",
    "large larger big bigger great greater|small smaller little",
    "long|short",
    "strong stronger|weak weaker",
    "positive|negative",
    "succeed success|fail failure",
    "require mandatory compulsory obligatory|optional voluntary",
    "public|private",
    "warm hot warmer|cold cool colder",
    "above|below",
    "inside within|outside",
    "majority most|minority",
    "survive alive|die dead death",
    "better best|worse worst poorer",
    "first|last",
    "preserve survive|lose lost destroy discard",
    "induce stimulate promote increase|prevent inhibit reduce attenuate",
    "sensitive susceptible|resistant insensitive",
    "present presence|absent absence",
    "protect|harm",
)


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a stretch of text; `words` are the stems of what is left.

    `denied` has for each negation the stems that it denies, and those of all its clause. `sides` are the opposites the
    text takes part in, as (pair, side): what is not allowed is on the side of what is forbidden.
    """

    words: frozenset[str]
    amounts: tuple[Amount, ...]
    names: frozenset[str]
    denied: tuple[tuple[frozenset[str], frozenset[str]], ...]
    sides: frozenset[tuple[int, int]]


@lru_cache(maxsize=4_096)
def facts(text: str, known: frozenset[str] = frozenset()) -> Facts:
    """What a sentence, or a part of one, commits itself to; `known` are stems that are names wherever they stand."""
    plain = _TURNS.sub(" ", without(text.replace("\u00a0", " ")))
    counted = tuple(amounts(plain))
    names = frozenset(_names(plain))
    denied = tuple(_denied(plain))
    words = frozenset(each for each in stems(plain) if each not in _SAYING_NOTHING and not each.isdigit())
    roots = {stem(fold(token)) for token in _TOKEN.findall(plain)}
    return Facts(
        words,
        counted,
        names | (words & known),
        denied,
        frozenset(_sides(roots, frozenset().union(*(each for each, _ in denied)))),
    )


def without(text: str) -> str:
    """The text, its exceptions as what they deny: "every day but Monday" as "every day not Monday"."""
    return _BUT.sub(r"\1not", text)


def crossed(one: Facts, other: Facts) -> set[tuple[int, int]]:
    """The opposites of which one takes one side and the other the other."""
    return {(pair, 1 - side) for pair, side in one.sides} & other.sides


def _denied(text: str) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """What each negation of a text denies: the next few words of its clause, or where there are none those before."""
    for clause in _SCOPE_ENDS.split(text):
        tokens = [fold(token) for token in _TOKEN.findall(clause)]
        for at, token in enumerate(tokens):
            if token in _NOT or _NEGATED.search(token):
                after = _content(tokens[at + 1 :])[:_SCOPE]
                yield frozenset(after or _content(tokens[:at])[-_SCOPE:]), frozenset(_content(tokens))
            elif _PREFIXED.search(token):
                root = frozenset([stem(_PREFIXED.sub("", token))])
                yield root, root


def _content(tokens: list[str]) -> list[str]:
    return [stem(token) for token in tokens if token not in STOP_WORDS and token not in _NOT]


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


def _sides(roots: set[str], denied: frozenset[str]) -> Iterator[tuple[int, int]]:
    """The pairs of opposites of which one side is taken, as (pair, side); what is denied takes the other one."""
    for number, sides in enumerate(_roots()):
        held = [roots & side for side in sides]
        if bool(held[0]) != bool(held[1]):
            side = int(bool(held[1]))
            yield number, 1 - side if held[side] <= denied else side


@lru_cache(maxsize=1)
def _roots() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    pairs = (pair.split("|") for pair in _OPPOSITES)
    return tuple((frozenset(map(stem, one.split())), frozenset(map(stem, other.split()))) for one, other in pairs)
