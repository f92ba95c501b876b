"""Child processes that start at once: forked from one that has imported all there is to import."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.crash.inspection", "index.stores.chroma"])


def start(work: Callable[..., None], *values: Any) -> BaseProcess:
    """A child at work."""
    child = _context.Process(target=work, args=values)
    child.start()
    return child


def run(work: Callable[..., None], *values: Any) -> int:
    """The exit status of a child that did its work; below 0 where a signal ended it."""
    return join(start(work, *values))


def join(child: BaseProcess, seconds: float = 300) -> int:
    """A child's exit status, once it has ended by itself."""
    child.join(seconds)
    if child.is_alive():
        child.kill()
        child.join()
        raise AssertionError(f"a child took over {seconds} seconds")
    return child.exitcode or 0


def kill(child: BaseProcess) -> bool:
    """Ends a child and its group with SIGKILL; False where it had ended before that."""
    alive = child.is_alive()
    with suppress(ProcessLookupError):
        os.killpg(child.pid or 0, signal.SIGKILL)
    child.kill()
    child.join()
    return alive


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Returns as soon as it is true, or after so many seconds."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.002)


def wait_for_change(library: Path, aim: str, number: int, seconds: float) -> None:
    """Returns at the so manieth change of a file aimed at, or after so many seconds.

    An aim is "ledger", "chroma", "files", "any", or "segment": the files that Chroma writes its index out to, of which
    the first change is enough.
    """
    end = time.monotonic() + seconds
    seen = dict(_states(library))
    while time.monotonic() < end:
        for path, now in _states(library):
            if seen.get(path) != now and _aimed(path.removeprefix(f"{library}/"), aim):
                number -= 1
                if number <= 0 or aim == "segment":
                    return
            seen[path] = now
        time.sleep(0.0005)


def _aimed(file: str, aim: str) -> bool:
    if aim == "segment":
        return file.endswith((".bin", ".pickle"))
    return aim == "any" or file.startswith(aim)


def _states(folder: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    for place, _, files in os.walk(folder):
        for file in files:
            path = os.path.join(place, file)
            with suppress(OSError):
                there = os.stat(path)
                if not file.endswith("-shm"):
                    yield path, (there.st_mtime_ns, there.st_size)


def wilson(failures: int, trials: int, z: float = 1.96) -> float:
    """The upper end of the 95% interval of a share, by Wilson (1927)."""
    share = failures / trials
    middle = share + z * z / (2 * trials)
    half = z * (share * (1 - share) / trials + z * z / (4 * trials * trials)) ** 0.5
    return (middle + half) / (1 + z * z / trials)
