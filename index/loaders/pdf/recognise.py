"""The lines of a page that is only a picture, by text recognition; to be imported where `rapidocr` is installed."""

from __future__ import annotations

from math import atan2, cos, degrees, radians, sin
from statistics import median

import numpy as np

from index.loaders import plain
from index.loaders.pdf.engine import Corners, Engine, Pixels, engine
from index.loaders.pdf.layout import laid_out
from index.loaders.pdf.lines import Line, Sheet
from index.loaders.pdf.turn import Recognised, Turn
from index.types import ink

# How sure a line must be: of 2,195 lines on 340 pages that hold only pictures (PDFs of pdf.js, OCRmyPDF and others) 410
# are below, of which 374 are single signs seen in drawings, and three are words; scanned words begin at 0.78.
_SURE = 0.7
# A line that is this much taller than wide runs up or down the page.
_TALL = 1.5
# Degrees: no page lies in a scanner like lines that rise further, such as the labels of a graph.
_ASKEW = 15
# Lines read both ways to tell which end of a page is up.
_TRIED = 3


def recognised(pixels: Pixels, page: Sheet, models: Engine | None = None) -> Recognised:
    """The page with the lines that the picture of it (rows, columns, blue-green-red) shows, each with its place."""
    models = models or engine()
    pixels, corners, quarters = _upright(pixels, models)
    read = models.read(models.cut(pixels, corners)) if len(corners) else []
    slope = _slope(corners)
    height, width = pixels.shape[:2]
    level = _sloped(corners, slope, (width / 2, height / 2)) if len(corners) else corners
    across, down = (page.height, page.width) if quarters % 2 else (page.width, page.height)
    scale = np.array([across / width, down / height])
    lines, unsure = [], 0
    for (text, score), around in zip(read, level * scale, strict=True):
        if score >= _SURE and plain(text):
            lines.append(_line(plain(text), around))
        else:
            unsure += ink(text)
    sheet = Sheet(page.number, page.label, across, down, tuple(laid_out(lines)))
    found = sum(ink(line.text) for line in lines) + unsure
    return Recognised(sheet, Turn(quarters, slope), found, unsure)


def _upright(pixels: Pixels, models: Engine) -> tuple[Pixels, Corners, int]:
    """The picture with its lines level and the right way up, where they are, and the quarter turns that took."""
    quarters = 0
    corners = models.find(pixels)
    if _mostly_tall(corners):
        pixels, quarters = np.ascontiguousarray(np.rot90(pixels)), 1
        corners = models.find(pixels)
    if len(corners) and _stands_on_its_head(pixels, corners, models):
        height, width = pixels.shape[:2]
        pixels, quarters = np.ascontiguousarray(np.rot90(pixels, 2)), quarters + 2
        corners = np.roll(np.array([width, height], np.float32) - corners, 2, axis=1)[::-1]
    return pixels, corners, quarters


def _mostly_tall(corners: Corners) -> bool:
    """Whether more ink runs up or down the page than across it, by the length of the lines."""
    tall = wide = 0.0
    for line in corners:
        across, down = _sides(line)
        if down > _TALL * across:
            tall += down
        else:
            wide += across
    return tall > wide


def _stands_on_its_head(pixels: Pixels, corners: Corners, models: Engine) -> bool:
    """Whether the longest lines read better the other way up; asked only where many look as if they did."""
    longest = sorted(corners, key=lambda line: -max(_sides(line)))[: 4 * _TRIED]
    lines = models.cut(pixels, np.array(longest))
    if sum(models.upside_down(lines)) * 3 < len(lines):
        return False
    lines = lines[:_TRIED]
    turned = [np.ascontiguousarray(np.rot90(line, 2)) for line in lines]
    as_is, other = (sum(score for _, score in models.read(given)) for given in (lines, turned))
    return other > as_is


def _sides(line: Corners) -> tuple[float, float]:
    """The length of a line along its upper edge, and across it."""
    one, two, _, four = line
    return float(np.linalg.norm(two - one)), float(np.linalg.norm(four - one))


def _slope(corners: Corners) -> float:
    """By how many degrees the lines of a page that lay askew fall to the right: the median, the longest count most."""
    found = []
    for line in corners:
        across, down = _sides(line)
        if across > 3 * down:
            (x, y), (x2, y2) = line[0], line[1]
            found += [degrees(atan2(y2 - y, x2 - x))] * max(1, round(across / 50))
    slope = median(found) if found else 0.0
    return slope if abs(slope) <= _ASKEW else 0.0


def _sloped(points: Corners, slope: float, centre: tuple[float, float]) -> Corners:
    """The points turned to the left by so many degrees around a centre."""
    angle = radians(slope)
    turn = np.array([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]])
    return np.asarray((points - centre) @ turn + centre, np.float32)


def _line(text: str, around: Corners) -> Line:
    left, top = (float(value) for value in around.min(axis=0))
    right, bottom = (float(value) for value in around.max(axis=0))
    across, down = _sides(around)
    upright = down <= _TALL * across or len(text) < 3
    return Line(text, (left, top, right, bottom), max(down if upright else across, 0.1), upright=upright)
