"""LibreOffice as its owner sees it: started for one file, waited for, ended."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from index.fence.limits import MEGABYTE
from index.fence.process import environment
from index.fence.profile import write_profile
from index.office import NEW, PIPES

_TICK = 0.05
_TOLD = 1 << 12


@dataclass(frozen=True, slots=True)
class Allowance:
    """What saving one file anew may take.

    `memory` and `written` are bytes: of address space, and of any one file. `processor` and `wall` are seconds, `files`
    how many are open at once, `processes` how many run (not for root), `nice` how far LibreOffice steps back, 0 to 19.
    """

    # It takes 470 MB of address space for most files.
    memory: int = 2048 * MEGABYTE
    processor: int = 120
    # A file takes 1 to 5 s; this is for a machine that has much else to do.
    wall: float = 300.0
    written: int = 200 * MEGABYTE
    files: int = 512
    processes: int = 128
    nice: int = 3


class Office:
    """One LibreOffice, which saves one file anew in a folder that is its own.

    Raises `OSError` where the folder cannot be made or nothing can be started.
    """

    def __init__(
        self, program: Path, file: Path, kind: str, allowance: Allowance, without: Collection[str] = ()
    ) -> None:
        self.folder = file.parent / "office"
        self.made = self.folder / "out" / f"anew.{NEW[kind]}"
        self._at = (self.folder / "profile").absolute().as_uri()
        write_profile(self.folder / "profile", program)
        shutil.copyfile(file, self.folder / f"anew.{kind}")
        told = {
            "command": _command(program, kind),
            "folder": str(self.folder.absolute()),
            "limits": _limits(allowance),
            "processes": allowance.processes,
            "nice": allowance.nice,
            "without": list(without),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "index.fence.launch", json.dumps(told)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            start_new_session=True,
        )

    def wait(self, seconds: float, check: Callable[[], None]) -> bool:
        """Whether it ended within so many seconds; `check` is called meanwhile, and may raise to end the waiting."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_TICK)
                return True
            check()
        return False

    def stop(self) -> None:
        """Ends it at once, with all that it has started."""
        with suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def end(self) -> tuple[int, dict[str, bool]]:
        """Ends it, waits until it is gone, and returns how it ended and what it said of its fence."""
        self.stop()
        status = self._process.wait()
        told: dict[str, bool] = {}
        if self._process.stdin is not None and self._process.stdout is not None:
            self._process.stdin.close()
            with self._process.stdout as said, suppress(ValueError):
                told = json.loads(said.read(_TOLD))
        # Where it had no mounts of its own, its pipe lies among those of others (desktop/source/app/officeipcthread).
        digest = hashlib.md5(self._at.encode("utf-16-le"), usedforsecurity=False).digest()
        name = f"OSL_PIPE_{os.getuid()}_SingleOfficeIPC_{''.join(f'{byte:x}' for byte in digest)}"
        with suppress(OSError):
            (PIPES / name).unlink()
        return status, told

    def largest(self) -> int:
        """The bytes of the largest file that it wrote."""
        files = (Path(at) / name for at, _, names in os.walk(self.folder) for name in names)
        return max((file.lstat().st_size for file in files), default=0)


def _command(program: Path, kind: str) -> list[str]:
    return [
        str(program),
        "-env:UserInstallation={uri}/profile",
        *"--headless --invisible --nologo --nodefault --nolockcheck --norestore --convert-to".split(),
        NEW[kind],
        "--outdir",
        "{place}/out",
        f"{{place}}/anew.{kind}",
    ]


def _limits(allowance: Allowance) -> dict[str, int]:
    """The limits by the names of `resource`."""
    return {
        "RLIMIT_AS": allowance.memory,
        "RLIMIT_CPU": allowance.processor,
        "RLIMIT_FSIZE": allowance.written,
        "RLIMIT_NOFILE": allowance.files,
        "RLIMIT_CORE": 0,
    }
