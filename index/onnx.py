"""An ONNX model as bytes: the few messages of the format that a graph of nodes and outside weights needs.

ONNX Runtime takes a model as these bytes, and writing them takes less than the package `onnx` that would do it. The
field numbers are those of onnx.proto3 (IR version 8), the wire format is that of Protocol Buffers.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

FLOAT, UINT8, INT8, INT32 = 1, 2, 3, 6
"""Types of values, as TensorProto.DataType numbers them."""

RUNTIME = "com.microsoft"
"""The domain of ONNX Runtime's own operators."""

_IR, _OPERATORS, _RUNTIME_OPERATORS = 8, 17, 1
_TYPES = {"float32": FLOAT, "uint8": UINT8, "int8": INT8, "int32": INT32}
_OUTSIDE = 1  # TensorProto.DataLocation.EXTERNAL


def node(operator: str, inputs: Sequence[str], output: str, domain: str = "", **attributes: float) -> bytes:
    """A NodeProto: one operator over named values; attributes are whole numbers or floats, an input "" is left out."""
    parts = [_field(1, name) for name in inputs]
    parts += [_field(2, output), _field(3, output), _field(4, operator)]
    parts += [_field(5, _attribute(name, value)) for name, value in attributes.items()]
    return b"".join([*parts, _field(7, domain)])


def value(name: str, kind: int, shape: Sequence[int | str]) -> bytes:
    """A ValueInfoProto: an input or output of the graph; a size that varies is a name."""
    sizes = b"".join(_field(1, _field(2 if isinstance(size, str) else 1, size)) for size in shape)
    return _field(1, name) + _field(2, _field(1, _field(1, kind) + _field(2, sizes)))


def model(
    nodes: Iterable[bytes],
    inputs: Iterable[bytes],
    outputs: Iterable[bytes],
    weights: Mapping[str, NDArray[np.generic]],
) -> bytes:
    """A ModelProto whose weights are given to the session by their names, and are not in these bytes."""
    graph = [_field(1, one) for one in nodes]
    graph += [_field(2, "graph")]
    graph += [_field(5, _weight(name, array)) for name, array in weights.items()]
    graph += [_field(11, one) for one in inputs]
    graph += [_field(12, one) for one in outputs]
    sets = [("", _OPERATORS), (RUNTIME, _RUNTIME_OPERATORS)]
    imports = b"".join(_field(8, _field(1, domain) + _field(2, version)) for domain, version in sets)
    return _field(1, _IR) + _field(7, b"".join(graph)) + imports


def _weight(name: str, array: NDArray[np.generic]) -> bytes:
    """A TensorProto that says where its data is: outside."""
    sizes = b"".join(_field(1, size) for size in array.shape)
    where = _field(1, "location") + _field(2, "weights")
    return sizes + _field(2, _TYPES[str(array.dtype)]) + _field(8, name) + _field(13, where) + _field(14, _OUTSIDE)


def _attribute(name: str, value: float) -> bytes:
    if isinstance(value, int):
        return _field(1, name) + _field(3, value) + _field(20, 2)
    return _field(1, name) + _field(2, value) + _field(20, 1)


def _field(number: int, value: float | str | bytes) -> bytes:
    """A field of a message: its number and wire type, then the value, with its length before it where it has one."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    if isinstance(value, float):
        return _varint(number << 3 | 5) + struct.pack("<f", value)
    data = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _varint(number: int) -> bytes:
    """A whole number, 0 and up, seven bits a byte, the lowest first."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])
