"""What happens when somebody chooses where to ask: from events to the control above the question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.window.choice import Choice, choice_of, offers
from assistant.window.escape import counted
from assistant.window.filters import filters
from assistant.window.scoped import parts, without
from assistant.window.visit import Visit
from index.errors import LibraryError
from index.types import Entry, Scope


class Looking:
    """The events of the control over one assistant; the choice of each visitor is kept in `visit`."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def refresh(self, visit: Visit) -> Any:
        """The control as the documents now are."""
        try:
            return self._shown(visit, self._assistant.documents())
        except (AssistantError, LibraryError):
            return gr.skip()  # the list of documents says what is wrong with the library

    def choose(self, visit: Visit, event: gr.EventData) -> Any:
        """The control after something was ticked or typed."""
        try:
            entries = self._assistant.documents()
            visit["choice"] = choice_of(event, entries, chosen(visit))
            return self._shown(visit, entries)
        except (AssistantError, LibraryError):
            return gr.skip()

    def _shown(self, visit: Visit, entries: Sequence[Entry]) -> str:
        choice, index = chosen(visit), self._assistant.index
        scope = None if choice.problems() else choice.scope(entries)
        return filters(choice, offers(entries, choice), scope, index.searched(scope), index.searched().documents)


def chosen(visit: Visit) -> Choice:
    """What a visitor has chosen."""
    return visit.get("choice", Choice())


def loosened(assistant: Assistant, scope: Scope) -> str:
    """What would help where nothing is in a scope: the part without which there is most, or none that helps."""
    more = {text: assistant.index.searched(without(scope, field)).documents for field, text in parts(scope).items()}
    text = max(more, key=lambda each: more[each])
    if len(more) < 2 or not more[text]:
        return ""
    return f"without “{text}” there {'is' if more[text] == 1 else 'are'} {counted(more[text], 'document')}"
