"""The rows of one sheet of a workbook, one at a time, with each cell as it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from index.loaders import Account
from index.loaders.docx.archive import Archive
from index.loaders.docx.said import said
from index.loaders.xlsx.numbers import BUILT_IN, general, shown
from index.loaders.xlsx.seen import Seen
from index.loaders.xlsx.table import Row

_PLACE = re.compile(r"([A-Z]{1,3})(\d+)")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_DRAWN = re.compile("/diagrams/data|/charts/chart")
_MOST_ROWS = 10_000_000


@dataclass(frozen=True, slots=True)
class Look:
    """The number format of each cell style, in order, and whether days count from 1904."""

    codes: list[str]
    from_1904: bool


@dataclass(frozen=True, slots=True)
class Strings:
    """The texts that cells point to by number; apart from them, by the same numbers, the reading aids of Japanese."""

    texts: list[str]
    aids: dict[int, str]


def strings(archive: Archive, part: str) -> Strings:
    """The texts that cells share."""
    found = Strings([], {})
    for number, element in enumerate(archive.stream(part, "si") if part else ()):
        found.texts.append(_text(element))
        aids = [text for aid in element.iter("{*}rPh") for text in aid.itertext("{*}t", with_tail=False)]
        if aids:
            found.aids[number] = "".join(aids)
    return found


def looks(archive: Archive, part: str, from_1904: bool) -> Look:
    """The number formats of the cell styles."""
    if not part:
        return Look([], from_1904)
    root = archive.xml(part)
    named = {entry.get("numFmtId"): entry.get("formatCode", "") for entry in root.iter("{*}numFmt")}
    styles = root.find("{*}cellXfs")
    numbers = [style.get("numFmtId", "0") for style in (styles if styles is not None else ())]
    return Look([named.get(number) or BUILT_IN.get(_whole(number), "General") for number in numbers], from_1904)


def rows(archive: Archive, part: str, shared: Strings, look: Look, seen: Seen) -> Iterator[Row]:
    """The rows of a sheet, in order; each as soon as it is parsed."""
    before = 0
    for element in archive.stream(part, "row", "col", "headerFooter"):
        hidden = element.get("hidden", "0") in ("1", "true")
        if element.tag.endswith("}headerFooter"):
            _left_out("".join(element.itertext()), "header or footer", seen.account)
            continue
        if element.tag.endswith("}col"):
            width = _whole(element.get("max", "")) - _whole(element.get("min", "")) + 1
            # The last entry often hides all the columns that hold nothing.
            seen.columns += width if hidden and 0 < width < 1_000 else 0
            continue
        number = _whole(element.get("r", "")) or before + 1
        cells: dict[int, str] = {}
        for column, text in _cells(element, shared, look, seen):
            if column in cells:
                seen.account.drop(cells[column], "a cell that is there twice")
            cells[column] = text
        seen.rows += hidden and bool(cells)
        if cells and before < number <= _MOST_ROWS:
            yield Row(number, cells)
        elif cells:
            yield Row(before + 1, cells)
            number = before + 1
        before = number


def _cells(row: Any, shared: Strings, look: Look, seen: Seen) -> Iterator[tuple[int, str]]:
    column = -1
    found = []
    for cell in row.iter("{*}c"):
        place = _PLACE.fullmatch(cell.get("r", ""))
        column = _column(place.group(1)) if place else column + 1
        value = cell.find("{*}v")
        raw = (value.text or "") if value is not None else ""
        text = _shown(cell, raw, shared.texts, look)
        kind = cell.get("t")
        # A reading aid is never alone in its cell, and looking for one in each takes a tenth of the time.
        if (kind == "inlineStr" and any(len(part) > 1 for part in cell)) or (kind == "s" and (shared.aids or not text)):
            _beside(cell, raw, shared, seen.account)
        if not text and cell.get("t") != "str" and cell.find("{*}f") is not None:
            seen.without_result += 1
        if text:
            found.append(text)
            yield column, text
    seen.account.see("".join(found))


def _beside(cell: Any, raw: str, shared: Strings, account: Account) -> None:
    """Counts what belongs to a cell of words and is not shown in it."""
    if cell.get("t") == "inlineStr":
        inside = cell.find("{*}is")
        for aid in inside.iter("{*}rPh") if inside is not None else ():
            _left_out("".join(aid.itertext("{*}t", with_tail=False)), "reading aid", account)
    elif shared.aids and _whole(raw) in shared.aids:
        _left_out(shared.aids[_whole(raw)], "reading aid", account)
    elif raw and not 0 <= _whole(raw) < len(shared.texts):
        _left_out(raw, "number of a text that is not in the file", account)


def _left_out(text: str, reason: str, account: Account) -> None:
    account.see(text)
    account.drop(text, reason)


def _shown(cell: Any, value: str, shared: list[str], look: Look) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        inside = cell.find("{*}is")
        return _text(inside) if inside is not None else ""
    if kind == "s":
        at = _whole(value)
        return shared[at] if value and 0 <= at < len(shared) else ""
    if kind == "b":
        return {"1": "TRUE", "0": "FALSE"}.get(value, value)
    if kind != "n" or not value:
        return _unescaped(value)
    try:
        number = float(value)
    except ValueError:
        return value
    if number != number or number in (float("inf"), float("-inf")):
        return value
    style = _whole(cell.get("s", "0"))
    code = look.codes[style] if 0 <= style < len(look.codes) else "General"
    return general(number) if code == "General" else shown(number, code, look.from_1904)


def drawn(archive: Archive, part: str, seen: Seen) -> Iterator[str]:
    """The paragraphs in the text boxes, diagrams and charts of a sheet; `seen.parts` tells which parts were read."""
    drawing = archive.related(part).get("drawing", "")
    if not drawing:
        return
    linked = [name for name in archive.linked(drawing).values() if _DRAWN.search(name)]
    for name in dict.fromkeys((drawing, *linked)):
        seen.parts.add(name)
        root = archive.xml(name)
        seen.account.see(said(root))
        seen.account.drop("".join(root.itertext("{*}v", with_tail=False)), "cells that a chart repeats")
        for copy in root.iter("{*}Fallback"):
            seen.account.drop(said(copy), "copy for older programs")
        for paragraph in root.iter("{*}p"):
            if next(paragraph.iterancestors("{*}Fallback"), None) is None:
                yield seen.account.plain("".join(run.text or "" for run in paragraph.iter("{*}t")))


def _text(element: Any) -> str:
    """The text of a rich string: its own and its runs', and not its phonetic guides'."""
    found = [*element.findall("{*}t"), *element.findall("{*}r/{*}t")]
    return _unescaped("".join(part.text or "" for part in found))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text) if "_x" in text else text


def _column(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0
