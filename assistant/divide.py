"""The parts of a question that asks several things at once, told by rules: which stand side by side."""

from __future__ import annotations

import re

from assistant.route import bare
from index.words import stems

MOST = 4
"""Parts of a question that are answered; what comes after them stays with the last."""

LONGEST = 500
"""Characters of a question that is divided; a longer one is a text that somebody pasted."""

_PREPOSITION = r"(?:(?:by|in|at|for|from|to|of|on|with|under|until|since) )?"
ASKING = rf"{_PREPOSITION}(?:who|whom|whose|what|when|where|why|how|which)\b"
ARE = r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|may|might|must|should|shall|will|would)"
_ABOUT = (
    r"(?:the|an?|it|its|he|his|she|her|they|their|there|this|that|these|those|we|our|you|your|i|my|any|all|"
    r"\w+ing|\w+s)\b"
)
_AND = r"(?:,? (?:and|as well as)(?: also| then)?|;(?: and)?)"
_CLAUSE = re.compile(rf"{_AND} (?={ASKING})|{_AND} (?={ARE} {_ABOUT})", re.IGNORECASE)
# Behind a question of yes or no, "and may" asks another one, but "and may be" goes on with its verb.
_DECIDED = re.compile(rf"{_AND} (?={ASKING})|{_AND} (?={ARE} (?!be\b|been\b|not\b)\w)", re.IGNORECASE)
_COMMA = re.compile(rf", (?={ASKING})", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[?!]) +(?:and )?(?=\w)", re.IGNORECASE)
_OPENS = re.compile(rf"(?:{ASKING}|{ARE}\b)", re.IGNORECASE)
_RELATIVE = re.compile(r"[^\W\d_]{2,} (who|which|that|where|whose)\b", re.IGNORECASE)
# "When and where was …", "who, when and why …": words that ask, side by side, over one clause.
_WORD = rf"{_PREPOSITION}(?:whom?|what|when|where|why|how(?: (?:long|often|much|many times))?)"
_SIDE_BY_SIDE = re.compile(rf"({_WORD})(?:, ({_WORD}))?,? and ({_WORD}) (?=\w)", re.IGNORECASE)
# "How many shops and how many apprentices does …": the first lacks what the second says of both.
_COUNTED = re.compile(r"(?:how (?:many|much)|which|what) (?:\w+ )?\w+$", re.IGNORECASE)
_FINITE = re.compile(rf"\b{ARE}\b", re.IGNORECASE)
# "What are the rent, the deposit and the notice period of …": things that each have their own article.
_THINGS = re.compile(
    r"(?P<lead>who|what|how (?:high|much|long|old|big)|when|where) (?P<verb>is|are|was|were) "
    r"(?P<first>the [^,]+?)(?:, (?P<second>the [^,]+?))?,? and (?P<last>the [^,]+?)(?P<of> (?:of|in|for|at) .+)?$",
    re.IGNORECASE,
)


def divide(question: str) -> tuple[str, ...]:
    """The questions that a question consists of, in order, each as it was asked; none where it is a single one.

    A part may lean on those before it ("and who leads it?"); it says so with a pronoun, as a follow-up does.
    """
    asked = " ".join(question.split())
    if len(asked) > LONGEST:
        return ()
    parts = [part for sentence in _SENTENCE.split(asked) for part in _of_sentence(bare(sentence).strip(" ?!.,;"))]
    parts = [*parts[: MOST - 1], " and ".join(parts[MOST - 1 :])] if len(parts) > MOST else parts
    if len(parts) < 2 or not all(_OPENS.match(part) for part in parts):
        return ()
    return tuple(f"{part[:1].upper()}{part[1:]}?" for part in parts)


def _of_sentence(asked: str) -> list[str]:
    """The parts of one sentence: itself alone where it has none."""
    if not _OPENS.match(asked):
        return [asked] if stems(asked) else []
    beside = _SIDE_BY_SIDE.match(asked)
    if beside:
        rest = asked[beside.end() :]
        return [f"{word} {rest}" for word in beside.groups() if word]
    things = _THINGS.match(asked)
    if things and not _OPENS.match(things["last"]):
        return _each_thing(things)
    return _clauses(asked)


def _each_thing(things: re.Match[str]) -> list[str]:
    verb = {"are": "is", "were": "was"}.get(things["verb"].lower(), things["verb"])
    named = [things[name] for name in ("first", "second", "last") if things[name]]
    return [f"{things['lead']} {verb} {thing}{things['of'] or ''}" for thing in named]


def _clauses(asked: str) -> list[str]:
    """The clauses that begin with words that ask, cut at "and"; at a comma only where an "and" follows it."""
    rule = _CLAUSE if re.match(ASKING, asked, re.IGNORECASE) else _DECIDED
    cuts = [cut for cut in rule.finditer(asked) if not _goes_on(asked[: cut.start()], asked[cut.end() :])]
    if not cuts:
        return [asked]
    commas = [cut for cut in _COMMA.finditer(asked, 0, cuts[-1].start()) if not _goes_on_bare(asked[cut.end() :])]
    parts, at = [], 0
    for cut in sorted([*cuts, *commas], key=lambda each: each.start()):
        if cut.start() >= at:
            parts.append(asked[at : cut.start()])
            at = cut.end()
    parts.append(asked[at:])
    return _completed([part.strip(" ,;") for part in parts])


def _goes_on(head: str, tail: str) -> bool:
    """Whether what follows "and" goes on with a clause of the head: "the man who built it and who left"."""
    word = re.match(r"\w+", tail)
    relative = {found.group(1).lower() for found in _RELATIVE.finditer(head)}
    return word is not None and word.group().lower() in relative


def _goes_on_bare(tail: str) -> bool:
    """Whether a comma opens a relative clause, which another one closes: ", which is in Lindau,"."""
    opened = re.match(r"(?:which|whose|where) (?:\w+ )?(?:is|are|was|were|has|had)\b", tail, re.IGNORECASE)
    return opened is not None and "," in re.split(_AND, tail, maxsplit=1, flags=re.IGNORECASE)[0]


def _completed(parts: list[str]) -> list[str]:
    """The parts, each that only names what is counted with the verb of the next one."""
    for place in range(len(parts) - 2, -1, -1):
        verb = _FINITE.search(parts[place + 1])
        if _COUNTED.match(parts[place]) and not _FINITE.search(parts[place]) and verb:
            parts[place] = f"{parts[place]} {parts[place + 1][verb.start() :]}"
    return parts
