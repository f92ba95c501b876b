"""Draws small plots as SVG text that takes its colours from the page's style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

WIDTH, HEIGHT = 460, 250
LEFT, RIGHT, TOP, BOTTOM = 58, 18, 16, 40

Point = tuple[float, float]


@dataclass(slots=True)
class Plot:
    """A frame with axes from 0 to `right` and 0 to `top` in the units of the data; marks are drawn in order."""

    right: float
    top: float
    across: str
    up: str
    marks: list[str] = field(default_factory=list)

    def x(self, value: float) -> float:
        """Where a value lies across, in pixels."""
        return LEFT + (WIDTH - LEFT - RIGHT) * value / self.right

    def y(self, value: float) -> float:
        """Where a value lies up, in pixels from the upper edge."""
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / self.top

    def bar(self, start: float, end: float, value: float, tip: str, kind: str = "bar") -> None:
        """A bar from `start` to `end` across; `tip` shows when the pointer rests on it."""
        left, width, upper = self.x(start) + 1, max(1.0, self.x(end) - self.x(start) - 2), self.y(value)
        box = f'x="{left:.1f}" y="{upper:.1f}" width="{width:.1f}" height="{self.y(0) - upper:.1f}" rx="1.5"'
        self.marks.append(f'<rect class="{kind}" {box}><title>{escape(tip)}</title></rect>')

    def line(self, points: Sequence[Point], kind: str = "line") -> None:
        """A line through the points."""
        path = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in points)
        self.marks.append(f'<polyline class="{kind}" points="{path}"/>')

    def dot(self, point: Point, radius: float, tip: str, kind: str = "dot") -> None:
        """A dot; `tip` shows when the pointer rests on it."""
        place = f'cx="{self.x(point[0]):.1f}" cy="{self.y(point[1]):.1f}" r="{radius:.1f}"'
        self.marks.append(f'<circle class="{kind}" {place}><title>{escape(tip)}</title></circle>')

    def text(self, point: Point, words: str, anchor: str = "middle", lift: float = 5) -> None:
        """Words above a point."""
        place = f'x="{self.x(point[0]):.1f}" y="{self.y(point[1]) - lift:.1f}" text-anchor="{anchor}"'
        self.marks.append(f'<text class="note" {place}>{escape(words)}</text>')

    def upright(self, value: float, words: str, high: int = 0) -> None:
        """A dashed line up from a value, with words beside its upper end, `high` lines from the top."""
        x = self.x(value)
        self.marks.append(f'<line class="mark" x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{self.y(0):.1f}"/>')
        side, shift = ("start", 5) if value < self.right * (0.65 if high else 0.35) else ("end", -5)
        place = f'x="{x + shift:.1f}" y="{TOP + 9 + 13 * high}" text-anchor="{side}"'
        self.marks.append(f'<text class="note" {place}>{escape(words)}</text>')

    def tick_across(self, value: float, words: str) -> None:
        """A label under the axis."""
        place = f'x="{self.x(value):.1f}" y="{HEIGHT - BOTTOM + 15}" text-anchor="middle"'
        self.marks.append(f'<text class="tick" {place}>{escape(words)}</text>')

    def tick_up(self, value: float, words: str) -> None:
        """A label beside the axis, and a faint line across."""
        y = self.y(value)
        self.marks.append(f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"/>')
        place = f'x="{LEFT - 7}" y="{y + 4:.1f}" text-anchor="end"'
        self.marks.append(f'<text class="tick" {place}>{escape(words)}</text>')

    def svg(self, label: str) -> str:
        """The drawing, with a name for screen readers."""
        middle = (LEFT + WIDTH - RIGHT) / 2
        half = (TOP + HEIGHT - BOTTOM) / 2
        axes = (
            f'<line class="axis" x1="{LEFT}" y1="{self.y(0):.1f}" x2="{WIDTH - RIGHT}" y2="{self.y(0):.1f}"/>'
            f'<text class="label" x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">{escape(self.across)}</text>'
            f'<text class="label" transform="translate(12 {half}) rotate(-90)" text-anchor="middle">'
            f"{escape(self.up)}</text>"
        )
        opening = f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}">'
        return opening + "".join(self.marks) + axes + "</svg>"


def steps(top: float, count: int = 4) -> list[float]:
    """Round numbers from 0 to at least `top`, about `count` of them, to label an axis with."""
    if top <= 0:
        return [0.0, 1.0]
    size = 10.0 ** len(str(int(top)).lstrip("0")) if top >= 1 else 1.0
    while size * 0.1 * count > top:
        size *= 0.1
    step = next(size * share for share in (0.1, 0.2, 0.25, 0.5, 1, 2) if size * share * count >= top)
    return [step * at for at in range(int(-(-top // step)) + 1)]
