"""What the window keeps of one visit beside what was said."""

from __future__ import annotations

from typing import TypedDict

from assistant.window.asking import Asking
from assistant.window.choice import Choice
from assistant.window.verdict import Verdict
from assistant.window.why import Why


class Visit(TypedDict, total=False):
    """What is being answered, to be stopped; by turn, the verdict and the open "why"; and where is asked.

    `refusals` counts the questions that were given back.
    """

    asking: Asking
    verdicts: dict[int, Verdict]
    whys: dict[int, Why]
    choice: Choice
    refusals: int
