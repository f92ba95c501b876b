"""What a process did to files, call by call and byte by byte, as strace wrote it down."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SYNCS = ("fsync", "fdatasync")
CHANGES = ("openat", "write", "writev", "pwrite64", "ftruncate", "rename", "unlink", "unlinkat", "rmdir", "mkdir")
PLACES = ("lseek", "read", "close")
"""Where in a file the next `write` goes; only those of files that are written to count."""

OTHERS = (
    "open", "creat", "truncate", "fallocate", "pwritev", "pwritev2", "sync_file_range", "renameat", "renameat2", "link",
    "linkat", "symlink", "symlinkat", "mkdirat", "copy_file_range", "sendfile", "splice", "dup", "dup2", "dup3",
)  # fmt: skip
"""Calls that would change files, or what a number stands for, in ways that `power` does not know."""

_LINE = re.compile(rb"(\d+) +(?:<\.\.\. )?(\w+)( resumed>|\()(.*)")
_END = re.compile(rb"(.*)\) += (-?\d+)")
_STRING = re.compile(rb'"([^"]*)"')


@dataclass(frozen=True)
class Call:
    """One call that succeeded: its arguments as strace wrote them, and what it returned."""

    name: str
    arguments: tuple[bytes, ...]
    result: int

    def path(self, place: int = 0) -> Path:
        """The path that an argument names."""
        return Path(os.fsdecode(_decoded(self.arguments[place].strip(b'"'))))

    def number(self, place: int = 0) -> int:
        """The number that an argument is: of an open file, a place, a size."""
        return int(self.arguments[place].partition(b"<")[0])

    def of(self, place: int = 0) -> Path:
        """The path of the open file or folder that an argument is."""
        return Path(os.fsdecode(_decoded(self.arguments[place].partition(b"<")[2].rstrip(b">"))))

    def data(self) -> bytes:
        """The bytes that were written."""
        return b"".join(_decoded(found) for found in _STRING.findall(b" ".join(self.arguments[1:])))[: self.result]


@dataclass(frozen=True)
class Moment:
    """The moment in which a call was begun, or (`over`) in which it returned."""

    call: Call
    over: bool


def record(trace: Path, command: Sequence[str | os.PathLike[str]], home: Path) -> None:
    """Runs a command and writes down what it does; fails where it fails."""
    calls = ",".join((*SYNCS, *CHANGES, *PLACES, *OTHERS, "mmap"))
    options = ["-f", "-qq", "--seccomp-bpf", "-xx", "-y", "-s", str(1 << 24), "-e", f"trace={calls}", "-o", trace]
    done = subprocess.run(["strace", *options, *command], cwd=home, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def moments(trace: Path) -> Iterator[Moment]:
    """What was done, in the order of time: calls of several threads begin and end between each other."""
    lines = trace.read_bytes().split(b"\n")
    ends = list(_ends(lines))
    begun: dict[bytes, Call] = {}
    for line, call in zip(lines, ends, strict=True):
        found = _LINE.match(line)
        if found is None:
            continue
        thread, _, how, _ = found.groups()
        if how == b"(":
            if call is not None:
                begun[thread] = call
                yield Moment(call, False)
            if line.endswith(b"<unfinished ...>"):
                continue
        done = begun.pop(thread, None)
        if done is not None:
            yield Moment(done, True)


def _ends(lines: Sequence[bytes]) -> Iterator[Call | None]:
    """The call that each line begins, with what it returned in the end; None for those that failed or begin none."""
    later: dict[bytes, tuple[int, bytes, bytes]] = {}
    found: list[Call | None] = [None] * len(lines)
    for number, line in enumerate(lines):
        match = _LINE.match(line)
        if match is None:
            continue
        thread, name, how, rest = match.groups()
        if rest.endswith(b" <unfinished ...>"):
            later[thread] = number, name, rest.removesuffix(b" <unfinished ...>").rstrip(b", ")
            continue
        start, before = number, b""
        if how != b"(":
            start, name, before = later.pop(thread)
        found[start] = _call(name, before, rest)
    yield from found


def _call(name: bytes, before: bytes, rest: bytes) -> Call | None:
    end = _END.match(rest)
    if end is None or int(end[2]) < 0:
        return None
    arguments = tuple(part for part in (before + b", " + end[1]).strip(b", ").split(b", ") if part)
    return Call(name.decode(), arguments, int(end[2]))


def _decoded(text: bytes) -> bytes:
    return bytes.fromhex(text.replace(b"\\x", b"").decode())
