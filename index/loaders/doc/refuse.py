"""Says why an old Office document is not read as it is: LibreOffice saves it anew first, outside of this process."""

from __future__ import annotations

import struct
from pathlib import Path

import olefile

from index.errors import DamagedFile, LockedFile, OldFormat, UnknownFormat, UnreadableFile
from index.office import NEW, program

_OLDER = (b"\xdb\xa5", b"\x31\xbe", b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
_WORDS = {"doc": "an old Word document", "xls": "an old Excel workbook", "ppt": "an old PowerPoint presentation"}
_ENCRYPTED_WORD = 0x0100  # of the flags at 10 of FibBase, [MS-DOC] 2.5.2
_FILE_PASS, _BEGIN = 0x2F, (0x0809, 0x0409, 0x0209, 0x0009)  # [MS-XLS] 2.3
_ENCRYPTED_SLIDES = 0xF3D1C4DF  # the token at 12 of CurrentUserAtom, [MS-PPT] 2.3.2
_RECORDS = 8  # behind the first record of a workbook, among which the one of its password stands


def refusal(path: Path, kind: str) -> UnreadableFile:
    """Why the file, which is said to be "doc", "xls" or "ppt", is not read as it is.

    `OldFormat` where LibreOffice can be asked; `LockedFile`, `DamagedFile` or `UnknownFormat` where that is no use.
    """
    compound = olefile.isOleFile(path)
    with path.open("rb") as opened:
        older = opened.read(2) in _OLDER
    if not compound and not older:
        return DamagedFile(f"{path.name} is not {_WORDS[kind]}, whatever its name says; save it as .{NEW[kind]}")
    if compound and _locked(path):
        return LockedFile(f"{path.name} needs a password; save a copy without one and add that")
    remedy = f"open it in Office or LibreOffice, save it as .{NEW[kind]} and add that"
    if program() is None:
        return UnknownFormat(
            f"{path.name} is {_WORDS[kind]}, which is read only where LibreOffice is installed; install it and add the "
            f"file again, or {remedy}"
        )
    return OldFormat(f"{path.name} is {_WORDS[kind]}, which LibreOffice has to save anew first; {remedy}")


def _locked(path: Path) -> bool:
    """Whether the compound file is encrypted, as far as that can be told of one that may be broken."""
    try:
        with olefile.OleFileIO(path) as held:
            return _locked_word(held) or _locked_workbook(held) or _locked_slides(held)
    except (OSError, ValueError, TypeError, IndexError, AttributeError, struct.error):
        # What olefile meets in broken files; LibreOffice may do better with them.
        return False


def _locked_word(held: olefile.OleFileIO) -> bool:
    head = _stream(held, "WordDocument", 12)
    return len(head) == 12 and bool(struct.unpack_from("<H", head, 10)[0] & _ENCRYPTED_WORD)


def _locked_workbook(held: olefile.OleFileIO) -> bool:
    for name in ("Workbook", "Book"):
        head = _stream(held, name, 4096)
        at = 0
        for number in range(_RECORDS):
            if at + 4 > len(head):
                break
            kind, length = struct.unpack_from("<HH", head, at)
            if kind == _FILE_PASS:
                return True
            if number == 0 and kind not in _BEGIN:
                break
            at += 4 + length
    return False


def _locked_slides(held: olefile.OleFileIO) -> bool:
    head = _stream(held, "Current User", 16)
    return len(head) == 16 and struct.unpack_from("<I", head, 12)[0] == _ENCRYPTED_SLIDES


def _stream(held: olefile.OleFileIO, name: str, most: int) -> bytes:
    if not held.exists(name):
        return b""
    with held.openstream(name) as stream:
        raw: bytes = stream.read(most)
    return raw
