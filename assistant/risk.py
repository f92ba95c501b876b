"""What silence buys: thresholds of confidence, how many answers above each are wrong, how many questions are left.

Measured by `python -m tests.benchmarks.calibrate_open`, after `calibrate_read --questions 800`, on Wikipedia articles
that the trained reader never saw: half have their answer in the documents, a quarter lack
it and a quarter only seem to have it. Each share is that of the worse of two sets of articles. Of what counts as wrong
there a part is right: changed questions that the documents do answer, and answers that also stand elsewhere.
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


CURVE = (
    Risk(0.02, 0.551, 0.978),
    Risk(0.05, 0.488, 0.937),
    Risk(0.1, 0.441, 0.876),
    Risk(0.15, 0.409, 0.829),
    Risk(0.22, 0.375, 0.759),
    Risk(0.3, 0.33, 0.687),
    Risk(0.4, 0.291, 0.611),
    Risk(0.5, 0.252, 0.528),
    Risk(0.6, 0.217, 0.427),
    Risk(0.7, 0.192, 0.312),
    Risk(0.8, 0.163, 0.19),
    Risk(0.84, 0.131, 0.13),
    Risk(0.88, 0.109, 0.079),
)
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


def told(percent: float) -> str:
    """What a share of wrong answers costs, in a sentence."""
    risk = at_most(percent)
    return (
        f"at most {percent:g}% wrong answers: silent below a confidence of {risk.threshold:g}, "
        f"where {risk.coverage:.0%} of the questions that documents answer were answered"
    )
