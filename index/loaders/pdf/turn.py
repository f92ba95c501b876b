"""How a page lay in the scanner, and the way back from the upright page to the page as it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin

from index.loaders.pdf.lines import Sheet
from index.types import Box


@dataclass(frozen=True, slots=True)
class Turn:
    """The quarter turns to the left that put a page upright, and the degrees by which its lines fall after them."""

    quarters: int = 0
    slope: float = 0.0

    def back(self, box: Box, width: float, height: float) -> Box:
        """A box on the upright page, as fractions of it, on the page as it is shown; the size is the upright page's."""
        angle = radians(self.slope)
        points = []
        for x, y in ((box[0], box[1]), (box[2], box[1]), (box[2], box[3]), (box[0], box[3])):
            across, down = (x - 0.5) * width, (y - 0.5) * height
            x = (across * cos(angle) - down * sin(angle)) / width + 0.5
            y = (across * sin(angle) + down * cos(angle)) / height + 0.5
            points.append(((x, y), (1 - y, x), (1 - x, 1 - y), (y, 1 - x))[self.quarters % 4])
        xs, ys = ([round(min(max(value, 0.0), 1.0), 5) for value in values] for values in zip(*points, strict=True))
        return min(xs), min(ys), max(xs), max(ys)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A page with the lines that were recognised on it, upright, and how it lay.

    `found` are the characters that were recognised, `unsure` those of them that were left out.
    """

    sheet: Sheet
    turn: Turn
    found: int
    unsure: int
