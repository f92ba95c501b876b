"""Landlock for Linux from 5.13 on: which folders and files a process may touch from now on, whoever it runs as."""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

# linux/landlock.h; the numbers of these calls are the same on every machine.
_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
_VERSION, _BENEATH = 1, 1
_RUN, _WRITE, _READ, _LIST = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_MAKE_SOCKET, _TRUNCATE, _DEVICE = 1 << 9, 1 << 14, 1 << 15
_OF_FILES = _RUN | _WRITE | _READ | _TRUNCATE | _DEVICE
_KINDS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_ALL_KINDS = (1 << 16) - 1
_ALL_PORTS, _ALL_SCOPES = 3, 3

READ = _RUN | _READ | _LIST
WRITE = _READ | _WRITE
SOCKETS = _MAKE_SOCKET
ALL = _ALL_KINDS


def shut(libc: ctypes.CDLL, rules: Iterable[tuple[Path, int]]) -> bool:
    """Leaves this process what the rules allow, for good, and no other process to signal; False where it cannot.

    A rule is a folder or a file, and `READ` (programs may be run), `WRITE`, `SOCKETS` (may be made there) or `ALL`;
    one that is not there is passed over. The process must have given up new privileges before.
    """
    version = _call(libc, _CREATE, None, 0, _VERSION)
    if version < 1:
        return False
    kinds = _KINDS.get(version, _ALL_KINDS)
    told = struct.pack("=QQQ", kinds, _ALL_PORTS, _ALL_SCOPES)[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = _call(libc, _CREATE, told, len(told), 0)
    if ruleset < 0:
        return False
    try:
        for path, allowed in rules:
            _allow(libc, ruleset, path, allowed & kinds)
        return _call(libc, _RESTRICT, ruleset, 0) == 0
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, allowed: int) -> None:
    with contextlib.suppress(OSError):
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            within = allowed if path.is_dir() else allowed & _OF_FILES
            _call(libc, _ADD_RULE, ruleset, _BENEATH, struct.pack("=Qi", within, place), 0)
        finally:
            os.close(place)


def _call(libc: ctypes.CDLL, number: int, *values: int | bytes | None) -> int:
    passed = (ctypes.c_long(value) if isinstance(value, int) else value for value in values)
    return int(libc.syscall(ctypes.c_long(number), *passed))
