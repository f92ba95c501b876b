"""The numbers behind a chart, as the file keeps them beside the picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from index.loaders import Account
from index.loaders.docx.body import tag
from index.loaders.docx.said import said

_MOST_POINTS = 1_000
_PLACES = {"tx": "name", "cat": "category", "xVal": "category", "val": "value", "yVal": "value"}


def chart(root: Any, account: Account) -> tuple[list[str], list[list[str]]]:
    """The words of a chart, its title first, and its numbers as a table: a row a category, a column a series."""
    account.see(said(root))
    words = ["".join(run.text or "" for run in _all(paragraph, "t")) for paragraph in _all(root, "p")]
    names: list[str] = [""]
    rows: dict[int, list[str]] = {}
    for series in root.iter("{*}ser"):
        names.append("")
        for place, number, value in _values(series):
            at = 0 if place == "category" else len(names) - 1
            row = rows.setdefault(number, [""]) if place in ("category", "value") and number < _MOST_POINTS else [value]
            row += [""] * (at + 1 - len(row))
            if place == "name":
                names[-1] = f"{names[-1]} {value}".strip()
            elif row[at]:
                account.drop(value, "numbers and names in a chart that repeat others or belong to no point")
            else:
                row[at] = value
    words += [value.text or "" for value in _all(root, "v") if next(value.iterancestors("{*}ser"), None) is None]
    table = [rows[number] for number in sorted(rows)]
    if not table:
        words += names
    return [text for text in (account.plain(text) for text in words) if text], [names, *table] if table else []


def _values(series: Any) -> Iterator[tuple[str, int, str]]:
    """Each value of a series: what it is, the number of its point, and how it is written."""
    for value in _all(series, "v"):
        outer = (tag(element) for element in value.iterancestors())
        place = next((_PLACES.get(name, "") for name in outer if name in _PLACES or name == "ser"), "")
        index = value.getparent().get("idx", "0")
        yield place, int(index) if index.isdigit() else 0, " ".join((value.text or "").split())


def _all(element: Any, name: str) -> list[Any]:
    return [*element.iter(f"{{*}}{name}")]
