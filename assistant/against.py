"""How a part of a claim and a stretch of its source compare: what they share, and what one says otherwise."""

from __future__ import annotations

from assistant.facts import Facts, crossed
from index.words import stem

_ANYBODY = frozenset(
    map(stem, "user people person staff employee member anyone everyone customer visitor guest".split())
)
"""Those of whom "nobody" is none."""


def conflict(told: Facts, held: Facts, sure: bool) -> str:
    """What a part says otherwise than the stretch that speaks of the same thing; empty where nothing.

    `sure` says that both use the same words but for amounts and names, so that what only one of them has counts.
    """
    for amount in told.amounts:
        same = [other for other in held.amounts if amount.same(other)]
        rival = next((other for other in held.amounts if amount.units & other.units and other not in same), None)
        if rival is not None and not any(amount.units & other.units for other in same):
            return f"its source says {rival.text}, not {amount.text}"
        if sure and not same:
            return f"its source does not say {amount.text} here"
    missing = elsewhere(told, held) if sure else ""
    return missing or ("its source says the opposite" if sure and opposed(told, held) else "")


def elsewhere(told: Facts, held: Facts) -> str:
    """The names of a part in whose place the stretch holds others, as a reason; empty where it does not."""
    strangers, others = told.names - held.names - held.words, held.names - told.names - told.words
    return f"its source does not speak of {_listed(strangers)} here" if strangers and others else ""


def opposed(told: Facts, held: Facts) -> bool:
    """Whether one denies what the other says, or they take opposite sides."""
    for one, other in ((told, held), (held, told)):
        for scope, _ in one.denied:
            if not scope or len(scope & other.words) * 3 < len(scope) * 2:
                continue
            if not any(scope & clause for _, clause in other.denied):
                return True
    return bool(crossed(told, held))


def strange(told: Facts, around: Facts) -> str:
    """An amount or a name that stands nowhere in the sources; empty where all do."""
    for amount in told.amounts:
        if amount.text.lower() != "a" and not any(amount.same(other) for other in around.amounts):
            return f"{amount.text} does not stand in its source"
    strangers = told.names - around.names - around.words
    return f"its source does not speak of {_listed(strangers)}" if strangers else ""


def _listed(names: frozenset[str]) -> str:
    return ", ".join(name.capitalize() for name in sorted(names)[:3])


def shared(told: Facts, held: Facts) -> float:
    """The share of a part's words, names and amounts that a stretch holds too, 0 to 1."""
    wanted = len(told.words) + len(told.amounts)
    found = len(told.words & (held.words | held.names))
    found += sum(any(amount.same(other) for other in held.amounts) for amount in told.amounts)
    return found / wanted if wanted else 0.0


def alike(told: Facts, held: Facts) -> float:
    """How near a stretch is by its words alone, by its names where there are no others, 0 to 1."""
    words = told.words - told.names
    return len(words & held.words) / len(words) if words else shared(told, held)


def wording(told: Facts, held: Facts) -> float:
    """The share of a part's words, amounts and names left aside, that a stretch holds too, 0 to 1."""
    words = told.words - told.names - _ANYBODY
    # An opposite is what the same words differ in.
    opposite = 1 if crossed(told, held) else 0
    return min(1.0, (len(words & held.words) + opposite) / len(words)) if words else 0.0
