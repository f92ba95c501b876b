"""The plots of a report: each takes the records and gives a drawing and a sentence on it, or None."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.evaluation.diagnose import GOOD, STAGES
from assistant.evaluation.grid import counted
from assistant.evaluation.judge import right
from assistant.evaluation.plots import Plot, steps
from assistant.evaluation.record import Record

BINS = 10
RANKS = ((1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 10), (11, 20), (21, 50), (51, 10**9))


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing as HTML with its title, and a sentence on how to read it; `wide` takes the whole width."""

    title: str
    drawing: str
    caption: str
    wide: bool = False


def charts(records: Sequence[Record]) -> list[Chart]:
    """All charts that these records have something for."""
    drawn = (losses(records), ranks(records), reliability(records), risk(records), latency(records))
    return [chart for chart in drawn if chart is not None]


def latency(records: Sequence[Record]) -> Chart | None:
    """How long questions took: a histogram up to the 99th percentile, the rest in its last bar."""
    times = np.array([result.seconds for _, result in records if result.seconds is not None])
    if not times.size:
        return None
    middle, slow, top = (float(value) for value in np.percentile(times, [50, 95, 99], method="inverted_cdf"))
    marks = steps(max(top, 1e-4))
    counts, edges = np.histogram(np.clip(times, 0, marks[-1]), bins=24, range=(0, marks[-1]))
    upward = steps(1.3 * float(counts.max()))
    plot = Plot(marks[-1], upward[-1], "seconds", "questions")
    for value in upward:
        plot.tick_up(value, f"{value:,.0f}" if value == int(value) else "")
    for value in marks:
        plot.tick_across(value, f"{value:.3g}")
    for count, start, end in zip(counts, edges, edges[1:], strict=False):
        if count:
            plot.bar(start, end, count, f"{start:.3g} to {end:.3g} s: {counted(int(count), 'question')}")
    plot.upright(middle, f"half within {middle:.3g} s")
    plot.upright(slow, f"95 % within {slow:.3g} s", 1)
    beyond = int((times > marks[-1]).sum())
    more = f" {beyond:,} took longer than {marks[-1]:.3g} s and stand in the last bar." if beyond else ""
    return Chart("How long an answer took", plot.svg("latency"), f"Wall-clock time of each question.{more}")


def reliability(records: Sequence[Record]) -> Chart | None:
    """Confidence against the share of right answers, in ten bins; refusals are no answers."""
    known = _judged([record for record in records if record[1].answered or record[1].error])
    if not known.size:
        return None
    plot = _unit("confidence", "share of right answers")
    plot.line([(0, 0), (1, 1)], "guide")
    bins = np.clip((known[:, 0] * BINS).astype(int), 0, BINS - 1)
    points = []
    for one in range(BINS):
        held = known[bins == one]
        if held.size:
            sure, share = (float(value) for value in held.mean(axis=0))
            points.append((sure, share))
            tip = f"confidence {sure:.2f}, right {share:.0%}, {counted(len(held), 'question')}"
            plot.dot((sure, share), 3 + 12 * math.sqrt(len(held) / len(known)), tip)
    plot.line(points)
    caption = (
        "On the dashed line confidence means what it says; below it the assistant is too sure. Larger: more questions."
    )
    return Chart("Is it as right as it is sure?", plot.svg("reliability diagram"), caption)


def risk(records: Sequence[Record]) -> Chart | None:
    """The share of wrong answers if only the surest were given, over the share that is given."""
    known = _judged(records)
    if not known.size:
        return None
    order = np.argsort(-known[:, 0], kind="stable")
    wrong = np.cumsum(1 - known[order, 1]) / np.arange(1, len(known) + 1)
    cover = np.arange(1, len(known) + 1) / len(known)
    last = np.r_[np.diff(known[order, 0]) < 0, True]
    picked = np.flatnonzero(last)
    picked = picked[np.unique(np.linspace(0, len(picked) - 1, 200).astype(int))]
    plot = _unit("share of questions answered", "share of them wrong")
    plot.line([(0, float(wrong[-1])), (1, float(wrong[-1]))], "guide")
    plot.line([(float(cover[at]), float(wrong[at])) for at in picked])
    rate = float(np.mean([result.answered for _, result in records]))
    plot.upright(rate, f"it answered {rate:.0%}")
    caption = "The surest answers come first, from the left. Dashed: what a confidence that says nothing would give."
    return Chart("What refusing more would buy", plot.svg("risk over coverage"), caption)


def ranks(records: Sequence[Record]) -> Chart | None:
    """The rank of the first passage that shows any of the evidence."""
    firsts = [
        min((loss.rank for loss in result.losses if loss.rank), default=0) for _, result in records if result.losses
    ]
    if not firsts:
        return None
    labels = [f"{low}" if low == high else f"{low}-{high}" for low, high in RANKS[:-1]] + [f"{RANKS[-1][0]}+"]
    counts = [sum(low <= rank <= high for rank in firsts) for low, high in RANKS]
    absent = len(firsts) - sum(counts)
    upward = steps(100 * max(*counts, absent) / len(firsts))
    plot = Plot(len(RANKS) + 1, upward[-1], "rank of the first passage that shows evidence", "% of questions")
    for value in upward:
        plot.tick_up(value, f"{value:g}")
    for at, (label, count) in enumerate(zip([*labels, "none"], [*counts, absent], strict=True)):
        share = 100 * count / len(firsts)
        plot.tick_across(at + 0.5, label)
        kind = "bar" if at < len(RANKS) else "bar lost"
        plot.bar(at + 0.08, at + 0.92, share, f"{label}: {counted(count, 'question')}", kind)
        if count:
            plot.text((at + 0.5, share), f"{share:.0f}")
    caption = f"Over {counted(len(firsts), 'question')} with evidence."
    return Chart("Where the first right passage stood", plot.svg("ranks"), caption)


def losses(records: Sequence[Record]) -> Chart | None:
    """What became of each piece of evidence, as bars side by side."""
    counts = Counter(loss.stage for _, result in records for loss in result.losses)
    stages = [stage for stage in STAGES if counts[stage]]
    if not stages:
        return None
    total = sum(counts.values())
    rows = [
        f'<div class="stage" title="{STAGES[stage]}"><span>{stage}</span>'
        f'<span class="track"><i class="{"kept" if stage in GOOD else "lost"}"'
        f' style="width:{100 * counts[stage] / total:.2f}%"></i></span>'
        f"<b>{counts[stage] / total:.1%}</b><span>{counts[stage]:,}</span></div>"
        for stage in stages
    ]
    caption = f"Over {counted(total, 'piece')} of evidence, from the document's text to the answer."
    return Chart("What became of the evidence", f'<div class="stages">{"".join(rows)}</div>', caption, wide=True)


def _judged(records: Sequence[Record]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Confidence and rightness (n × 2) of the questions where it is known."""
    known = ((result.confidence, right(case, result)) for case, result in records if result.outcome != "searched")
    return np.array([(sure, float(good)) for sure, good in known if good is not None]).reshape(-1, 2)


def _unit(across: str, up: str) -> Plot:
    plot = Plot(1, 1, across, up)
    for value in (0, 0.25, 0.5, 0.75, 1):
        plot.tick_up(value, f"{value:.0%}")
        plot.tick_across(value, f"{value:.0%}")
    return plot
