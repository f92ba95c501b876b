"""A disk whose power is cut: what it could hold then, by what was written to it and what of that was made safe.

What is promised is what POSIX promises and no more: `fsync` of a file makes its bytes and its size safe, `fsync` of a
folder which names stand in it for what. All else may be there or not, in any order, bytes by sectors; only a rename is
whole or not at all. (ext4 promises more; its own `fsync` of a new file makes the file's name safe too.)
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.trace import OTHERS, PLACES, SYNCS, Call, Moment

HOWS = ("nothing", "everything", "in order", "scattered", "only names", "only bytes")
"""What is left of that which was not made safe: none of it, all, the first of it, any of it by sectors, or names whose
files are empty or full of zeros, or bytes of files without a name."""


@dataclass(eq=False)
class File:
    """A file's bytes that are safe, and how large it is now."""

    safe: bytearray = field(default_factory=bytearray)
    size: int = 0


@dataclass(eq=False)
class Folder:
    """The names that are safe, and those that stand there now."""

    safe: dict[str, Node] = field(default_factory=dict)
    now: dict[str, Node] = field(default_factory=dict)


Node = File | Folder


@dataclass(eq=False)
class Bytes:
    """What was written at a place of a file."""

    file: File
    start: int
    data: bytes


@dataclass(eq=False)
class Size:
    """A file was made this large."""

    file: File
    size: int


@dataclass(eq=False)
class Names:
    """What names of folders stand for, or that they are gone (None): all of it at once."""

    entries: dict[tuple[Folder, str], Node | None]


Change = Bytes | Size | Names


@dataclass(eq=False)
class Opened:
    """An open file and where the next write goes: None for its end."""

    file: File
    place: int | None


class Disk:
    """All below `root`, which was there before; `deaf` says to which paths' `fsync` the disk does not listen."""

    def __init__(self, root: Path, deaf: Callable[[Path], bool] = lambda path: False) -> None:
        self.root = root
        self.mapped: set[Path] = set()
        self._deaf = deaf
        self._top = Folder()
        self._pending: list[Change] = []
        self._opened: dict[int, Opened] = {}
        self._asked: dict[int, list[Change]] = {}

    def happens(self, moment: Moment) -> bool:
        """Whether this changes what the disk may hold: a change once it is begun, safety once its call has returned."""
        call, before = moment.call, len(self._pending)
        if call.name in SYNCS:
            self._sync(call, moment.over)
        elif call.name in PLACES or (call.name == "openat" and moment.over):
            if moment.over:
                self._place(call)
        elif not moment.over:
            self._change(call)
        return len(self._pending) != before

    def text(self, path: Path) -> str:
        """What a file that was written piece by piece holds now, safe or not."""
        file = self._node(path)
        if not isinstance(file, File):
            return ""
        return bytes(self._content(file, self._pending)).decode()

    def cut(self, how: str, draw: random.Random, target: Path) -> None:
        """Writes down what is found when the power is back, in a new folder."""
        kept = list(_kept(self._pending, how, draw))
        names: dict[Folder, dict[str, Node]] = {}
        for change in kept:
            for (folder, name), node in change.entries.items() if isinstance(change, Names) else ():
                there = names.setdefault(folder, dict(folder.safe))
                there.pop(name, None)
                if node is not None:
                    there[name] = node
        self._write(self._top, target, names, kept)

    def _write(self, folder: Folder, target: Path, names: dict[Folder, dict[str, Node]], kept: list[Change]) -> None:
        target.mkdir()
        for name, node in names.get(folder, folder.safe).items():
            if isinstance(node, Folder):
                self._write(node, target / name, names, kept)
            else:
                (target / name).write_bytes(self._content(node, kept))

    @staticmethod
    def _content(file: File, kept: Iterable[Change]) -> bytearray:
        content = bytearray(file.safe)
        for change in kept:
            if not isinstance(change, Names) and change.file is file:
                _carry_out(change, content)
        return content

    def _sync(self, call: Call, over: bool) -> None:
        path = call.of()
        if self._deaf(path) or not path.is_relative_to(self.root):
            return
        node = self._node(path) if call.number() not in self._opened else self._opened[call.number()].file
        if not over:
            # What is written while the call is under way may or may not be safe when it returns.
            self._asked[id(call)] = list(self._pending)
            return
        left: list[Change] = []
        asked = set(map(id, self._asked.pop(id(call))))
        for change in self._pending:
            if id(change) in asked:
                _make_safe(change, node)
            done = not change.entries if isinstance(change, Names) else change.file is node and id(change) in asked
            left += [] if done else [change]
        self._pending = left

    def _place(self, call: Call) -> None:
        if call.name == "openat":
            self._open(call)
        elif call.number() in self._opened:
            opened = self._opened[call.number()]
            if call.name == "lseek":
                opened.place = call.result
            elif call.name == "read" and opened.place is not None:
                opened.place += call.result
            elif call.name == "close":
                del self._opened[call.number()]

    def _open(self, call: Call) -> None:
        path, flags = call.path(1), call.arguments[2]
        self._opened.pop(call.result, None)
        node = self._node(path)
        if isinstance(node, File):
            self._opened[call.result] = Opened(node, None if b"O_APPEND" in flags else 0)

    def _change(self, call: Call) -> None:
        if call.name == "mmap":
            if b"PROT_WRITE" in call.arguments[2] and b"MAP_SHARED" in call.arguments[3] and b"<" in call.arguments[4]:
                self.mapped.add(call.of(4))
        elif call.name in ("write", "writev", "pwrite64", "ftruncate"):
            opened = self._opened.get(call.number())
            if opened is not None:
                self._put(call, opened)
        elif call.name == "openat":
            self._make(call.path(1), call.arguments[2])
        elif call.name == "rename":
            self._rename(call.path(0), call.path(1))
        elif call.name == "mkdir":
            self._enter(call.path(), Folder())
        elif call.name in ("unlink", "rmdir"):
            self._enter(call.path(), None)
        elif call.name == "unlinkat":
            self._enter((Path() if call.arguments[0].startswith(b"AT_FDCWD") else call.of()) / call.path(1), None)
        else:
            self._unknown(call)

    def _put(self, call: Call, opened: Opened) -> None:
        file = opened.file
        if call.name == "ftruncate":
            file.size = call.number(1)
            self._pending.append(Size(file, file.size))
            return
        data = call.data()
        if call.name == "pwrite64":
            start = call.number(3)
        else:
            start = file.size if opened.place is None else opened.place
            opened.place = None if opened.place is None else start + len(data)
        file.size = max(file.size, start + len(data))
        self._pending.append(Bytes(file, start, data))

    def _make(self, path: Path, flags: bytes) -> None:
        node = self._node(path)
        if b"O_CREAT" in flags and node is None:
            self._enter(path, File())
        elif b"O_TRUNC" in flags and isinstance(node, File):
            node.size = 0
            self._pending.append(Size(node, 0))

    def _rename(self, old: Path, new: Path) -> None:
        if not (old.is_relative_to(self.root) and new.is_relative_to(self.root)):
            return
        node = self._node(old)
        source, target = self._folder(old), self._folder(new)
        del source.now[old.name]
        assert node is not None
        target.now[new.name] = node
        self._pending.append(Names({(source, old.name): None, (target, new.name): node}))

    def _enter(self, path: Path, node: Node | None) -> None:
        if not path.is_relative_to(self.root):
            return
        folder = self._folder(path)
        if node is None:
            del folder.now[path.name]
        else:
            folder.now[path.name] = node
        self._pending.append(Names({(folder, path.name): node}))

    def _unknown(self, call: Call) -> None:
        assert call.name in OTHERS
        paths = re.findall(rb"[<\"]((?:\\x[0-9a-f]{2})+)[>\"]", b" ".join(call.arguments))
        for path in paths:
            told = Path(bytes.fromhex(path.replace(b"\\x", b"").decode()).decode("utf-8", "replace"))
            assert not told.is_relative_to(self.root), f"{call.name} of {told} is not understood"

    def _folder(self, path: Path) -> Folder:
        folder = self._node(path.parent)
        assert isinstance(folder, Folder), f"there is no folder for {path}"
        return folder

    def _node(self, path: Path) -> Node | None:
        if not path.is_relative_to(self.root):
            return None
        node: Node | None = self._top
        for part in path.relative_to(self.root).parts:
            node = node.now.get(part) if isinstance(node, Folder) else None
        return node


def _make_safe(change: Change, node: Node | None) -> None:
    """Carries a change out for good as far as it is one of this file or folder."""
    if not isinstance(change, Names):
        if change.file is node:
            _carry_out(change, change.file.safe)
        return
    for (folder, name), there in list(change.entries.items()):
        if folder is node:
            folder.safe.pop(name, None)
            if there is not None:
                folder.safe[name] = there
            del change.entries[folder, name]


def _carry_out(change: Bytes | Size, content: bytearray) -> None:
    if isinstance(change, Size):
        del content[change.size :]
        content.extend(bytes(change.size - len(content)))
        return
    content.extend(bytes(max(0, change.start - len(content))))
    content[change.start : change.start + len(change.data)] = change.data


def _kept(pending: list[Change], how: str, draw: random.Random) -> Iterator[Change]:
    """What of the changes the disk had taken up when the power went."""
    if how == "in order":
        yield from pending[: draw.randint(0, len(pending))]
    elif how == "scattered":
        sector = draw.choice((512, 4096))
        for change in pending:
            if isinstance(change, Bytes):
                yield from _sectors(change, sector, draw)
            elif draw.random() < 0.5:
                yield change
    elif how == "only names":
        zeros = draw.random() < 0.5
        for change in pending:
            if isinstance(change, Names):
                yield change
            elif zeros and isinstance(change, Bytes):
                yield from _grown(change)
    elif how == "only bytes":
        yield from (change for change in pending if not isinstance(change, Names))
    elif how == "everything":
        yield from pending


def _sectors(change: Bytes, sector: int, draw: random.Random) -> Iterator[Bytes]:
    """Some sectors of what was written."""
    place, end = change.start, change.start + len(change.data)
    while place < end:
        there = min(end, (place // sector + 1) * sector)
        if draw.random() < 0.5:
            yield Bytes(change.file, place, change.data[place - change.start : there - change.start])
        place = there


def _grown(change: Bytes) -> Iterator[Bytes]:
    """Zeros where a file has grown: its size is known to the disk, what is in it is not."""
    start = max(change.start, len(change.file.safe))
    size = change.start + len(change.data) - start
    if size > 0:
        yield Bytes(change.file, start, bytes(size))
