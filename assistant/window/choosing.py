"""What happens when somebody chooses who writes the answers: from events to the control and the assistant asked."""

from __future__ import annotations

from dataclasses import replace

import gradio as gr

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.models import warm
from assistant.offered import NAME, Offer, offered, place_of
from assistant.window.detail import words
from assistant.window.visit import Visit
from assistant.window.writers import QUOTED, Chosen, key_of, writers


class Choosing:
    """The events of the control over one assistant; what each visitor chose is kept in `visit`.

    A page can choose among what was found for it, and name a model of a provider whose key is set; it names no address.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._begun = begun(assistant)

    def first(self) -> str:
        """The control before anybody opened it."""
        return writers(self._begun)

    def look(self, visit: Visit) -> str:
        """The control with what there is to choose from, looked for now."""
        warm()
        found, missed = offered()
        start = self._begun.offer
        if start is not None and key_of(start) not in map(key_of, found):
            found = [start, *found]
        visit["offers"], visit["missed"] = tuple(found), missed
        return self._shown(visit)

    def choose(self, visit: Visit, event: gr.EventData) -> str:
        """The control after a choice, which holds from the next question on; the last one stays where it cannot be."""
        key, name = words(event, "writer"), words(event, "model").strip()
        before = replace(visit.get("chosen", self._begun), problem="", wrong="")
        offer = next((each for each in visit.get("offers", ()) if key_of(each) == key and not each.missing), None)
        if offer is None and key != QUOTED:
            visit["chosen"] = before
            return self._shown(visit)
        try:
            if offer is not None and offer.named:
                offer = _called(offer, name)
            writer = self._writer(offer)
        except AssistantError as error:
            visit["chosen"] = replace(before, problem=str(error), wrong=key)
        else:
            visit["writer"], visit["chosen"] = writer, Chosen(offer)
        return self._shown(visit)

    def _writer(self, offer: Offer | None) -> Assistant:
        if offer == self._begun.offer:
            return self._assistant
        return self._assistant.written_by(*((offer.model, offer.url) if offer is not None else (None, None)))

    def _shown(self, visit: Visit) -> str:
        return writers(visit.get("chosen", self._begun), visit.get("offers"), visit.get("missed", ""))


def begun(assistant: Assistant) -> Chosen:
    """Who writes where nobody has chosen yet: what the settings say."""
    settings, own = assistant.settings, "As this window was started"
    if settings.model:
        return Chosen(Offer(settings.model, settings.model_url, own, place_of(settings.model, settings.model_url)))
    # A model that was passed in: only who passed it in knows where its server is.
    name = assistant.model_name
    return Chosen(Offer(f"own:{name}", None, own, "the server it runs on")) if name else Chosen()


def _called(offer: Offer, name: str) -> Offer:
    if NAME.fullmatch(name) is None:
        raise AssistantError(f"{name[:40]!r} cannot be the name of a model; a name such as {offer.name} would work")
    return replace(offer, model=f"{offer.model.partition(':')[0]}:{name}")
