"""One reader as its owner sees it: started, asked for documents, ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

import index
from index import errors
from index.errors import DamagedFile, HeavyFile, UnreadableFile
from index.fence.carry import receive, receive_text, send, to_document, whole
from index.fence.limits import OURS, Held, Limits
from index.fence.sentences import CLOSED, exceeded, fell, not_started
from index.fence.spool import Copy
from index.types import Document

STARTING = 60.0
"""Seconds until a reader has to be ready: it takes a third of one, on an idle machine."""

_GOING = 2.0
"""Seconds that a reader has to go once it closed its pipe."""

_TOLD = 1 << 20
"""Bytes that a reader may say besides a document: an error's sentence, most of all, which names the file."""

_MOST_PAGES = 10_000
"""How often a reader may say that it is at work: it takes longer for so many pages than it has."""

Told = Callable[[int, int], None]


def untold(page: int, of: int) -> None:
    """What is called where nobody wants to know how far a reader is."""


_UNREADABLE = {
    name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, UnreadableFile)
}

_KEPT = ("HOME", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "SYSTEMROOT", "TZ")
"""What a reader is told of the environment; keys and passwords stand in the rest of it."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How readers are started.

    `reader` is the module whose `read(path, name)` reads: another than ours for tests, which then starts without the
    loaders. `without` names the fences to leave out, as on a system that denies them: "namespace", "filter".
    """

    limits: Limits = field(default_factory=Limits)
    # Two cores are all that a laptop must have; where slow files keep both readers busy, others get theirs, up to four.
    size: int = 2
    most: int = 4
    # Seconds that a reader waits for another file: it holds 40 MB meanwhile, and a third of a second brings it back.
    idle: float = 60.0
    reader: str = OURS
    without: tuple[str, ...] = ()


class Process:
    """A reader: `files` counts what it was given.

    `grown` is by how many bytes that has made it larger, `open` how many files it has open. It is `doubtful` once it
    fell or ran out of memory or files: where others were read before, the last one need not be to blame.
    """

    def __init__(self, setting: Setting) -> None:
        self.files = 0
        self.grown = 0
        self.open = 0
        self.doubtful = False
        self._limits = setting.limits
        self._expired = False
        self._stopped = False
        self._held: Held | None = None
        told = {**asdict(setting), "parent": os.getpid()}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "index.fence", json.dumps(told)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            start_new_session=True,  # Ctrl-C is for its owner
        )
        self._to = cast(BinaryIO, self._process.stdin)
        self._from = cast(BinaryIO, self._process.stdout)

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def ready(self, shown: str) -> Held:
        """Waits until it can be asked, and says which fences hold; raises `UnreadableFile` where it does not start."""
        if self._held is None:
            try:
                with self._clock(STARTING):
                    told = receive(self._from, _TOLD)
                self._held = Held(str(told["network"]), tuple(str(name) for name in told["limits"]))
            except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
                self.doubtful = True
                raise UnreadableFile(not_started(shown)) from error
        return self._held

    def read(self, copy: Copy, shown: str, told: Told = untold) -> Document:
        """The document in the copy; raises `UnreadableFile`, whatever becomes of the reader.

        `told` is called with the page that the reader is at, and how many there are.
        """
        self.files += 1
        try:
            send(self._to, {"folder": str(copy.folder), "path": str(copy.path), "name": shown})
            return self._waited(shown, told)
        except (OSError, EOFError) as error:
            raise self._gone(shown) from error
        except (ValueError, KeyError, TypeError) as error:
            raise self._fell(shown, "its answer makes no sense") from error

    def stop(self) -> None:
        """Ends it at once, with whatever it may have started."""
        self._stopped = True
        with suppress(OSError):
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)

    def end(self) -> None:
        """Ends it, and waits until it is gone."""
        if self.alive:
            self.stop()
        self._process.wait()
        with suppress(OSError):
            self._to.close()
        self._from.close()

    def _waited(self, shown: str, told: Told) -> Document:
        """What it answers; while it says that it is at work on another page, it has its time anew."""
        ends = time.monotonic() + self._limits.pictures + self._limits.wall
        for _ in range(_MOST_PAGES):
            with self._clock(max(min(self._limits.wall, ends - time.monotonic()), 0)):
                answer = receive(self._from, _TOLD)
                if "working" not in answer:
                    return self._answered(answer, shown)
                page, of = map(whole, answer["working"])
            if 0 < page <= of:
                told(page, of)
        raise ValueError("it has been at work on more pages than it can have read")

    def _answered(self, answer: dict[str, Any], shown: str) -> Document:
        if "failed" in answer:
            raise self._fell(shown, str(answer["failed"])[:100])
        characters, self.grown, self.open = (whole(answer[key]) for key in ("characters", "grown", "open"))
        if not 0 <= characters <= self._limits.characters:
            raise ValueError(f"{characters} characters came where {self._limits.characters} are allowed")
        parts = receive(self._from, self._limits.structure)
        text = receive_text(self._from, characters)
        if "error" in answer:
            raise _UNREADABLE.get(str(answer["error"]), UnreadableFile)(str(answer["message"]))
        if "limit" in answer:
            self.doubtful = answer["limit"] in ("memory", "files")
            raise HeavyFile(exceeded(shown, str(answer["limit"]), self._limits))
        return to_document(parts, text)

    def _gone(self, shown: str) -> UnreadableFile:
        """Why it is gone."""
        try:
            status = self._process.wait(_GOING)
        except subprocess.TimeoutExpired:
            return self._fell(shown, "it fell silent")
        if self._expired:
            return HeavyFile(exceeded(shown, "wall", self._limits))
        if self._stopped:
            return UnreadableFile(CLOSED)
        if sys.platform != "win32" and status == -signal.SIGXCPU:
            return HeavyFile(exceeded(shown, "processor", self._limits))
        return self._fell(shown, _ending(status))

    def _fell(self, shown: str, how: str) -> DamagedFile:
        self.stop()
        self.doubtful = True
        return DamagedFile(fell(shown, how))

    @contextmanager
    def _clock(self, seconds: float) -> Iterator[None]:
        """Stops it after so many seconds, whatever it is doing then."""
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _expire(self) -> None:
        self._expired = True
        self.stop()


def environment() -> dict[str, str]:
    """What a process that this one starts is told: where Python's modules are, and no keys."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    here = str(Path(index.__file__).parent.parent)
    # Two arenas of the C library's memory for all threads, so that the limit on memory goes into what is used.
    paths = os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])
    # So does that of the threads that would multiply matrices.
    return {**kept, "PYTHONPATH": paths, "MALLOC_ARENA_MAX": "2", "OPENBLAS_NUM_THREADS": "1"}


def _ending(status: int) -> str:
    """A process's exit status in words."""
    if status >= 0:
        return f"it ended with status {status}"
    with suppress(ValueError):
        return signal.Signals(-status).name
    return f"signal {-status}"
