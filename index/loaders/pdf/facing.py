"""Which way the text of a PDF page faces: one that is printed sideways is read as if the page were turned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from index.loaders.pdf.letters import Placing, angle
from index.types import Box

# Characters that are asked for their angle, and the share of them that must agree for the page to be turned.
_ASKED = 300
_AGREED = 0.6


def facing(page: Any, text: Any, codes: Sequence[int]) -> int:
    """The degrees clockwise by which the page has to be turned for most of its text to be upright: 0, 90, 180 or 270.

    Where the text faces several ways, these are those by which the page is shown.
    """
    solid = [index for index, code in enumerate(codes) if code > 32]
    asked = solid[:: max(1, len(solid) // _ASKED)]
    angles = Counter(angle(text, index) for index in asked)
    found, count = angles.most_common(1)[0] if angles else (0, 0)
    return found if found % 90 == 0 and count > _AGREED * len(asked) else int(page.get_rotation())


def placing(page: Any, degrees: int) -> Placing:
    """From PDF coordinates (origin below left, not rotated) to points from the upper left corner of the turned page."""
    left, bottom, right, top = page.get_bbox()
    turns: dict[int, Placing] = {
        0: lambda x, y: (x - left, top - y),
        90: lambda x, y: (y - bottom, x - left),
        180: lambda x, y: (right - x, y - bottom),
        270: lambda x, y: (top - y, right - x),
    }
    return turns[degrees]


def as_shown(box: Box, quarters: int) -> Box:
    """A box, as fractions of a page that was turned clockwise by so many quarters, on the page as it is shown."""
    left, top, right, bottom = box
    return (
        box,
        (top, 1 - right, bottom, 1 - left),
        (1 - right, 1 - bottom, 1 - left, 1 - top),
        (1 - bottom, left, 1 - top, right),
    )[quarters % 4]
