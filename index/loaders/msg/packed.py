"""Rich text as Outlook packs it ([MS-OXRTFCP])."""

from __future__ import annotations

import struct

_START = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS "
    b"Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0"
    b"\\fs20\\b\\i\\u\\tab\\tx"
)
_RING = 4_096
_PACKED, _STORED = 0x75465A4C, 0x414C454D
_MOST = 100_000_000


def unpacked(raw: bytes) -> bytes:
    """The rich text; empty where it is none, and as much as there is where it breaks off."""
    if len(raw) < 16:
        return b""
    _, size, kind, _ = struct.unpack("<IIII", raw[:16])
    if kind == _STORED:
        return raw[16 : 16 + size]
    return _unpacked(raw[16:], min(size, _MOST)) if kind == _PACKED else b""


def _unpacked(raw: bytes, size: int) -> bytes:
    """Each control byte says of the next eight tokens whether they are a byte or a reference into the last 4,096."""
    ring = bytearray(_START.ljust(_RING, b"\0"))
    write = len(_START)
    out = bytearray()
    at = 0
    while at < len(raw) and len(out) < size:
        control = raw[at]
        at += 1
        for bit in range(8):
            if control >> bit & 1:
                if at + 1 >= len(raw):
                    return bytes(out)
                token = raw[at] << 8 | raw[at + 1]
                at += 2
                read = token >> 4
                if read == write:
                    return bytes(out)
                for step in range((token & 15) + 2):
                    out.append(ring[(read + step) % _RING])
                    ring[write] = out[-1]
                    write = (write + 1) % _RING
            elif at < len(raw):
                out.append(raw[at])
                ring[write] = raw[at]
                write = (write + 1) % _RING
                at += 1
    return bytes(out[:size])
