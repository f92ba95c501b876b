"""A verdict for each claim of an answer: whether what it cites says so, by checks that need no chat model."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.facts import Amount, Facts, facts
from assistant.types import Answer, Claim
from index.sentences import sentences

SUPPORTED, PARTLY, NOT_SUPPORTED, CONTRADICTED = "supported", "partly", "not supported", "contradicted"

_PARTS = re.compile(
    r";\s+|,?\s+(?:and|but|while|whereas|although)\s+|,\s+(?:which|who|because|so|after|by|with|to|up)\s+"
)
_CLAUSES = re.compile(r";\s+|,\s+(?:while|but|whereas)\s+")
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]{2,600})[\"”“»]")

Likeness = Callable[[str, Sequence[str]], list[float]]


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a part of a claim and a stretch of its source count as one.

    `same` is the share of the part's words that the stretch holds when both speak of the same thing, `said` the share
    when it says so, `alike` the cosine when it says so in other words.
    """

    same: float = 0.5
    said: float = 0.55
    alike: float = 0.62


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and, where it is not "supported", the reason in a few words."""

    verdict: str
    reason: str = ""


def judge(claim: str, sources: Sequence[str], likeness: Likeness | None = None, limits: Limits = LIMITS) -> Judgement:
    """Whether the sources say what the claim says.

    The claim is taken apart, and each part held against the stretch of the sources that is nearest to it: amounts with
    their units, names, negation, opposites and quoted words first, then the words that both share, and where these are
    too few the likeness in meaning.
    """
    stretches = [part for source in sources for part in _stretches(source)]
    if not stretches:
        return Judgement(NOT_SUPPORTED, "it names no source")
    missing = _misquoted(claim, sources)
    if missing:
        return Judgement(NOT_SUPPORTED, f"the words “{missing}” do not stand in its source")
    judged = [_part(part, stretches, likeness, limits) for part in _parts(claim)]
    verdicts = [each.verdict for each in judged]
    reason = next((each.reason for each in judged if each.reason), "")
    if CONTRADICTED in verdicts:
        return next(each for each in judged if each.verdict == CONTRADICTED)
    if all(verdict == SUPPORTED for verdict in verdicts):
        return Judgement(SUPPORTED)
    return Judgement(PARTLY if {SUPPORTED, PARTLY} & set(verdicts) else NOT_SUPPORTED, reason)


def _part(part: str, stretches: Sequence[Sequence[str]], likeness: Likeness | None, limits: Limits) -> Judgement:
    """The verdict on one part of a claim."""
    told = facts(part)
    nearest = _nearest(told, stretches)
    shared = max(_shared(told, held) for held in nearest)
    if shared >= limits.same:
        conflicts = [_conflict(told, held) for held in nearest if _shared(told, held) >= limits.same]
        # One place that says so is enough.
        if all(conflicts):
            return Judgement(CONTRADICTED, conflicts[0])
    every = [each for group in stretches for each in group]
    strange = _strange(told, facts(" ".join(group[0] for group in stretches)))
    if strange:
        return Judgement(NOT_SUPPORTED, strange)
    if shared >= limits.said or (likeness and max(likeness(part, every)) >= limits.alike):
        return Judgement(SUPPORTED)
    return Judgement(NOT_SUPPORTED, "its source says nothing of it")


def _nearest(told: Facts, stretches: Sequence[Sequence[str]]) -> list[Facts]:
    """What is said where most of a part's words but its names stand, whoever it is said of.

    Of a sentence with several clauses it is one clause, where that holds as much as all of it.
    """
    best: list[tuple[float, Facts]] = []
    for group in stretches:
        ranked = [(_shared(told, facts(each), names=False), -len(each), each) for each in group]
        share, _, text = max(ranked)
        best.append((share, facts(text)))
    top = max(share for share, _ in best)
    return [held for share, held in best if share >= top - 1e-9]


def _conflict(told: Facts, held: Facts) -> str:
    """What a part says otherwise than the stretch that speaks of the same thing; empty where nothing."""
    for amount in told.amounts:
        if not any(_equal(amount, other) for other in held.amounts):
            rival = next((other for other in held.amounts if amount.units & other.units), None)
            if rival is not None:
                return f"its source says {rival.text}, not {amount.text}"
    strangers, others = told.names - held.names - held.words, held.names - told.names - told.words
    if strangers and others:
        return f"its source does not speak of {_listed(strangers)} here"
    if told.negated != held.negated:
        return "its source says the opposite"
    opposite = {(pair, 1 - side) for pair, side in told.sides} & held.sides
    return "its source says the opposite" if opposite else ""


def _strange(told: Facts, around: Facts) -> str:
    """An amount or a name that stands nowhere in the sources; empty where all do."""
    for amount in told.amounts:
        if not any(amount.value == other.value for other in around.amounts):
            return f"{amount.text} does not stand in its source"
    strangers = told.names - around.names - around.words
    return f"its source does not speak of {_listed(strangers)}" if strangers else ""


def _equal(one: Amount, other: Amount) -> bool:
    return one.value == other.value and (not one.units or not other.units or bool(one.units & other.units))


def _listed(names: frozenset[str]) -> str:
    return ", ".join(name.capitalize() for name in sorted(names)[:3])


def _shared(told: Facts, held: Facts, names: bool = True) -> float:
    """The share of a part's words and amounts that a stretch holds too, 0 to 1; with or without its names."""
    words = told.words if names else (told.words - told.names) or told.words
    wanted = len(words) + len(told.amounts)
    if not wanted:
        return 0.0
    found = len(words & (held.words | held.names)) + sum(
        any(amount.value == other.value for other in held.amounts) for amount in told.amounts
    )
    return found / wanted


def _parts(claim: str) -> list[str]:
    """The clauses of a claim; one that is too short to say anything stays with the one before it."""
    parts: list[str] = []
    for piece in _PARTS.split(claim):
        said = facts(piece)
        if parts and len(said.words) + len(said.amounts) < 2:
            parts[-1] += f" {piece}"
        else:
            parts.append(piece)
    return parts


def _stretches(source: str) -> list[tuple[str, ...]]:
    """The sentences of a source, each with its clauses where it has several."""
    whole = [source[start:end] for start, end in sentences(source)]
    return [tuple(dict.fromkeys((each, *_CLAUSES.split(each)[:6]))) for each in whole]


def _misquoted(claim: str, sources: Sequence[str]) -> str:
    """The first words in quotation marks, three at least, that do not stand in the sources."""
    held = " ".join(" ".join(sources).casefold().split())
    for quoted in _QUOTED.findall(claim):
        words = " ".join(quoted.split()).strip(" .,;")
        if len(words.split()) >= 3 and words.casefold() not in held:
            return words[:80]
    return ""


def verified(answer: Answer, likeness: Likeness | None = None, strict: bool = False) -> Answer:
    """The answer with a verdict on each claim that a model wrote.

    A quotation is what it quotes and needs none. Where `strict`, claims that are contradicted or not supported are left
    out, and a note says how many.
    """
    quotes = {citation.number: citation.quote for citation in answer.citations}
    judged = []
    for claim in answer.claims:
        if claim.verdict == "quoted":
            judged.append(claim)
            continue
        said = judge(claim.text, [quotes[number] for number in claim.citations if number in quotes], likeness)
        judged.append(replace(claim, check=said.verdict, reason=said.reason))
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
