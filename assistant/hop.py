"""A question that leads over the answer to another: "where was the author of X born?" first asks who the author is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.divide import ARE, ASKING
from index.words import STOP_WORDS, fold, stem, stems, terms

LONGEST_NAME = 60
"""Characters of an answer that can stand in a question in the place of what it answers."""

# What somebody is to a thing, and how documents say so with a verb: what was done, or what a thing was by somebody.
_ROLES = {
    "author": "wrote/written", "writer": "wrote/written", "poet": "wrote/written", "founder": "founded",
    "inventor": "invented", "discoverer": "discovered", "builder": "built", "architect": "designed",
    "designer": "designed",
    "composer": "composed", "painter": "painted", "illustrator": "drew/drawn", "translator": "translated",
    "publisher": "published", "printer": "printed", "maker": "makes", "manufacturer": "makes", "producer": "produced",
    "owner": "owns", "sponsor": "paid for", "winner": "won", "organiser": "organises", "organizer": "organizes",
    "director": "runs", "leader": "leads", "head": "leads", "manager": "runs", "chief": "leads", "editor": "edited",
    "engineer": "", "president": "", "chair": "", "chairman": "", "chairwoman": "", "mayor": "", "king": "",
    "queen": "", "captain": "", "deputy": "", "successor": "", "predecessor": "", "wife": "", "husband": "",
    "mother": "", "father": "", "sister": "", "brother": "", "daughter": "", "son": "", "keeper": "", "landlord": "",
    "tenant": "", "foreman": "", "secretary": "", "treasurer": "", "teacher": "", "supplier": "supplies",
}  # fmt: skip
_PLACES = ("capital", "birthplace", "headquarters", "seat", "home town")
_ROLE = rf"(?P<role>(?:[\w-]+ )?(?P<noun>{'|'.join((*_ROLES, *_PLACES))}))"
_PEOPLE = "person man woman people one artist scientist politician doctor worker employee nurse".split()
_ACTS = (
    r"(?:\w+ed|born|buried|kept|held|based|from|bought|sold|made|built|said|known|live|die|work|study|come|go|get|"
    r"have|own|earn|win|marry|play|speak|say|teach|grow|lose|leave|want|like|make|build|write|found|lead|run|paint|"
    r"serve|stand|begin|start|end|cost|weigh|sell|buy|learn|train|move|travel|receive|become|keep|think|do|call|need|"
    r"use|employ|print|plan|wear|drive|retire|sing|cook)"
)
_OF = re.compile(rf"\bthe {_ROLE} (?:of|at|behind|for) (?P<of>.+)$", re.IGNORECASE)
_OWNS = re.compile(
    rf"(?P<of>(?!(?i:{ASKING}|{ARE}\b))(?:the )?\b[A-ZÀ-Þ][\w’'-]*(?: [\w’-]+){{0,4}}?)['’]s? {_ROLE}\b(?P<rest>.*)$"
)
_WHO = re.compile(r"\bthe (?P<noun>[\w-]+) (?P<link>who|that|which|where) (?P<clause>.+)$", re.IGNORECASE)
_NAME = re.compile(
    r"(?:the |an? )?[A-ZÀ-Þ\d“\"][^\s]*(?: (?:(?:of|the|and|de|van|von|on|in|for) ){0,2}[A-ZÀ-Þ\d][^\s]*)*"
)
_MORE_THAN_WHO = re.compile(r"(?:where|when|why|how) (?:is|was|were|are|do|does|did)\b.* \w+$", re.IGNORECASE)
_TAIL = re.compile(rf"^(?P<thing>.+?) (?P<tail>{_ACTS}(?: .*)?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hop:
    """A question that stands on another: `first` are ways to ask that one, `phrase` is what its answer stands for."""

    question: str
    phrase: str
    first: tuple[str, ...]

    def then(self, name: str) -> str:
        """The question about what was found."""
        return self.question.replace(self.phrase, name, 1)


def hop(question: str) -> Hop | None:
    """What a question leads over: "the author of X", "X's author", "the firm that built X"; None where nothing.

    A question that asks for no more than that ("who is the author of X?") leads over nothing.
    """
    asked = " ".join(question.split()).strip(" ?!.")
    for found in (_by_role(asked), _by_owner(asked), _by_clause(asked)):
        if found is not None and (own_words(found) or _MORE_THAN_WHO.match(found.question)):
            return found
    return None


def own_words(found: Hop) -> set[str]:
    """The stems that a question asks with beside what it leads over."""
    rest = found.question.replace(found.phrase, " ", 1)
    return {stem(term) for term in terms(rest) if term not in STOP_WORDS}


def named(short: str, first: str) -> bool:
    """Whether a short answer names something, so that it can stand in a question: not a sentence, not an echo."""
    known = set(stems(first))
    capital = any(word[:1].isupper() for word in short.split())
    return 0 < len(short) <= LONGEST_NAME and capital and not set(stems(short)) <= known


def _by_role(asked: str) -> Hop | None:
    found = _OF.search(asked)
    if found is None or fold(found["role"].split()[0]) in ("former", "new", "next"):
        return None
    thing = _thing(found["of"])
    phrase = asked[found.start() : found.start("of") + len(thing)]
    return Hop(asked, phrase, _asked_first(found["role"], found["noun"], thing))


def _by_owner(asked: str) -> Hop | None:
    found = _OWNS.search(asked)
    if found is None:
        return None
    return Hop(asked, asked[found.start() : found.end("role")], _asked_first(found["role"], found["noun"], found["of"]))


def _by_clause(asked: str) -> Hop | None:
    found = _WHO.search(asked)
    if found is None or found.start() == 0:
        return None
    tail = _last_act(found["clause"]) if found.start() else 0
    clause = found["clause"][:tail].strip()
    if not clause:
        return None
    phrase = asked[found.start() : found.start("clause") + len(clause)]
    noun, link = found["noun"], found["link"].lower()
    person = link == "who" or fold(noun) in _PEOPLE
    lead = "Where" if link == "where" else "Who" if person else f"Which {noun}"
    return Hop(asked, phrase, (f"{lead} {clause}?",))


def _last_act(clause: str) -> int:
    """Where the verb of the whole question begins behind a relative clause: its last word that can be one."""
    tails = list(re.finditer(rf" (?={_ACTS}\b)", clause, re.IGNORECASE))
    last = tails[-1].start() if tails else len(clause)
    # A verb right at the beginning is the clause's own.
    return last if last > 0 else len(clause)


def _asked_first(role: str, noun: str, thing: str) -> tuple[str, ...]:
    lead = "What" if noun.lower() in _PLACES else "Who"
    done, _, suffered = _ROLES.get(noun.lower(), "").partition("/")
    active = [f"Who {done} {thing}?"] if done else []
    passive = [f"By whom was {thing} {suffered}?"] if suffered else []
    return (f"{lead} is the {role} of {thing}?", *active, *passive)


def _thing(text: str) -> str:
    """The name or the thing at the beginning of a text, without the verb that follows it."""
    name = _NAME.match(text)
    if name:
        return name.group().rstrip(",;:")
    tail = _TAIL.match(text)
    return tail["thing"] if tail else text
