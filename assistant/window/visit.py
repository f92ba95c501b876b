"""What the window keeps of one visit beside what was said."""

from __future__ import annotations

from typing import TypedDict

from assistant import Assistant
from assistant.offered import Offer
from assistant.window.asking import Asking
from assistant.window.choice import Choice
from assistant.window.verdict import Verdict
from assistant.window.why import Why
from assistant.window.writers import Chosen


class Visit(TypedDict, total=False):
    """What is being answered, to be stopped; by turn, the verdict and the open "why"; and where is asked.

    `refusals` counts the questions that were given back. `offers` are the chat models that were found and `missed` what
    was not; `chosen` is which of them writes, `writer` the assistant that is asked for it.
    """

    asking: Asking
    verdicts: dict[int, Verdict]
    whys: dict[int, Why]
    choice: Choice
    refusals: int
    offers: tuple[Offer, ...]
    missed: str
    chosen: Chosen
    writer: Assistant
