"""A scope in a person's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from assistant.window.escape import counted
from index.types import Scope


def parts(scope: Scope) -> dict[str, str]:
    """Each part of a scope in words, by its field: "hr/", "PDF files", "since 2024", "pages 3–7"."""
    said = {
        "documents": _documents(scope.documents),
        "folders": _either([f"{folder}/" for folder in scope.folders]),
        "types": f"{_either([each.upper() for each in scope.types])} files" if scope.types else "",
        "tags": f"tagged {_either(scope.tags)}" if scope.tags else "",
        "since": f"since {scope.since}" if scope.since else "",
        "until": f"until {scope.until}" if scope.until else "",
        "pages": _pages(scope.pages),
    }
    return {field: text for field, text in said.items() if text}


def in_words(scope: Scope) -> str:
    """The scope in words, such as "hr/, PDF files, since 2024"."""
    return ", ".join(parts(scope).values())


def without(scope: Scope, field: str) -> Scope:
    """The scope with one of its parts taken away."""
    whole: dict[str, Any] = {each.name: each.default for each in fields(Scope)}
    return replace(scope, **{field: whole[field]})


def _documents(names: tuple[str, ...] | None) -> str:
    if names is None:
        return ""
    return names[0] if len(names) == 1 else counted(len(names), "ticked document") if names else "no document"


def _pages(pages: tuple[tuple[int, int], ...]) -> str:
    several = [f"{first}" if first == last else f"{first}–{last}" for first, last in pages]
    one = len(pages) == 1 and pages[0][0] == pages[0][1]
    return f"{'page' if one else 'pages'} {_either(several, 'and')}" if several else ""


def _either(names: Sequence[str], word: str = "or") -> str:
    return f"{', '.join(names[:-1])} {word} {names[-1]}" if len(names) > 1 else "".join(names)
