"""Finds the headers, footers and page numbers that repeat from page to page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from index.loaders.pdf.lines import Line, Sheet
from index.types import ink

# The upper and lower part of a page where such lines stand, and how far they may move, as fractions of its height.
_ZONE = 0.12
_MOVED = 0.01
_FEWEST_PAGES = 3
RUNNING = "running header or footer"


def without_running_lines(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The pages without running lines, which are told among what was dropped.

    A line is one where the same words, whatever their numbers, stand in the same place on three pages or more and on
    over half of all. A page that holds nothing else keeps them.
    """
    places: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for sheet in sheets:
        for line in sheet.lines:
            if _in_zone(line, sheet):
                places[_folded(line)].append((sheet.number, line.box[1] / sheet.height))
    kept = []
    for sheet in sheets:
        running = [line for line in sheet.lines if _in_zone(line, sheet) and _runs(line, sheet, places, len(sheets))]
        if len(running) < len(sheet.lines):
            sheet = _without(sheet, running)
        kept.append(sheet)
    return kept


def _without(sheet: Sheet, running: Sequence[Line]) -> Sheet:
    return replace(
        sheet,
        lines=tuple(line for line in sheet.lines if line not in running),
        dropped={**sheet.dropped, RUNNING: sum(ink(line.text) for line in sheet.lines if line in running)},
        aside=(*sheet.aside, *(line.text for line in running)),
    )


def _in_zone(line: Line, sheet: Sheet) -> bool:
    return line.box[3] < _ZONE * sheet.height or line.box[1] > (1 - _ZONE) * sheet.height


def _folded(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text.casefold())


def _runs(line: Line, sheet: Sheet, places: dict[str, list[tuple[int, float]]], pages: int) -> bool:
    here = line.box[1] / sheet.height
    on = {number for number, top in places[_folded(line)] if abs(top - here) <= _MOVED}
    return len(on) >= _FEWEST_PAGES and len(on) * 2 > pages
