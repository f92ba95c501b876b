"""Groups the lines of a PDF page into paragraphs, list items and table rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.loaders.pdf.lines import Line, Sheet
from index.loaders.pdf.order import MARKER

_ITEM = re.compile(MARKER.pattern + r"\s+\S")
_CONTENTS_LINE = re.compile(r"(?:\.\s?){4,}\s*[\divxlc]+$")
_ENDS = re.compile(r"[.!?:;…。！？][\"'”’»)\]]*$")
# A line pitch this much larger than the usual one separates paragraphs; type sizes this far apart never mix.
_PITCH = 1.25
_SIZES = 1.08
# A line that stops this far before the right edge of its column, as a fraction of the column, ends its paragraph.
_SHORT = 0.25


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together, of one kind, with the level of a heading."""

    page: int
    lines: tuple[Line, ...]
    kind: str = "text"
    level: int = 0

    @property
    def text(self) -> str:
        """The lines joined by blanks."""
        return " ".join(line.text for line in self.lines)


def paragraphs(sheet: Sheet) -> list[Paragraph]:
    """The paragraphs of a page whose lines are in reading order."""
    pitch = _usual_pitch(sheet.lines)
    groups: list[list[Line]] = []
    kinds: list[str] = []
    for at, line in enumerate(sheet.lines):
        kind = _kind(sheet.lines, at)
        follows = _wraps_row if kinds and kinds[-1] == "row" else _goes_on
        if groups and kind == "text" and follows(groups[-1], line, sheet, pitch):
            groups[-1].append(line)
        else:
            groups.append([line])
            kinds.append(kind)
    return [Paragraph(sheet.number, tuple(group), kind) for group, kind in zip(groups, kinds, strict=True)]


def runs_on(one: Paragraph, two: Paragraph) -> bool:
    """Whether `two`, at the top of a page or column, goes on with the sentence that `one` leaves open."""
    moved = one.page != two.page or two.lines[0].box[1] < one.lines[-1].box[1]
    alike = one.kind in ("text", "item") and two.kind == "text"
    sized = _ratio(one.lines[-1].size, two.lines[0].size) < _SIZES
    return (
        moved
        and alike
        and sized
        and not _ENDS.search(one.lines[-1].text)
        and two.text[:1].islower()
        and len(two.text) > 2
    )


def _kind(lines: Sequence[Line], at: int) -> str:
    line = lines[at]
    if _CONTENTS_LINE.search(line.text):
        return "row"
    if line.cells > 1 and any(near.cells > 1 for near in (*lines[max(at - 3, 0) : at], *lines[at + 1 : at + 4])):
        return "row"
    return "item" if _ITEM.match(line.text) else "text"


def _usual_pitch(lines: Sequence[Line]) -> float:
    """The distance from line to line inside paragraphs, in type sizes: the 30th percentile on the page."""
    found = []
    for one, two in zip(lines, lines[1:], strict=False):
        pitch = (two.box[3] - one.box[3]) / one.size
        if _ratio(one.size, two.size) < _SIZES and 0.8 < pitch < 2.6:
            found.append(pitch)
    return sorted(found)[int(len(found) * 0.3)] if found else 1.2


def _goes_on(group: Sequence[Line], line: Line, sheet: Sheet, pitch: float) -> bool:
    """Whether a line goes on with the paragraph or list item above it."""
    last = group[-1]
    down = (line.box[3] - last.box[3]) / last.size
    if _ratio(last.size, line.size) > _SIZES or not 0.3 < down <= pitch * _PITCH or last.upright != line.upright:
        return False
    left, right = _column(sheet, last)
    short = last.box[2] < right - _SHORT * (right - left)
    if last.bold != line.bold and (short or len(group) == 1):
        return False
    if short and not (line.text[:1].islower() or last.hyphen):
        return False
    indent = (line.box[0] - last.box[0]) / line.size
    closed = _ENDS.search(last.text) is not None
    if len(group) == 1 and _ITEM.match(last.text):
        return indent > -0.5
    if len(group) == 1:
        return not (closed and indent > 0.8)
    return not (closed and abs(indent) > 0.8)


def _wraps_row(group: Sequence[Line], line: Line, sheet: Sheet, pitch: float) -> bool:
    """Whether a line of one cell wraps the row above: close below it, and much narrower than the page."""
    down = (line.box[3] - group[-1].box[3]) / group[-1].size
    if line.bold != group[-1].bold or _CONTENTS_LINE.search(group[0].text):
        return False
    return line.box[2] - line.box[0] < 0.4 * sheet.width and 0 < down <= pitch * 1.1


def _column(sheet: Sheet, line: Line) -> tuple[float, float]:
    """The left and right edge of the column in which a line stands."""
    same = [
        other.box
        for other in sheet.lines
        if other.upright == line.upright and other.box[0] < line.box[2] and line.box[0] < other.box[2]
    ]
    return min((box[0] for box in same), default=line.box[0]), max((box[2] for box in same), default=line.box[2])


def _ratio(one: float, two: float) -> float:
    return max(one, two) / max(min(one, two), 0.1)
