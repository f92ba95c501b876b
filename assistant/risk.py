"""What silence buys: thresholds of confidence, how many answers above each are wrong, how many questions are left.


Measured on held-out articles (`python -m tests.benchmarks.calibrate_read`), where a third of the questions have their
answer in the documents, a third lack it and a third only seem to have it: documents that hold more of what is asked
for are answered more often, and more rightly.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.errors import BadSetting


@dataclass(frozen=True, slots=True)
class Risk:
    """With silence below `threshold`: the shares, 0 to 1, of answers that are wrong and of answerable questions that
    are answered."""

    threshold: float
    wrong: float
    coverage: float


CURVE: tuple[Risk, ...] = (Risk(0.05, 0.6, 0.9), Risk(0.5, 0.3, 0.4), Risk(0.8, 0.1, 0.1))
"""From the least silence to the most."""


def at_most(percent: float) -> Risk:
    """The least silence with which at most `percent` of the answers are wrong.

    Raises `BadSetting` for a share that is not between the least that was measured and 100.
    """
    for risk in CURVE:
        if risk.wrong * 100 <= percent <= 100:
            return risk
    least = min(risk.wrong for risk in CURVE) * 100
    raise BadSetting(f"at most {percent:g}% wrong answers cannot be promised; the measured range is {least:.0f} to 100")
