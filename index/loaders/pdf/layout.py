"""Type sizes, rows and columns of lines that were found in a picture, whose places are known only roughly."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from index.loaders.pdf.lines import Line

# Heights are off by up to a fifth, since a line without long letters is found lower. Sizes this close are the same,
# and those of different headings and the body lie further apart than the second.
_SAME, _APART = 1.15, 1.25
# A line is found with a rim around it: on four pages whose type is known, that was 0.77, 0.80, 0.85 and 1.01 of what
# is found (tracemonkey, employee_handbook, multi-column-2p, test.pdf).
_TYPE = 0.8
# Middles of one row differ by less than this, in type sizes.
_LEVEL = 0.45
# Prose in columns: rows at least, words in the usual line of each column, and the part of the width that it takes.
_ROWS, _WORDS, _PART = 4, 3.0, 0.25


def laid_out(lines: Sequence[Line]) -> list[Line]:
    """The lines in the order in which they are read, each with the type size and the row it stands in."""
    sized = _sized([line for line in lines if line.upright])
    rows = _rows([*sized, *(line for line in lines if not line.upright)])
    found = [row for band in _bands(rows) for row in band]
    return [replace(line, row=at) for at, row in enumerate(found) for line in row]


def _sized(lines: Sequence[Line]) -> list[Line]:
    """The lines with one size for all that are about as large, and as tall as that size is."""
    if not lines:
        return []
    widths = [(line.box[2] - line.box[0]) / _letters(line.text) for line in lines]
    usual = median(line.size / width for line, width in zip(lines, widths, strict=True))
    # How wide the letters are tells as much as how tall the line is, and errs in other ways.
    sizes = [
        (line.size * usual * width) ** 0.5 if len(line.text) > 3 else line.size
        for line, width in zip(lines, widths, strict=True)
    ]
    groups = _groups([(size, len(line.text)) for size, line in zip(sizes, lines, strict=True)])
    found = []
    for line, size in zip(lines, sizes, strict=True):
        group = min(groups, key=lambda group: abs(group / size - 1))
        left, top, right, bottom = line.box
        middle = (top + bottom) / 2
        found.append(
            replace(line, size=round(group * _TYPE, 1), box=(left, middle - group / 2, right, middle + group / 2))
        )
    return found


def _letters(text: str) -> float:
    """The length of a text in ordinary small letters."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide + 0.3 * sum(letter.isupper() for letter in text)


def _groups(sizes: Sequence[tuple[float, int]]) -> list[float]:
    """The sizes that there are, from values with weights: the heaviest stretch first, then what is far from it."""
    found: list[float] = []
    left = sorted(sizes)
    while left:
        near = [[(s, n) for s, n in left if size / _SAME <= s <= size * _SAME] for size, _ in left]
        best = max(near, key=lambda group: sum(weight for _, weight in group))
        centre = median(size for size, weight in best for _ in range(max(weight, 1)))
        if not any(1 / _APART < centre / other < _APART for other in found):
            found.append(centre)
        left = [(size, weight) for size, weight in left if (size, weight) not in best]
    return found


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    """From top to bottom; lines whose middles are level stand in one row, from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=_middle):
        if rows and _middle(line) - median(map(_middle, rows[-1])) < _LEVEL * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.box[0]) for row in rows]


def _middle(line: Line) -> float:
    return (line.box[1] + line.box[3]) / 2


def _bands(rows: Sequence[list[Line]]) -> list[list[list[Line]]]:
    """The rows in stretches: those that are prose in columns column by column, all others as they are."""
    found: list[list[list[Line]]] = []
    at = 0
    while at < len(rows):
        end, gutter = _reach(rows, at)
        if gutter is not None and _prose(rows[at:end], gutter):
            sides = [
                [line for row in rows[at:end] for line in row if (line.box[0] > gutter) == side] for side in (0, 1)
            ]
            found += [_flat(_bands(_rows(side))) for side in sides]
            at = end
        else:
            found.append([rows[at]])
            at += 1
    return found


def _flat(bands: Sequence[list[list[Line]]]) -> list[list[Line]]:
    return [row for band in bands for row in band]


def _reach(rows: Sequence[list[Line]], start: int) -> tuple[int, float | None]:
    """How far down from here one blank strip divides the rows, and where it is; None where it does not at all."""
    gap = max(pairwise(rows[start]), key=lambda two: two[1].box[0] - two[0].box[2], default=None)
    if gap is None:
        return start, None
    left, right = gap[0].box[2], gap[1].box[0]
    end = last = start
    for at, row in enumerate(rows[start:], start):
        middle = (left + right) / 2
        low = max([left, *(line.box[2] for line in row if _middle_across(line) < middle)])
        high = min([right, *(line.box[0] for line in row if _middle_across(line) >= middle)])
        if high - low < 0.5 * row[0].size:
            break
        left, right, end = low, high, at + 1
        last = end if any(line.box[0] > middle for line in row) else last
    # What stands under both columns at the left, after a blank, belongs to neither.
    below = next((at for at in range(max(last, 1), end) if _parted(rows, at)), end)
    return below, (left + right) / 2


def _middle_across(line: Line) -> float:
    return (line.box[0] + line.box[2]) / 2


def _parted(rows: Sequence[list[Line]], at: int) -> bool:
    """Whether a row stands further below the one above it than lines of a paragraph do."""
    return _middle(rows[at][0]) - _middle(rows[at - 1][0]) > 2 * rows[at][0].size


def _prose(rows: Sequence[list[Line]], gutter: float) -> bool:
    """Whether both sides of the strip hold lines of several words that fill their column; else it is a table."""
    if len(rows) < _ROWS:
        return False
    lines = [line for row in rows for line in row]
    span = max(line.box[2] for line in lines) - min(line.box[0] for line in lines)
    for side in (False, True):
        column = [line for line in lines if (line.box[0] > gutter) == side]
        if len(column) < _ROWS - 1 or median(len(line.text.split()) for line in column) < _WORDS:
            return False
        if median(line.box[2] - line.box[0] for line in column) < _PART * span:
            return False
    return True
