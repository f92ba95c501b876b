"""Reads the lines of a question set, and gathers what is wrong with them into one error."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from assistant.evaluation.errors import BadQuestionSet

SHOWN = 20

Fields = Mapping[str, object]
Made = TypeVar("Made")


def text_of(path: Path) -> str:
    """The file's text, without a byte order mark; line ends stay as they are. Raises `BadQuestionSet`."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return file.read()
    except UnicodeDecodeError as error:
        raise BadQuestionSet(f"{path.name} is not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    except OSError as error:
        raise BadQuestionSet(f"{path.name} cannot be read: {error.strerror or error}") from error


def digest(*paths: Path) -> str:
    """The sha256 of the files' bytes, one after the other, in hexadecimal."""
    total = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                total.update(block)
    return total.hexdigest()


def write_whole(path: Path, text: str) -> None:
    """Puts a file in place as a whole: whoever reads it sees the old one or the new one, never half of one."""
    draft = path.with_name(path.name + ".new")
    with draft.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def object_in(line: str) -> Fields:
    """The JSON object that a line holds; raises ValueError with a sentence."""
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON: {error.msg.lower()} at column {error.colno}") from None
    if not isinstance(value, dict):
        raise ValueError(f"should be one JSON object, and is {kind_of(value)}")
    return value


def gather(name: str, rows: Iterable[tuple[int, Callable[[], Made]]]) -> list[Made]:
    """What each row makes; raises one `BadQuestionSet` that names every line whose maker raised ValueError."""
    made: list[Made] = []
    faults: list[str] = []
    for number, make in rows:
        try:
            made.append(make())
        except ValueError as error:
            faults.append(f"line {number} {error}")
    if faults:
        raise BadQuestionSet(told(name, faults))
    return made


def told(name: str, faults: list[str]) -> str:
    """A sentence on how many faults there are, and the first of them, one a line."""
    if len(faults) == 1:
        return f"{name}: {faults[0]}"
    rest = [f"  … and {len(faults) - SHOWN:,} more"] if len(faults) > SHOWN else []
    return "\n".join([f"{name} has {len(faults):,} faults:", *(f"  {fault}" for fault in faults[:SHOWN]), *rest])


def kind_of(value: object) -> str:
    """What a JSON value is, in words."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    words = {str: "a string", dict: "an object", list: "a list", int: "a number", float: "a number"}
    return words.get(type(value), "something else")
