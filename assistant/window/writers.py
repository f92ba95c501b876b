"""The control that says who writes the answers, as HTML: one quiet line, and opened, what there is to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.offered import Offer
from assistant.window.escape import attribute, escape, handle, sentence

QUOTED = "quoted"  # stands for no model in what the page sends
ALONE = "Everything stays on this computer."
OWN = "Answers are written by a chat model on this computer. Everything stays on it."
AWAY = "Answers are written by a chat model: your questions and the passages found for them are sent to {}."


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who writes: an offer, or nobody, so that answers are quoted; and why what was chosen last does not work."""

    offer: Offer | None = None
    problem: str = ""
    wrong: str = ""

    @property
    def key(self) -> str:
        """What stands for it in what the page sends."""
        return key_of(self.offer)

    @property
    def where(self) -> str:
        """In a sentence, whether what is asked leaves this computer."""
        if self.offer is None:
            return ALONE
        return AWAY.format(self.offer.goes_to) if self.offer.goes_to else OWN


def key_of(offer: Offer | None) -> str:
    """What stands for an offer in what the page sends: its provider alone where that has many models."""
    if offer is None:
        return QUOTED
    return handle(f"{offer.of} {'' if offer.named else offer.model} {offer.url}")


def writers(chosen: Chosen, offers: Sequence[Offer] | None = None, missed: str = "") -> str:
    """The control; `offers` are those that were found, None before anybody looked, `missed` what was not found."""
    writes = " data-writes" if chosen.offer is not None else ""
    return (
        f'<div class="writing" data-key="writing" data-where="{attribute(chosen.where)}"{writes}>'
        '<details data-key="writers">'
        f'<summary title="Choose who writes the answers"><span aria-live="polite">{line(chosen)}</span></summary>'
        f"<form>{choices(chosen, offers, missed)}</form></details></div>"
    )


def line(chosen: Chosen) -> str:
    """What is in force, in one line."""
    if chosen.offer is None:
        return "Answers: quoted from the documents"
    return f'Answers: written by <b dir="auto">{escape(chosen.offer.name)}</b>'


def choices(chosen: Chosen, offers: Sequence[Offer] | None, missed: str) -> str:
    """What there is to choose from: quoting first, then what was found, by whose it is."""
    lead = (
        '<p class="lead">Who writes the answers, from the next question on? Each citation is checked in any case.</p>'
    )
    quoting = option(
        QUOTED, chosen, "Quoted from your documents", "No model: the sentences themselves. Nothing is sent anywhere."
    )
    if offers is None:
        return f'{lead}{quoting}<p class="aside" role="status" data-key="looking">Looking for chat models…</p>'
    groups = [group(who, list(each), chosen) for who, each in groupby(offers, key=lambda offer: offer.of)]
    rest = f'<p class="aside" data-key="missed">{sentence(missed)}</p>' if missed else ""
    return lead + quoting + "".join(groups) + rest


def group(who: str, offers: Sequence[Offer], chosen: Chosen) -> str:
    """The models of one provider, and where what they are asked goes."""
    goes = sorted({offer.goes_to for offer in offers})
    said = told(goes[0]) if len(goes) == 1 else ""
    rows = "".join(row(offer, chosen, told(offer.goes_to) if not said else "") for offer in offers)
    aside = f'<p class="aside">{escape(said)}</p>' if said else ""
    return f'<fieldset data-key="{handle(who)}"><legend>{escape(who)}</legend>{aside}{rows}</fieldset>'


def told(goes_to: str) -> str:
    """Where questions and passages go, in a sentence."""
    if not goes_to:
        return "Runs on this computer; nothing leaves it."
    return f"Your questions and the passages found for them are sent to {goes_to}."


def row(offer: Offer, chosen: Chosen, aside: str) -> str:
    """One model, or a provider's models by name; where a package is missing, the command that installs it instead."""
    key = key_of(offer)
    if offer.missing:
        need = f"Needs a package: <code>{escape(offer.missing)}</code>, then open this list again."
        return option(key, chosen, f"{offer.of}’s models", "", need, False)
    if not offer.named:
        return option(key, chosen, offer.name, aside)
    named = chosen.offer.name if chosen.offer is not None and chosen.key == key else offer.name
    box = (
        f'<input type="text" name="model" value="{attribute(named)}" maxlength="100" autocomplete="off" '
        f'spellcheck="false" aria-label="Model of {attribute(offer.of)}">'
    )
    return option(key, chosen, "", aside, box)


def option(key: str, chosen: Chosen, name: str, aside: str, more: str = "", can: bool = True) -> str:
    """One choice as a round button with its name, a line below it, and what is wrong with it, if anything is."""
    wrong = f'<p class="problem" role="alert">{sentence(chosen.problem)}</p>' if chosen.wrong == key else ""
    ticked = f"{' checked' if chosen.key == key else ''}{'' if can else ' disabled'}"
    label = f'<b dir="auto">{escape(name)}</b>' if name else "<b>The model named</b>"
    below = f'<span class="aside">{escape(aside)}</span>' if aside else ""
    inside = f'<div class="more">{more}</div>' if more else ""
    return (
        f'<div class="writer" data-key="{key}"><label><input type="radio" name="writer" value="{key}"{ticked}>'
        f"<span>{label}{below}</span></label>{inside}{wrong}</div>"
    )
