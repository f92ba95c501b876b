"""Whether a zip archive lists more files than any document has: told from its end, before the list is read."""

from __future__ import annotations

import struct
from pathlib import Path

LONGEST = 4_000_000
"""Bytes of a list: 2,000 files with 2 kB each; a list of a million takes 10 s and 700 MB to read."""

# PKWARE's APPNOTE.TXT, sections 4.3.14 and 4.3.16: the end of the list, in files beyond 4 GB with another before it.
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x06"
_SIZE, _SIZE_64 = (struct.Struct("<I"), 12), (struct.Struct("<Q"), 40)
_ELSEWHERE = 0xFFFFFFFF
_TAIL = 65_535 + 22 + 20 + 56


def crowded(path: Path) -> bool:
    """Whether the list of files in an archive is longer than `LONGEST`; False for what is none. Raises `OSError`."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        tail = file.read(_TAIL)
    sizes = [_number(tail, _END, *_SIZE), _number(tail, _END_64, *_SIZE_64)]
    return any(LONGEST < size != _ELSEWHERE for size in sizes)


def _number(tail: bytes, mark: bytes, number: struct.Struct, offset: int) -> int:
    """The number so far behind the last mark; 0 where there is none."""
    at = tail.rfind(mark) + offset
    there = at >= offset and at + number.size <= len(tail)
    return int(number.unpack_from(tail, at)[0]) if there else 0
