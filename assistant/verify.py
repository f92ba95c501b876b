"""A verdict for each claim of an answer: whether what it cites says so, by checks that need no chat model."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant import direction
from assistant.against import alike, conflict, elsewhere, shared, strange, wording
from assistant.facts import Facts, facts
from assistant.types import Answer, Claim
from assistant.verbatim import otherwise
from index.sentences import sentences

SUPPORTED, PARTLY, NOT_SUPPORTED, CONTRADICTED = "supported", "partly", "not supported", "contradicted"

WORDS, MEANING, MODEL = "words", "meaning", "model"

_PARTS = re.compile(
    r";\s+|(?<=[\w)])\.\s+(?=[A-Z][a-z])|,?\s+(?:and(?!\s+\d)|(?<!day )but|while|whereas|although|because(?: of)?)\s+"
    r"|,\s+(?:which|who|so|after|by|with|to|up)\s+"
)
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]{2,600})[\"”“»]")

Likeness = Callable[[str, Sequence[str]], list[float]]
Opinion = Callable[[str, Sequence[str]], str | None]
"""What a chat model says of a claim and its sources: a verdict, or None where it gives none."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a part of a claim and a stretch of its source count as one.

    `same` is the share of the part's words that the stretch holds when both speak of the same thing, `said` the share
    when it says so, `alike` the cosine when it says so in other words. `sure` is the share, amounts and names left
    aside, from which on what only one of them has (a negation, a name) counts. Chosen, before the later claims, on the
    tuning half of `tests/benchmarks/verdicts.py`: 87.9% of its four verdicts right, balanced, where `said` .55 gives
    86.6%. `against` is the chance from which on what is not supported is called contradicted: on the tuning half of
    SciFact .6 gives 59.3%, balanced, .7 gives 54.0%; the four verdicts on other claims are the same for both.
    """

    same: float = 0.5
    said: float = 0.75
    alike: float = 0.58
    sure: float = 0.75
    against: float = 0.6


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and, where it is not "supported", the reason in a few words.

    `by` says what gave it: the words that a claim shares with its sources, or where these leave it open the likeness
    in meaning.
    """

    verdict: str
    reason: str = ""
    by: str = WORDS


def judge(claim: str, sources: Sequence[str], likeness: Likeness | None = None, limits: Limits = LIMITS) -> Judgement:
    """Whether the sources say what the claim says.

    The claim is taken apart, and each part held against the stretch of the sources that is nearest to it: amounts with
    their units, names, negation, opposites and quoted words first, then the words that both share, and where these are
    too few the likeness in meaning.
    """
    stretches = [part for source in sources for part in _stretches(source)]
    if not stretches:
        return Judgement(NOT_SUPPORTED, "it names no source")
    if _folded(claim) in {_folded(group[0]) for group in stretches}:
        return Judgement(SUPPORTED)
    missing = _misquoted(claim, sources)
    if missing:
        return Judgement(NOT_SUPPORTED, f"the words “{missing}” do not stand in its source")
    repeated = [otherwise(claim, group[0]) for group in stretches]
    if "" in repeated:
        return Judgement(SUPPORTED)
    reason = next((each for each in repeated if each), "")
    if reason:
        return Judgement(CONTRADICTED, reason)
    known = frozenset().union(*(facts(text).names for text in (claim, *sources)))
    judged = [_part(part, stretches, known, likeness, limits) for part in _parts(claim)]
    verdicts = [each.verdict for each in judged]
    reason = next((each.reason for each in judged if each.reason), "")
    if CONTRADICTED in verdicts:
        return next(each for each in judged if each.verdict == CONTRADICTED)
    by = MEANING if any(each.by == MEANING for each in judged) else WORDS
    if all(verdict == SUPPORTED for verdict in verdicts):
        return Judgement(SUPPORTED, by=by)
    if SUPPORTED not in verdicts and by == MEANING and direction.otherwise(claim, sources) >= limits.against:
        return Judgement(CONTRADICTED, "its source seems to say otherwise", by)
    return Judgement(PARTLY if SUPPORTED in verdicts else NOT_SUPPORTED, reason, by)


def _part(
    part: str, stretches: Sequence[Sequence[str]], known: frozenset[str], likeness: Likeness | None, limits: Limits
) -> Judgement:
    """The verdict on one part of a claim; `known` are the names that it and its sources hold anywhere."""
    told = facts(part, known)
    nearest = _nearest(told, stretches, known)
    near = [held for held in nearest if shared(told, held) >= limits.same]
    conflicts = [conflict(told, held, wording(told, held) >= limits.sure) for held in near]
    # One place that says so is enough.
    if conflicts and all(conflicts):
        return Judgement(CONTRADICTED, conflicts[0])
    missing = strange(told, facts(" ".join(group[0] for group in stretches), known))
    missing = missing or min((elsewhere(told, held) for held in near), key=len, default="")
    if missing:
        return Judgement(NOT_SUPPORTED, missing)
    if max(shared(told, held) for held in nearest) >= limits.said:
        return Judgement(SUPPORTED)
    every = [each for group in stretches for each in group]
    if likeness and max(likeness(part, every)) >= limits.alike:
        return Judgement(SUPPORTED, by=MEANING)
    return Judgement(NOT_SUPPORTED, "its source says nothing of it", by=MEANING)


def _nearest(told: Facts, stretches: Sequence[Sequence[str]], known: frozenset[str]) -> list[Facts]:
    """What is said where most of a part's words stand, whoever and how much it is said of.

    Of a sentence with several clauses it is one clause, where that holds as much as all of it; the sides it takes are
    those of the nearest clause in any case, and what it denies that of all its clauses.
    """
    best: list[tuple[float, Facts]] = []
    for group in stretches:
        ranked = [(alike(told, facts(each, known)), -len(each), each) for each in group]
        share, _, text = max(ranked)
        clause = facts(max(ranked[1:] or ranked)[2], known)
        denied = facts(group[0], known).denied
        best.append((share, replace(facts(text, known), denied=denied, sides=clause.sides)))
    top = max(share for share, _ in best)
    return [held for share, held in best if share >= top - 1e-9]


def _parts(claim: str) -> list[str]:
    """The clauses of a claim; one that is too short to say anything stays with the one before it."""
    parts: list[str] = []
    for piece in _PARTS.split(claim):
        said = facts(piece)
        if parts and (len(said.words) + len(said.amounts) < 2 or not facts(parts[-1]).words):
            parts[-1] += f" {piece}"
        else:
            parts.append(piece)
    return parts


def _stretches(source: str) -> list[tuple[str, ...]]:
    """The sentences of a source, each with its clauses where it has several."""
    whole = [source[start:end] for start, end in sentences(source)]
    return [tuple(dict.fromkeys((each, *_parts(each)[:8]))) for each in whole]


def _misquoted(claim: str, sources: Sequence[str]) -> str:
    """The first words in quotation marks, three at least, that do not stand in the sources."""
    held = _folded(" ".join(sources))
    for quoted in _QUOTED.findall(claim):
        words = " ".join(quoted.split()).strip(" .,;")
        if len(words.split()) >= 3 and _folded(words) not in held:
            return words[:80]
    return ""


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def verified(
    answer: Answer, likeness: Likeness | None = None, strict: bool = False, opinion: Opinion | None = None
) -> Answer:
    """The answer with a verdict on each claim that a model wrote.

    A quotation is what it quotes and needs none. What words and meaning leave open is put to `opinion`. Where `strict`,
    claims that are contradicted or not supported are left out, and a note says how many.
    """
    quotes = {citation.number: citation.quote for citation in answer.citations}
    judged = []
    for claim in answer.claims:
        if claim.verdict == "quoted":
            judged.append(claim)
            continue
        sources = [quotes[number] for number in claim.citations if number in quotes]
        said = judge(claim.text, sources, likeness)
        asked = opinion(claim.text, sources) if opinion and sources and said.by == MEANING else None
        if asked is not None:
            said = Judgement(asked, "" if asked == SUPPORTED else "the chat model says so", MODEL)
        judged.append(replace(claim, check=said.verdict, reason=said.reason, by=said.by))
    checked = replace(answer, claims=tuple(judged))
    return _without(checked, {NOT_SUPPORTED, CONTRADICTED}) if strict else checked


def _without(answer: Answer, verdicts: set[str]) -> Answer:
    """The answer without the claims that have one of these verdicts, and the citations that nothing else rests on."""
    kept = [claim for claim in answer.claims if claim.check not in verdicts]
    left_out = len(answer.claims) - len(kept)
    if not left_out:
        return answer
    text = ""
    claims: list[Claim] = []
    for claim in kept:
        text += " " if text else ""
        claims.append(replace(claim, start=len(text), end=len(text) + len(claim.text)))
        text += claim.text
    needed = {number for claim in claims for number in claim.citations}
    note = f"{left_out} {'sentence was' if left_out == 1 else 'sentences were'} left out: the sources do not say so"
    return replace(
        answer,
        text=text,
        short=answer.short if answer.short in text else "",
        claims=tuple(claims),
        citations=tuple(citation for citation in answer.citations if citation.number in needed),
        outcome=answer.outcome if claims else "not_found",
        notes=(*answer.notes, note),
    )
