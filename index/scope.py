"""Which passages a search looks in: the parts of a scope as SQL."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from index.errors import BadQuery
from index.types import Scope

Within = Scope | Sequence[str] | None
"""A scope, the names of documents, or None for all."""

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_PAGES = re.compile(r"\s*(\d{1,9})\s*(?:[-–]\s*(\d{1,9})\s*)?")
DATED = "coalesce(d.dates ->> '$.written', d.dates ->> '$.modified', d.dates ->> '$.created')"
"""The date of a document `d` that a scope goes by, as SQL."""

_AMONG = "(select value from json_each(?))"
# A passage stands under the page it begins on; it may run on into the next ones.
_PAGE = (
    "(p.page between ? and ? or (p.page < ? and exists (select 1 from json_each(d.pages) j "
    'where j.value ->> 0 between ? and ? and p.start < j.value ->> 3 and p."end" > j.value ->> 2)))'
)


def scope_of(within: Within) -> Scope | None:
    """The scope that was meant; raises `BadQuery` for dates and pages that are none."""
    scope = within if within is None or isinstance(within, Scope) else Scope(documents=tuple(within))
    for date in (scope.since, scope.until) if scope else ():
        if date and not _DATE.fullmatch(date):
            raise BadQuery(f"the date {date!r} is not understood; 2024, 2024-05 or 2024-05-31 would work")
    for first, last in scope.pages if scope else ():
        if not 1 <= first <= last:
            raise BadQuery(f"there are no pages {first} to {last}; pages count from 1, such as 3 to 5")
    return scope


def pages_of(text: str) -> tuple[tuple[int, int], ...]:
    """The pages that somebody means by "3" or "3-7, 12", as (first, last); raises `BadQuery` for what is none."""
    pages = []
    for part in text.split(","):
        found = _PAGES.fullmatch(part)
        if found is None:
            raise BadQuery(f"the pages {text!r} are not understood; 3, 3-5 or 3-7, 12 would work")
        pages.append((int(found[1]), int(found[2] or found[1])))
    return tuple(pages)


def clause(scope: Scope | None) -> tuple[str, tuple[Any, ...]]:
    """What follows a `where` over passages `p`, with an `and` before it, and its values; empty without a scope."""
    if scope is None:
        return "", ()
    parts: list[str] = []
    values: list[Any] = []
    names = [(scope.documents, f"n.source in {_AMONG}", [json.dumps(scope.documents)])]
    names += [(scope.folders, *_any("n.source like ? escape '\\'", [_inside(each) for each in scope.folders]))]
    names += [(scope.types, *_any("n.source like ? escape '\\'", [_ending(each) for each in scope.types]))]
    names += [
        (scope.tags, f"exists (select 1 from json_each(n.tags) where value in {_AMONG})", [json.dumps(scope.tags)])
    ]
    for given, part, more in names:
        if given is not None and (given or part.startswith("n.source in")):
            parts.append(part)
            values += more
    if scope.since:
        parts.append(f"{DATED} >= ?")
        values.append(scope.since)
    if scope.until:
        # The end of the day, the month or the year that is meant.
        parts.append(f"substr({DATED}, 1, ?) <= ?")
        values += [len(scope.until), scope.until]
    within = " and ".join(parts) or "1"
    found = f"and p.document in (select n.document from names n join documents d on d.id = n.document where {within})"
    if scope.pages:
        pages = " or ".join([_PAGE] * len(scope.pages))
        found += f" and exists (select 1 from documents d where d.id = p.document and ({pages}))"
        for first, last in scope.pages:
            values += [first, last, first, first, last]
    return found, tuple(values)


def _any(part: str, patterns: Sequence[str]) -> tuple[str, list[Any]]:
    return f"({' or '.join([part] * len(patterns))})", list(patterns)


def _inside(folder: str) -> str:
    return _plain(folder.strip("/")) + "/%"


def _ending(suffix: str) -> str:
    return "%." + _plain(suffix.lstrip("."))


def _plain(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)
