"""Carries messages over a pipe, and documents as JSON: what comes from a reader is checked, never trusted."""

from __future__ import annotations

import json
import struct
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, BinaryIO, Union, get_args, get_origin, get_type_hints

from index.types import Block, Document, Page

SLICE = 1 << 20
"""Characters of a text that are carried at a time, so that neither side holds it encoded as a whole."""

_LENGTH = struct.Struct(">Q")
_MOST_BYTES = 4  # of a character in UTF-8


def send(stream: BinaryIO, message: Any) -> None:
    """Writes one message; what JSON knows, and dataclasses as the lists of their fields."""
    _put(stream, encoded(message))
    stream.flush()


def receive(stream: BinaryIO, most: int) -> Any:
    """The next message, of at most so many bytes; raises `EOFError` at the end and `ValueError` for nonsense."""
    try:
        return json.loads(_take(stream, most).decode("utf-8", "surrogatepass"))
    except RecursionError as error:
        raise ValueError("the message is nested too deep") from error


def encoded(message: Any) -> bytes:
    """A message as it is carried; lone surrogates, which file names may hold, survive."""
    return json.dumps(message, ensure_ascii=False, default=_values).encode("utf-8", "surrogatepass")


def send_document(stream: BinaryIO, head: Any, parts: bytes, text: str) -> None:
    """Writes a message, behind it the encoded parts of a document, and behind those its text, slice by slice."""
    _put(stream, encoded(head))
    _put(stream, parts)
    for start in range(0, len(text), SLICE):
        _put(stream, text[start : start + SLICE].encode("utf-8", "surrogatepass"))
    stream.flush()


def receive_text(stream: BinaryIO, characters: int) -> str:
    """The text behind a message, of exactly so many characters; raises as `receive` does."""
    slices: list[str] = []
    missing = characters
    while missing > 0:
        slices.append(_take(stream, SLICE * _MOST_BYTES).decode("utf-8", "surrogatepass"))
        if not 0 < len(slices[-1]) <= missing:
            raise ValueError(f"a slice of {len(slices[-1])} characters came where {missing} were missing")
        missing -= len(slices[-1])
    return "".join(slices)


def without_text(document: Document) -> Document:
    """What is known of a document besides its text."""
    return replace(document, text="")


def to_document(values: Any, text: str) -> Document:
    """The document of such values; raises `ValueError` where they are not those of a document with this text."""
    document: Document = replace(_maker(Document)(values), text=text)
    parts: list[Block | Page] = [*document.blocks, *document.pages]
    for part in parts:
        if not 0 <= part.start <= part.end <= len(text):
            raise ValueError(f"a part from {part.start} to {part.end} does not lie in {len(text)} characters")
    return document


def whole(value: Any) -> int:
    """The value, where it is a whole number; raises `ValueError` for any other."""
    number: int = _checked(value, int)
    return number


def _put(stream: BinaryIO, raw: bytes) -> None:
    stream.write(_LENGTH.pack(len(raw)))
    stream.write(raw)


def _take(stream: BinaryIO, most: int) -> bytes:
    length = _LENGTH.unpack(_exactly(stream, _LENGTH.size))[0]
    if length > most:
        raise ValueError(f"a message of {length} bytes came where {most} are allowed")
    return _exactly(stream, length)


def _exactly(stream: BinaryIO, length: int) -> bytes:
    raw = stream.read(length)
    if len(raw) < length:
        raise EOFError
    return raw


def _values(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return [getattr(value, name) for name in _names(type(value))]
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be carried; dataclasses, tuples, mappings and plain values can")


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _maker(hint: Any) -> Callable[[Any], Any]:
    """What makes a value of this annotation from JSON, or raises `ValueError`."""
    if is_dataclass(hint):
        return _dataclass_maker(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _union_maker(arguments)
    if origin is tuple:
        return _tuple_maker(arguments)
    if origin in (dict, Mapping) and arguments[0] is str:
        make = _maker(arguments[1])
        return lambda value: {key: make(inner) for key, inner in _checked(value, dict).items()}
    if hint in (str, int, bool, float):
        kinds = (int, float) if hint is float else hint
        return lambda value: _checked(value, kinds)
    raise TypeError(f"a field of type {hint} cannot be carried; dataclasses, tuples, mappings and plain values can")


def _dataclass_maker(kind: Any) -> Callable[[Any], Any]:
    names = _names(kind)
    hints = get_type_hints(kind)
    makers = [_maker(hints[name]) for name in names]

    def make(value: Any) -> Any:
        values = _checked(value, list)
        parts = zip(names, makers, values, strict=True)
        return kind(**{name: make(inner) for name, make, inner in parts})

    return make


def _tuple_maker(arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    if arguments[-1] is Ellipsis:
        make = _maker(arguments[0])
        return lambda value: tuple(make(inner) for inner in _checked(value, list))
    makers = [_maker(argument) for argument in arguments]
    return lambda value: tuple(make(inner) for make, inner in zip(makers, _checked(value, list), strict=True))


def _union_maker(arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    makers = [_maker(argument) for argument in arguments if argument is not types.NoneType]
    if len(makers) != 1 or len(arguments) != 2:
        raise TypeError(f"a choice among {arguments} cannot be carried; a type or None can")
    return lambda value: None if value is None else makers[0](value)


def _checked(value: Any, kind: Any) -> Any:
    if not isinstance(value, kind):
        raise ValueError(f"a {type(value).__name__} came in the place of {kind}")
    return value
