"""JSON: one line a value, with the path to it as its context and its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from index.errors import DamagedFile
from index.loaders import Writing, plain
from index.loaders.txt import decode, paragraphs
from index.types import Document

_SHORT = 40
_LONGEST_PATH = 300


def load(path: Path) -> Document:
    """The values in their order: "name: value" on lines of their own, an object or a list apart from the next.

    What is no JSON is read as plain text, and a warning says where it breaks off.
    """
    text = decode(path.read_bytes(), path.name)
    writing = Writing()
    try:
        write_value(writing, parsed(text, path.name))
    except DamagedFile as error:
        why = str(error).removeprefix(f"{path.name} ").partition(";")[0]
        warnings = (f"the file {why}; it was read as plain text",)
        blocks = tuple(paragraphs(text))
        return Document(path.name, path.stem, text, blocks, (), "", "application/json", warnings=warnings)
    return Document(path.name, path.stem, writing.text(), tuple(writing.blocks), (), "", "application/json")


def parsed(text: str, name: str) -> Any:
    """The value that a JSON text stands for. Raises `DamagedFile`, which says where it breaks off."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise DamagedFile(f"{name} nests its values too deep; save it as text and add that") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise DamagedFile(f"{name} is no JSON from {where} on; mend it there, or save it as text") from error
    except ValueError as error:
        raise DamagedFile(f"{name} holds a number that is too long; save it as text and add that") from error


def write_value(writing: Writing, value: Any, path: str = "") -> None:
    """Writes a value and all inside it; items are counted from 1. It recurses nowhere, since values nest deep."""
    stack: list[tuple[str, str, Any]] = [(path, "", value)]
    while stack:
        above, key, value = stack.pop()
        here = " › ".join(part for part in (above, key) if part)
        if isinstance(value, (dict, list)) and value and not _is_short(value):
            writing.part()
            inside = value.items() if isinstance(value, dict) else enumerate(value, 1)
            children = [(here, " ".join(plain(str(name)).split()), child) for name, child in inside]
            stack += reversed([child for child in children if _is_container(child[2])])
            for _, name, child in children:
                if not _is_container(child):
                    _write(writing, here, name if isinstance(value, dict) else "", name, child)
        else:
            _write(writing, above, "" if key.isdigit() else key, key, value)


def _write(writing: Writing, above: str, name: str, key: str, value: Any) -> None:
    text = plain(_said(value))
    line = f"{name}: {text}".strip() if name else text
    place = " › ".join(part for part in (above, key) if part)
    writing.add(line, "row", context=above[-_LONGEST_PATH:], cell=place[-_LONGEST_PATH:])


def _is_container(value: Any) -> bool:
    return isinstance(value, (dict, list)) and bool(value) and not _is_short(value)


def _is_short(value: Any) -> bool:
    """Whether it is a list of numbers and short words, which fits on one line."""
    if not isinstance(value, list):
        return False
    return all(not isinstance(item, (dict, list)) and len(str(item)) <= _SHORT for item in value)


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_said(item) for item in value)
    return value if isinstance(value, str) else json.dumps(value)
