"""Reads for each side of a comparison, puts the evidence for them side by side, and says which side it favours.

`python -m tests.benchmarks.comparing`, reporting half: 22 of 25 right, two short answers wrong; 3 right and 16 wrong
with short answers by rule. Tuning half: 27 of 29 and none wrong; 9 and 8. Questions and rules are by one hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.agree import shared
from assistant.favour import Asked, asks, common, compared, decides, own, put, stated
from assistant.readers.extract import NEARLY, SAME, Candidate, candidates, quotation
from assistant.types import ANSWERED, NOT_FOUND, Draft, Library, Reader, Request, Statement
from index.words import STOP_WORDS, fold, stem, stems, words

EACH = 2
"""Sentences for each side."""

NAMED = 1 / 3
"""How likely, against what is asked of a look-up, a sentence must be that names one side: the other's words count
against it."""

PASSAGES = 5
"""Passages that are read for each side."""

DECIDING = 4
"""Sentences among which one may decide by itself."""

_COMPARING = {
    stem(word)
    for word in "compare contrast difference between versus vs similarity common differ different distinguish".split()
}
_THE = re.compile(
    r"^(?:(?:that|those|the ones?|the) (?:of|to|in|from|for) )?"
    r"(?:(?:the|a|an|is|are|was|were|both|either|to|in|of|by) )*",
    re.IGNORECASE,
)
_OF = re.compile(r"^\w+(?: \w+)? (?:of|for) (?:the )?(?P<a>.+)$", re.IGNORECASE)
_SIDES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:between|of|among) (?P<a>.+?) and (?P<b>.+?)(?: (?:according|in terms|with regard|under|for|when)\b.*)?$",
        r"\b(?:compare|contrast) (?P<a>.+?) (?:and|with|to|against|versus|vs\.?) (?P<b>.+)$",
        r"^(?:.*: )?(?P<a>.+?),? (?:versus|vs\.?|compared (?:to|with)) (?P<b>[^:,]+)",
        r"^(?:how|what|in what way)\b.*? (?:do|does|is|are) (?P<a>.+?) (?:differ|compare)\w*"
        r"(?: from| to| with| than)? (?P<b>.+)$",
        r"^(?:how|in what way)\b.*? (?:do|does) (?P<a>.+?) and (?P<b>.+?) (?:differ|compare)\b",
        r"\bdo(?:es)? (?P<a>.+?) and (?P<b>.+?) have in common",
        r"\bdistinguish(?:es)? (?P<a>.+?) (?:from|and) (?P<b>.+)$",
        r"^(?:are|is) (?P<a>.+?) (?:treated )?different(?:ly)? (?:from|than|to) (?P<b>.+)$",
        r"[,:] (?P<a>[^,:]+?),? or (?P<b>[^,:]+)$",
        r"^(?P<a>[^,:]+?) or (?P<b>[^,:]+): ",
    )
)


def open_reader(refuse_below: float) -> Reader:
    """The reader that compares."""

    def read(request: Request, library: Library) -> Iterator[Draft]:
        yield answer(request, library, refuse_below)

    return read


def answer(request: Request, library: Library, refuse_below: float) -> Draft:
    """The draft: for each side its name and the sentences on it; nothing where the sides cannot be told."""
    found = sides(request.question)
    if len(found) != 2:
        return Draft(outcome=NOT_FOUND)
    either = re.search(r"\bor\b", request.question, re.IGNORECASE) is not None
    asked = asks(request.question, found) if either else None
    if either:
        deciding = _deciding(request.question, found, asked, candidates(request, library), library, refuse_below)
        if deciding:
            return deciding
    evidence = [_evidence(each, found[1 - at], request.question, asked, library) for at, each in enumerate(found)]
    likely = max((candidate.likely for each in evidence for candidate in each), default=0.0)
    if likely < refuse_below * NAMED or not any(evidence) or (either and not asked and not all(evidence)):
        return Draft(outcome=NOT_FOUND, confidence=likely)
    if either and not asked:
        ranked_alone = sorted((c for each in evidence for c in each), key=lambda candidate: -candidate.likely)
        deciding = _deciding(request.question, found, None, ranked_alone, library, refuse_below)
        if deciding:
            return deciding
    told = ""
    if asked and all(evidence):
        ranked = [sorted(each, key=lambda candidate: -candidate.likely) for each in evidence]
        weighed = compared(asked, found, [[(c.text, c.told) for c in each] for each in ranked])
        told = _named(found, weighed[0], ranked[weighed[0]]) if weighed and weighed[0] >= 0 else ""
    lines = _beside(found, evidence, library)
    if not either and all(evidence):
        said = common(found, [[c.text for c in each] for each in evidence])
        lines = [Statement(said, told=True, after="\n"), *lines] if said else lines
    return Draft(tuple(lines), told if any(told in line.text for line in lines) else "", ANSWERED, likely)


def _deciding(
    question: str,
    found: Sequence[str],
    asked: Asked | None,
    ranked: Sequence[Candidate],
    library: Library,
    refuse_below: float,
) -> Draft | None:
    """The draft of the one sentence that says which side it is; None where none does, or where two do not agree."""
    ranked = [c for c in ranked[:DECIDING] if c.likely >= refuse_below * NAMED]
    if asked:
        told = [(c, stated(asked, found, c.text)) for c in ranked]
    else:
        told = [(c, decides(question, found, c.text, c.told)) for c in ranked]
    said = [(c, side) for c, side in told if side is not None]
    near = {side for c, side in said if c.likely >= NEARLY * said[0][0].likely}
    if len(near) != 1:
        return None
    best, side = said[0]
    line = quotation(best, library)
    return Draft((line,), _named(found, side, [best]), ANSWERED, best.likely)


def _named(found: Sequence[str], side: int, said: Sequence[Candidate]) -> str:
    """A side as its sentences name it, or as the question does where only their heading names it."""
    name = r"\s+".join(re.escape(word) for word in found[side].split())
    for candidate in said:
        held = re.search(rf"\b{name}\b", candidate.text, re.IGNORECASE)
        if held:
            return held.group()
    words_of = own(found[side], found[1 - side])
    for candidate in said:
        places = [m for m in re.finditer(r"[^\W_]+", candidate.text) if stem(fold(m.group())) in words_of]
        if places and places[-1].end() - places[0].start() <= 2 * len(found[side]):
            return candidate.text[places[0].start() : places[-1].end()]
    return _capital(found[side])


def _beside(found: Sequence[str], evidence: Sequence[Sequence[Candidate]], library: Library) -> list[Statement]:
    """The evidence of both sides under their names, first what speaks of both; what was not found is said."""
    places = {(c.hit.passage.source, c.start) for c in evidence[1]}
    both = [c for c in evidence[0] if (c.hit.passage.source, c.start) in places][:1]
    shown = {(c.hit.passage.source, c.start) for c in both}
    lines = [_line(quotation(candidate, library), last=True) for candidate in both]
    for side, each in zip(found, evidence, strict=True):
        ours = [c for c in each if (c.hit.passage.source, c.start) not in shown]
        if ours and not (both and len(each) == 1):
            lines.append(Statement(f"{_capital(side)}:", told=True))
            lines += [_line(quotation(c, library), last=c is ours[-1]) for c in ours]
        elif not each:
            lines.append(Statement(f"{_capital(side)}: nothing was found on it.", told=True, after="\n"))
    return lines


def sides(question: str) -> list[str]:
    """The two things that a question compares, as it names them; fewer where they cannot be told."""
    asked = " ".join(question.split()).strip(" ?!.")
    for pattern in _SIDES:
        found = pattern.search(asked)
        if found:
            pair = [_THE.sub("", found.group(name).strip(" ,")) for name in ("a", "b")]
            # "the warranty of the basic and the premium plan": what is compared of both is no part of the one.
            whose = _OF.match(pair[0]) if not re.search(r" (?:of|for) ", pair[1]) else None
            pair = [whose["a"], pair[1]] if whose else pair
            return pair if all(stems(each) for each in pair) else []
    return _around_or(asked)


def _around_or(asked: str) -> list[str]:
    """The words right before and behind "or", as far as no word such as "in" or "the" comes between."""
    before, _, behind = asked.partition(" or ")
    left: list[str] = []
    for word in reversed(before.split()):
        if fold(word.strip(",")) in STOP_WORDS or (left and word.endswith(",")):
            break
        left.insert(0, word.strip(","))
    right: list[str] = []
    for word in behind.split():
        if fold(word.strip(",")) in STOP_WORDS:
            if right:
                break
            continue
        right.append(word.strip(","))
    # "the buyer or the seller pays": no more words than the shorter side, but at least one.
    size = max(1, min(len(left), len(right)))
    return [" ".join(left[-size:]), " ".join(right[:size])] if left and right else []


def _evidence(side: str, other: str, question: str, asked: Asked | None, library: Library) -> list[Candidate]:
    """The best sentences on one side: those that name it, or stand under a heading that does."""
    gone = set(words(other)) - set(words(side))
    rest = " ".join(word for word in words(question) if word not in gone and stem(word) not in _COMPARING)
    hits = library.search(f"{side} {rest}", PASSAGES)
    named = {stem(word) for word in words(side) if word not in STOP_WORDS}
    alone = put(question, side, other, asked) if asked else rest
    ranked = candidates(Request(alone, tuple(hits)), library)
    ours = [c for c in ranked if named <= set(stems(c.text))]
    under = [c for c in ranked if named <= set(stems(f"{c.hit.passage.context} {c.text}"))]
    kept: list[Candidate] = []
    for candidate in under if asked else ours or under:
        if len(kept) < EACH and all(shared(candidate.text, each.text) < SAME for each in kept):
            kept.append(candidate)
    best = kept[0].likely if kept else 0.0
    return sorted((c for c in kept if c.likely >= best / 2), key=lambda c: (c.hit.passage.source, c.start))


def _line(statement: Statement, last: bool) -> Statement:
    return Statement(statement.text, statement.spans, quoted=True, after="\n" if last else " ")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
