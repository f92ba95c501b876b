"""What silence buys: thresholds of confidence, how many answers above each are wrong, how many questions are left.

Measured by `python -m tests.benchmarks.calibrate_read` on Wikipedia articles that the trained reader never saw: half of
the questions have their answer in the documents, a quarter lack it and a quarter only seem to have it. Each share is
that of the worse of two sets of articles. Of what counts as wrong there a part is right: changed questions that the
documents do answer, and answers that also stand elsewhere.
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
    Risk(0.02, 0.545, 0.976),
    Risk(0.05, 0.486, 0.942),
    Risk(0.1, 0.435, 0.876),
    Risk(0.15, 0.398, 0.836),
    Risk(0.22, 0.356, 0.782),
    Risk(0.3, 0.319, 0.707),
    Risk(0.4, 0.26, 0.62),
    Risk(0.5, 0.231, 0.518),
    Risk(0.6, 0.205, 0.438),
    Risk(0.7, 0.169, 0.307),
    Risk(0.8, 0.151, 0.207),
    Risk(0.84, 0.106, 0.144),
    Risk(0.88, 0.097, 0.098),
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
