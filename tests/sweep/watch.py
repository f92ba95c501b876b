"""Runs the service of a sweep, keeps what it says, starts it again where a file took it down; watches its memory."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.benchmarks.drive import ROOT
from tests.sweep.outcome import Outcome, outcome

_LOOK = 0.25
_HANGS = 2400.0
"""Seconds without a word after which the service hangs: the pictures of one file may take 1,800 s to be recognised."""


@dataclass
class Memory:
    """The most that the service and the largest of its readers and their children took, in bytes; none yet at 0."""

    service: int = 0
    reader: int = 0
    together: int = 0

    def look(self, service: int) -> None:
        """Takes in what the processes have now."""
        own, others = _resident(service), [_resident(each) for each in _descendants(service)]
        self.service = max(self.service, own)
        self.reader = max([self.reader, *others])
        self.together = max(self.together, own + sum(others))


@dataclass
class Log:
    """Outcomes in a file, one a line: whatever stood in it when the sweep was killed is not swept again."""

    file: Path
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        lines = self.file.read_text(encoding="utf-8").splitlines(keepends=True) if self.file.exists() else []
        for line in lines:
            if line.endswith("\n"):
                self._take(json.loads(line))
            else:  # what was being written when the sweep was killed
                self.file.write_text("".join(lines[:-1]), encoding="utf-8")

    def add(self, told: Mapping[str, object]) -> None:
        """Takes a line in and writes it down."""
        self._take(told)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(told) + "\n")

    def _take(self, told: Mapping[str, object]) -> None:
        if "sitting" in told:
            self.seconds += told["sitting"]
            most = told["memory"]
            self.memory = Memory(*(max(getattr(self.memory, name), most[name]) for name in most))
        else:
            found = outcome(told)
            self.outcomes[found.path] = found


def sweep(folder: Path, paths: Sequence[str], work: Path, say: Callable[[str], None]) -> Log:
    """Adds the files that the log in the working folder does not know yet."""
    log = Log(work / "outcomes.jsonl")
    while left := [path for path in paths if path not in log.outcomes]:
        say(f"{len(left):,} files to go")
        before = len(log.outcomes)
        _sit(folder, left, work, log, say)
        if len(log.outcomes) == before:
            raise RuntimeError("the service ends before it reads anything; see service.log")
    return log


def _sit(folder: Path, paths: Sequence[str], work: Path, log: Log, say: Callable[[str], None]) -> None:
    """One life of the service."""
    began, heard, memory, going = time.monotonic(), [time.monotonic()], Memory(), threading.Event()
    work.mkdir(parents=True, exist_ok=True)
    (work / "paths").write_text("".join(json.dumps(path) + "\n" for path in paths), encoding="utf-8")
    command = [sys.executable, "-m", "tests.sweep.service", str(work / "library"), str(folder)]
    with (work / "paths").open() as told, (work / "service.log").open("a") as errors:
        service = subprocess.Popen(command, stdin=told, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=ROOT)

    def look() -> None:
        noted = began
        while not going.wait(_LOOK):
            memory.look(service.pid)
            now = time.monotonic()
            if now - heard[0] > _HANGS:
                service.kill()
            if now - noted > 10:
                log.add({"sitting": now - noted, "memory": asdict(memory)})
                noted = now
        log.add({"sitting": time.monotonic() - noted, "memory": asdict(memory)})

    watch = threading.Thread(target=look)
    watch.start()
    begun: list[str] = []
    try:
        for line in service.stdout:
            heard[0] = time.monotonic()
            _hear(json.loads(line), begun, log, say)
    finally:
        service.kill()
        service.wait()
        going.set()
        watch.join()
    for path in begun:
        log.add({"path": path, "down": True})
        say(f"{path}: the service went down")


def _hear(told: Mapping[str, object], begun: list[str], log: Log, say: Callable[[str], None]) -> None:
    if "begun" in told:
        begun.append(str(told["begun"]))
        return
    path = str(told["done"])
    begun.remove(path)
    log.add({"path": path, **told["receipt"]})
    if len(log.outcomes) % 100 == 0:
        say(f"{len(log.outcomes):,} files, {log.seconds / 60:.0f} min, service {log.memory.service >> 20:,} MiB")


def _descendants(process: int) -> list[int]:
    """All processes that this one started, and those that they started."""
    parents: dict[int, list[int]] = {}
    for there in Path("/proc").iterdir():
        if there.name.isdigit():
            found = re.match(r"\d+ \(.*\) \S (\d+)", _read(there / "stat"), re.S)
            if found:
                parents.setdefault(int(found.group(1)), []).append(int(there.name))
    found, open_ = [], [process]
    while open_:
        children = parents.get(open_.pop(), [])
        found += children
        open_ += children
    return found


def _resident(process: int) -> int:
    """The bytes of memory that it has now."""
    found = re.search(r"VmRSS:\s*(\d+) kB", _read(Path(f"/proc/{process}/status")))
    return int(found.group(1)) * 1024 if found else 0


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
