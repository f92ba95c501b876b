"""The order in which the lines of a PDF page are read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from index.loaders.pdf.lines import WIDE, Line, Sheet

MARKER = re.compile(r"(?:[•▪➢◦‣●○■□–—*·-]|\(?(?:\d{1,3}(?:\.\d{1,2})*|[a-zA-Z]|[ivxIVX]{1,5})[.)])")
# The gutter of a two-column page lies somewhere in the middle of the text.
_MIDDLE = (0.3, 0.7)


def ordered(sheet: Sheet) -> Sheet:
    """The page with its lines in reading order.

    The order in the file is kept wherever it is sane, since it knows more than the places do. Two columns that the file
    writes line by line are read one after the other, and lines in no order are read downwards.
    """
    cells = sheet.lines
    mixed = _disordered(cells)
    gutter = _gutter(cells, mixed)
    if gutter is not None:
        cells = tuple(_by_columns(cells, gutter))
    elif mixed:
        cells = tuple(_downwards(cells))
    return replace(sheet, lines=tuple(_joined(row) for row in _rows(cells)))


def _disordered(lines: Sequence[Line]) -> bool:
    """Whether one line in ten, or on a short page most, jumps back up over the same stretch of the page's width."""
    upright = [line for line in lines if line.upright]
    back = sum(1 for one, two in pairwise(upright) if two.box[3] < one.box[1] and two.box[0] < one.box[2])
    return (back > 3 and back * 10 > len(upright)) or back * 2 > len(upright)


def _gutter(cells: Sequence[Line], mixed: bool) -> float | None:
    """The middle of the blank strip between two columns of prose that the file does not tell apart, or None."""
    upright = [cell for cell in cells if cell.upright]
    if len(upright) < 12:
        return None
    left, right = min(cell.box[0] for cell in upright), max(cell.box[2] for cell in upright)
    span = right - left
    tried = [left + span * (_MIDDLE[0] + (_MIDDLE[1] - _MIDDLE[0]) * step / 40) for step in range(41)]
    crossed = [sum(cell.box[0] < x < cell.box[2] for cell in upright) for x in tried]
    least = min(crossed)
    strip = [x for x, count in zip(tried, crossed, strict=True) if count == least]
    x = median(strip)
    sides = [[c for c in upright if c.box[2] <= x], [c for c in upright if c.box[0] >= x]]
    if least * 5 > len(upright) or min(len(side) for side in sides) < 6:
        return None
    straddling = len({cell.row for cell in sides[0]} & {cell.row for cell in sides[1]})
    prose = all(median(len(cell.text.split()) for cell in side) >= 4 for side in sides)
    wide = all(median(c.box[2] - c.box[0] for c in side) > 0.3 * span for side in sides)
    return x if prose and wide and (mixed or straddling * 5 > len({cell.row for cell in upright})) else None


def _by_columns(cells: Sequence[Line], gutter: float) -> list[Line]:
    """Downwards, the left column before the right; what crosses the gutter divides the page into bands."""
    bands: list[list[Line]] = [[]]
    for cell in sorted(cells, key=lambda cell: (cell.box[1], cell.box[0])):
        if cell.box[0] < gutter < cell.box[2]:
            bands += [[cell], []]
        else:
            bands[-1].append(cell)
    found = [cell for band in bands for side in (False, True) for cell in band if (cell.box[0] >= gutter) == side]
    return [replace(cell, row=row) for row, cell in enumerate(found)]


def _downwards(cells: Sequence[Line]) -> list[Line]:
    """From top to bottom; cells whose middles are level make one line, from left to right."""
    rows: list[list[Line]] = []
    for cell in sorted(cells, key=lambda cell: (cell.box[1] + cell.box[3]) / 2):
        middle = (cell.box[1] + cell.box[3]) / 2
        if rows and middle < rows[-1][0].box[3] - 0.3 * rows[-1][0].size:
            rows[-1].append(cell)
        else:
            rows.append([cell])
    return [replace(cell, row=at) for at, row in enumerate(rows) for cell in sorted(row, key=lambda cell: cell.box[0])]


def _rows(cells: Sequence[Line]) -> list[list[Line]]:
    """The cells that make one line each: PDFium's rows, and what it split although it goes on at the same height."""
    rows: list[list[Line]] = []
    for cell in cells:
        last = rows[-1][-1] if rows else None
        if last is not None and (cell.row == last.row or _goes_on_level(last, cell)):
            rows[-1].append(cell)
        else:
            rows.append([cell])
    return rows


def _goes_on_level(last: Line, cell: Line) -> bool:
    apart = abs((last.box[1] + last.box[3]) - (cell.box[1] + cell.box[3])) / 2
    alike = last.upright and cell.upright and not last.hyphen
    return alike and apart < 0.3 * min(last.size, cell.size) and cell.box[0] > last.box[2] - 0.3 * cell.size


def _joined(cells: Sequence[Line]) -> Line:
    """The cells of a row as one line; the mark of a list item counts as no cell."""
    if len(cells) == 1:
        return cells[0]
    lefts, tops, rights, bottoms = zip(*(cell.box for cell in cells), strict=True)
    marked = MARKER.fullmatch(cells[0].text) is not None
    gaps = sum(two.box[0] - one.box[2] > WIDE * two.size for one, two in pairwise(cells))
    return replace(
        max(cells, key=lambda cell: len(cell.text)),
        text=" ".join(cell.text for cell in cells),
        box=(min(lefts), min(tops), max(rights), max(bottoms)),
        bold=all(cell.bold for cell in cells),
        hyphen=cells[-1].hyphen,
        cells=1 + gaps - (marked and gaps > 0),
    )
