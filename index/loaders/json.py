"""JSON: one line a value, with the path to it as its context and its place."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from index.errors import DamagedFile
from index.loaders import Account, Writing
from index.loaders.txt import as_it_stands, decode
from index.types import Document, ink

_SHORT = 40
_LONGEST_PATH = 300
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_MARKUP = "quotes, braces and commas"


class Pairs(tuple[tuple[str, Any], ...]):
    """The names and values of an object, also where a name is given twice."""


class Number(str):
    """A number as it is written."""


def load(path: Path) -> Document:
    """The values in their order: "name: value" on lines of their own, an object or a list apart from the next.

    What is no JSON is read as plain text, and a warning says where it breaks off.
    """
    text = decode(path.read_bytes(), path.name)
    writing = Writing()
    try:
        write_text(writing, text, path.name)
    except DamagedFile as error:
        why = str(error).removeprefix(f"{path.name} ").partition(";")[0]
        return as_it_stands(text, path, "application/json", (f"the file {why}; it was read as plain text",))
    return writing.document(path.name, path.stem, "application/json")


def write_text(writing: Writing, text: str, name: str, place: str = "") -> None:
    """Writes the value that a JSON text stands for, and counts its characters. Raises `DamagedFile`."""
    value = parsed(text, name, exact=True)
    _count(text, writing.account)
    _write_value(writing, value, place)


def parsed(text: str, name: str, exact: bool = False) -> Any:
    """The value that a JSON text stands for. Raises `DamagedFile`, which says where it breaks off.

    An `exact` one has each object as `Pairs`, and each number as it is written.
    """
    kinds: dict[str, Any] = {"object_pairs_hook": Pairs, "parse_float": Number, "parse_int": Number} if exact else {}
    try:
        return json.loads(text, **kinds)
    except RecursionError as error:
        raise DamagedFile(f"{name} nests its values too deep; save it as text and add that") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise DamagedFile(f"{name} is no JSON from {where} on; mend it there, or save it as text") from error
    except ValueError as error:
        raise DamagedFile(f"{name} holds a number that is too long; save it as text and add that") from error


def _count(text: str, account: Account) -> None:
    """Counts a text of JSON as it stands in the file, and what of it is markup: signs, quotes and escapes."""
    account.see(text)
    rest, strings = _STRING.subn("", text)
    markup = 2 * strings + sum(map(rest.count, "{}[]:,"))
    for literal in _STRING.findall(text) if "\\" in text else ():
        if "\\" in literal:
            markup += ink(literal) - 2 - ink(json.loads(literal))
    account.dropped[_MARKUP] += markup


def _write_value(writing: Writing, value: Any, path: str = "") -> None:
    """Writes a value and all inside it; items are counted from 1. It recurses nowhere, since values nest deep."""
    stack: list[tuple[str, str, Any]] = [(path, "", value)]
    while stack:
        above, key, value = stack.pop()
        here = " › ".join(part for part in (above, key) if part)
        if _is_container(value):
            writing.part()
            is_object = isinstance(value, Pairs)
            children = [
                (here, " ".join(writing.account.plain(str(name)).split()), child)
                for name, child in (value if is_object else enumerate(value, 1))
            ]
            stack += reversed([child for child in children if _is_container(child[2])])
            for _, name, child in children:
                if not _is_container(child):
                    _write(writing, here, name if is_object else "", name, child)
                elif is_object:
                    writing.account.drop(name, "names of groups, which stand beside the values in them")
        else:
            _write(writing, above, key, key, value)


def _write(writing: Writing, above: str, name: str, key: str, value: Any) -> None:
    said = _said(value)
    text = writing.account.plain(said)
    line = f"{name}: {text}".strip() if name else text
    # What we put in: the colon, commas, and the braces of an object that holds nothing.
    own = max(len(value) - 1, 0) if isinstance(value, list) else 2 * (value == Pairs())
    writing.account.written += bool(name) + own
    place = " › ".join(part for part in (above, key) if part)
    writing.add(line, "row", context=above[-_LONGEST_PATH:], cell=place[-_LONGEST_PATH:])


def _is_container(value: Any) -> bool:
    return isinstance(value, (Pairs, list)) and bool(value) and not _is_short(value)


def _is_short(value: Any) -> bool:
    """Whether it is a list of numbers and short words, which fits on one line."""
    if not isinstance(value, list):
        return False
    return all(not isinstance(item, (Pairs, list)) and len(str(item)) <= _SHORT for item in value)


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_said(item) for item in value)
    return value if isinstance(value, str) else "{}" if value == Pairs() else json.dumps(value)
