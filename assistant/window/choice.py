"""Where somebody chose to look: what there is to choose from, what the page says was chosen, and its scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

import gradio as gr

from assistant.window.detail import several, words
from assistant.window.escape import handle
from index.errors import BadQuery
from index.scope import pages_of, scope_of
from index.types import Entry, Scope
from index.web.address import is_address

TYPED = ("since", "until", "pages")


@dataclass(frozen=True, slots=True)
class Choice:
    """What is ticked and typed; texts are as they were typed, and need not make sense.

    `left_out` are the documents whose tick was taken away, so that one that is added later is in.
    """

    left_out: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    pages: str = ""

    def problems(self) -> dict[str, str]:
        """Why a text that was typed makes no sense, by its field."""
        found = {}
        for field in TYPED:
            try:
                scope_of(_typed(replace(Choice(), **{field: getattr(self, field)})))
            except BadQuery as error:
                found[field] = str(error)
        return found

    def scope(self, entries: Iterable[Entry]) -> Scope | None:
        """The scope over these documents, or None for all of them; raises `BadQuery` for what makes no sense."""
        out = set(self.left_out)
        sources = [entry.source for entry in entries]
        kept = tuple(source for source in sources if source not in out)
        scope = replace(_typed(self), documents=None if len(kept) == len(sources) else kept)
        scope = replace(scope, folders=self.folders, types=self.types, tags=self.tags)
        return None if scope == Scope() else scope_of(scope)


def _typed(choice: Choice) -> Scope:
    pages = pages_of(choice.pages) if choice.pages else ()
    return Scope(since=choice.since, until=choice.until, pages=pages)


@dataclass(frozen=True, slots=True)
class Offers:
    """What there is to choose from; `dated` are the first and the last date, `paged` whether anything has pages."""

    folders: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    dated: tuple[str, ...] = ()
    paged: bool = False

    @property
    def some(self) -> bool:
        """Whether there is anything."""
        return self != Offers()


def offers(entries: Sequence[Entry], choice: Choice) -> Offers:
    """What these documents offer, and what is chosen of it though no document offers it any more."""
    dates = sorted(entry.dated[:10] for entry in entries if entry.dated[:4].isdecimal())
    return Offers(
        _sorted([*choice.folders, *(each for entry in entries for each in _folders(entry.source))]),
        _sorted([*choice.types, *(each for entry in entries for each in _type(entry.source))]),
        _sorted([*choice.tags, *(tag for entry in entries for tag in entry.tags)]),
        (dates[0], dates[-1]) if dates else (),
        any(entry.pages for entry in entries),
    )


def choice_of(event: gr.EventData, entries: Sequence[Entry], before: Choice) -> Choice:
    """The choice that an event carries: names as their handles, of what there is or was chosen `before`."""
    there = offers(entries, before)

    def ticked(field: str, names: Iterable[str]) -> tuple[str, ...]:
        sent = set(several(event, field))
        return tuple(each for each in names if handle(each) in sent)

    return Choice(
        ticked("left_out", (entry.source for entry in entries)),
        ticked("folders", there.folders),
        ticked("types", there.types),
        ticked("tags", there.tags),
        *(words(event, field).strip() for field in TYPED),
    )


def _folders(source: str) -> list[str]:
    if is_address(source):
        return []
    return [str(each) for each in PurePosixPath(source).parents if str(each) not in (".", "/")]


def _type(source: str) -> list[str]:
    suffix = PurePosixPath(source).suffix.lstrip(".").lower()
    return [suffix] if suffix and not is_address(source) else []


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names), key=lambda each: (each.lower(), each)))
