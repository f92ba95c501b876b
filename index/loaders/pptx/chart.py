"""The numbers behind a chart, as the file keeps them beside the picture."""

from __future__ import annotations

from typing import Any

from index.loaders import plain
from index.loaders.docx.styles import child

_MOST_POINTS = 1_000


def chart(root: Any) -> tuple[str, list[list[str]]]:
    """The title of a chart, and its numbers as a table: a row a category, a column a series."""
    title = "".join(found.text or "" for found in _all(child(root, "chart", "title"), "t"))
    names: list[str] = [""]
    rows: dict[int, list[str]] = {}
    for series in root.iter("{*}ser"):
        names.append(" ".join(found.text or "" for found in _all(child(series, "tx"), "v")))
        for kinds, at in ((("cat", "xVal"), 0), (("val", "yVal"), len(names) - 1)):
            for number, value in _points(series, kinds).items():
                row = rows.setdefault(number, [""])
                row += [""] * (at + 1 - len(row))
                row[at] = row[at] or value
    table = [rows[number] for number in sorted(rows)]
    return plain(title), [names, *table] if table else []


def _points(series: Any, kinds: tuple[str, ...]) -> dict[int, str]:
    found: dict[int, str] = {}
    for kind in kinds:
        for point in _all(child(series, kind), "pt"):
            number, value = point.get("idx", ""), child(point, "v")
            if number.isdigit() and int(number) < _MOST_POINTS and value is not None:
                found.setdefault(int(number), " ".join((value.text or "").split()))
    return found


def _all(element: Any, name: str) -> list[Any]:
    return [] if element is None else [*element.iter(f"{{*}}{name}")]
