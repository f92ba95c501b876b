"""What a sentence or a heading answers, as a question in words that a person would use."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from index.words import STOP_WORDS, words

LONGEST = 80
"""Characters of a question that is read at a glance."""

TOPIC = 5
"""Words of a heading that names a topic; a longer one is a sentence."""

_WORD = r"[\w'’-]+"
_X = rf"(?P<x>(?:The|A|An) (?:{_WORD} ){{0,4}}?{_WORD})"
_NAMED = rf"(?P<x>[A-ZÀ-Þ]{_WORD}(?: (?:of |for |and |the )?[A-ZÀ-Þ]{_WORD}){{0,3}})"
_THING = rf"(?P<x>(?:The |All |An? )?[A-Za-z]{_WORD}(?: {_WORD}){{0,3}}?)"
_NAME = rf"(?P<name>(?:Dr\. |Admiral |Sir )?[A-ZÀ-Þ]{_WORD}(?: [A-ZÀ-Þ]{_WORD})+)"
_ALIAS = r"(?: \([A-Z]{2,6}\))?"
_MONEY = r"(?:[$€£]\s?\d|\d[\d.,]* (?:pounds|euros|dollars|million))"
_YEAR = r"(?:(?:\d{1,2} )?[A-Z]\w+ \d{4}|\d{4}|\d{1,2} [A-Z]\w+)\b"
_MANY = r"(?:at least |about |in all,? |nearly )?\d[\d.,]*"
_NOUN = r"(?P<noun>(?:[a-z]+s|people|children|women|men))"
_REST = r"(?P<rest>[^,.;:()]{5,50}?)"
_OFTEN = r"(?:annually|yearly|monthly|weekly|daily|quarterly|regularly|(?:once|twice) an? \w+|every \w+)"
_PERSONS = (
    r"(?:lawyer|doctor|actor|actress|writer|author|singer|politician|scientist|engineer|professor|president|minister|"
    r"player|king|queen|artist|composer|journalist|founder|officer|secretary|chairman|chairwoman|director|poet|"
    r"historian|philosopher|physicist|mathematician|painter|general|admiral|bishop|judge|musician)"
)
_ROLES = r"(?:member|leader|executive|manager|professional|expert|specialist|advisor|head)"
_BEGAN = (
    r"(?P<did>born|founded|established|created|released|published|opened|built|completed|signed|elected|appointed|"
    r"introduced|launched|renamed)"
)
_PATTERNS = tuple(
    (name, re.compile(pattern), made)
    for name, pattern, made in (
        ("duty", rf"{_X}{_ALIAS} (?:is|are|will be) responsible for ", "What is {x} responsible for?"),
        ("duty", rf"{_X}{_ALIAS} is an? (?:[\w-]+ ){{0,3}}{_ROLES}\b", "What does {x} do?"),
        ("person", rf"The (?P<x>(?:[a-z-]+ ){{0,3}}?[a-z-]+) (?P<is>is|was) {_NAME}[.,;]", "Who {is} the {x}?"),
        (
            "person",
            rf"{_NAME} (?!covers|includes|provides|requires|offers|contains|was\b)(?P<does>[a-z]+s|[a-z]+ed) "
            r"(?P<x>the (?:[a-z-]+ ){0,3}?[a-z-]+)[.,;]",
            "Who {does} {x}?",
        ),
        ("person", rf"{_X} was (?P<did>[a-z]+ed|led|built|paid for) by [A-Z]", "Who {did} {x}?"),
        ("person", rf"{_NAME}, (?:the|an?) [a-z]", "Who is {name}?"),
        ("person", rf"{_NAMED} (?P<is>is|was) (?:an?|the) (?:[\w-]+ ){{0,4}}?{_PERSONS}\b", "Who {is} {x}?"),
        ("definition", rf"{_X} (?P<is>is|are) (?:an?|any|every) [a-z]", "What {is} {x}?"),
        ("definition", rf"{_NAMED}{_ALIAS} (?P<is>is|are) (?:an?|the) [a-z]", "What {is} {x}?"),
        ("definition", r"(?P<x>[A-Z][\w'’-]+(?: [a-z]+)?) (?:means|refers to|stands for) ", "What does {x} mean?"),
        (
            "definition",
            rf"(?P<x>The (?:purpose|goal|aim|objective|mission) of (?:{_WORD} ){{0,4}}?{_WORD}) (?P<is>is|was) to ",
            "What {is} {x}?",
        ),
        ("contents", rf"{_NAMED} (?P<does>covers|includes|offers|requires) [a-z]", "What does {x} {base}?"),
        ("cost", rf"{_X} costs {_MONEY}", "How much does {x} cost?"),
        ("cost", rf"{_X} (?P<is>is|was) {_MONEY}", "How much {is} {x}?"),
        ("long", rf"{_X} lasts (?:for )?(?:\d|\w+ (?:days|weeks|months|years|hours))", "How long does {x} last?"),
        (
            "soon",
            rf"{_THING} (?P<must>must|should|shall) {_REST} within (?:\d+|[a-z]+) (?:calendar |business |working )?"
            r"(?:hours|days|weeks|months|years)\b",
            "How soon {must} {x} {rest}?",
        ),
        (
            "often",
            rf"{_THING} (?P<are>is|are) (?P<did>[a-z]+ed|held|paid|given) {_OFTEN}",
            "How often {are} {x} {did}?",
        ),
        (
            "when",
            rf"{_X} (?P<was>was|were) (?P<did>[a-z]+ed|built|held)\b[^.;,]*? (?:in|on|between) {_YEAR}",
            "When {was} {x} {did}?",
        ),
        ("when", rf"{_NAMED} (?P<was>was) {_BEGAN}\b[^.;]{{0,60}}? (?:in|on) {_YEAR}", "When {was} {x} {did}?"),
        ("when", rf"{_NAMED} died\b[^.;,]{{0,40}}? (?:in|on) {_YEAR}", "When did {x} die?"),
        ("when", rf"{_X} (?P<does>takes place|begins|starts|opens|ends) on {_YEAR}", "When does {x} {base}?"),
        (
            "where",
            rf"(?:{_X}|{_NAMED.replace('<x>', '<named>')}) (?P<is>is|was) "
            r"(?P<did>located|based|held|born|headquartered) (?:in|at) [A-Z]",
            "Where {is} {x} {did}?",
        ),
        (
            "many",
            rf"(?i:{_MANY}) {_NOUN} (?P<did>(?:(?:had been|have been|were|are) [a-z]+ed|took part|dropped out)"
            r"(?: (?:in|at|on|by|during|from) the [^,.;:()]{3,40}(?=[.,;]))?)",
            "How many {noun} {did}?",
        ),
        ("many", rf"There (?P<are>are|were) {_MANY} {_NOUN}[.,;]", "How many {noun} {are} there?"),
        (
            "many",
            rf"{_X} has (?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten) {_NOUN}[.,;]",
            "How many {noun} does {x} have?",
        ),
        (
            "why",
            rf"{_X} (?P<was>was|were|is|are) (?P<rest>[^,.;]{{3,50}}?) (?:because|due to) ",
            "Why {was} {x} {rest}?",
        ),
        ("who", rf"{_THING} (?:is|are) eligible (?P<must>for|to) {_REST}[.,;]", "Who is eligible {must} {rest}?"),
        (
            "rule",
            r"(?P<x>[A-Z][a-z]+) (?P<is>is|are) (?:not allowed|forbidden|allowed) (?P<rest>(?:in|on|at) the [a-z]+)\.",
            "{Is} {x} allowed {rest}?",
        ),
        (
            "rule",
            rf"(?P<x>[A-Z][a-z]+s) (?P<is>may|can)(?: not|not)? (?!also\b|be sure\b){_REST}[.,;]",
            "{Is} {x} {rest}?",
        ),
    )
)
_UNNAMED = re.compile(
    r"\b(?:it|this|that|these|those|there|such|same|other|latter|former|following|next|our|your|their|its|his|her|we|"
    r"you|they|them|one|if|when|both|each)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"^(?:(?:section|chapter|part|article|annex|appendix) )?(?:\d+(?:\.\d+)*|[IVX]+|[A-Za-z])[.):]? ", re.I
)
_GENERAL = frozenset(
    """introduction overview conclusion conclusions summary contents table notes note references reference appendix
    index responsibilities objective objectives job description position qualifications requirements background
    abstract discussion results result methods method acknowledgements acknowledgments definitions exceptions exception
    tips examples example general purpose scope contact benefits benefit further information details additional
    important key main other miscellaneous section chapter part page figure document report covered included excluded
    exclusions limitations things steps step faq questions answers see also links related work history more about
    heading title subtitle text""".split()
)


def of_sentence(text: str, known: Collection[str] = ()) -> tuple[str, str] | None:
    """The kind of question that a sentence answers, and the question; None where it can be told of none.

    `known` are words that stand in small letters elsewhere, and so are no names.
    """
    for name, pattern, made in _PATTERNS:
        match = pattern.match(text) or (pattern.search(text) if name == "many" else None)
        if match is None:
            continue
        parts = {key: value or "" for key, value in match.groupdict().items()}
        thing = parts.get("x") or parts.get("named", "")
        subject = thing or parts.get("name", "")
        opening = words(subject)[:1]
        if _UNNAMED.search(f"{subject} {parts.get('rest', '')}") or (opening and _leads(subject, opening[0])):
            continue
        parts["x"] = _lowered(thing, known, common=name in ("rule", "soon", "often") or "mean?" in made)
        parts["base"] = re.sub(r"^(\w+?)s\b", r"\1", parts.get("does", ""))
        parts["Is"] = parts.get("is", "").capitalize()
        question = made.format(**parts)
        if len(question) <= LONGEST:
            return name, question
    return None


def of_heading(heading: str, known: Collection[str]) -> str:
    """The question for what stands under a heading; empty where there is none.

    A heading that is a question is one itself, and one that names a topic is asked about. Its capitals are taken
    from it where each of its words is among those `known` in small letters.
    """
    said = _NUMBERED.sub("", " ".join(heading.split())).strip(" #*_:.")
    own = [word for word in words(said) if word not in STOP_WORDS]
    if not own or _UNNAMED.search(said) or not 4 < len(said) <= LONGEST:
        return ""
    parts = said.rstrip("?").split()
    if said.endswith("?"):
        return f"{parts[0]} {' '.join(_small(parts[1:], known))}?"
    if (
        len(parts) > TOPIC
        or _GENERAL.issuperset(own)
        or (len(parts) == 1 and not said.endswith("s"))
        or re.search(r"[^\w\s'’&/-]|\d", said)
        or not re.match(r"[A-ZÀ-Þ]", said)
    ):
        return ""
    return f"Tell me about {' '.join(_small(parts, known))}."


def _leads(subject: str, opening: str) -> bool:
    """Whether a name begins with a word that belongs to the sentence, as in "Under Northwind Standard"."""
    article = opening in ("the", "a", "an", "all")
    return (opening in STOP_WORDS and not article) or set(words(subject)) <= STOP_WORDS


def _lowered(thing: str, known: Collection[str], common: bool) -> str:
    """A thing as it stands inside a sentence: its article, or a common word, without the capital."""
    first, _, rest = thing.partition(" ")
    if first in ("The", "A", "An", "All") or (common and first[1:].islower()):
        return f"{first.lower()} {rest}".strip()
    return " ".join(_small(thing.split(), known))


def _small(parts: Sequence[str], known: Collection[str]) -> list[str]:
    """The words of a heading in small letters, where each of them is known so; else as they are."""
    shouted = all(part.isupper() for part in parts)
    small = [part if part.isupper() and not shouted else part.lower() for part in parts]
    return small if all(part in known or part in STOP_WORDS or part.isupper() for part in small) else list(parts)
