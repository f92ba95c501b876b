"""Starts LibreOffice behind a fence of its own: `python -m index.fence.launch SETTINGS`, and ends it with its owner.

The owner holds the other end of the standard input; `index.fence.convert` is the other side. What holds is told on the
standard output before LibreOffice runs.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import sys
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from index.fence import filter as calls
from index.fence.confine import dies_with_starter, drop_capabilities, gives_up_privileges
from index.fence.landlock import ALL, READ, SOCKETS, WRITE, shut
from index.office import OUT_OF_PROCESSOR, PIPES

if sys.platform != "win32":
    import resource

_NEW_PLACES = 0x40000000 | 0x20000000 | 0x08000000 | 0x00020000  # network, processes, messages, mounts: linux/sched.h
_NEW_USER = 0x10000000
_BIND, _PRIVATE, _ALL_BELOW = 0x1000, 0x40000, 0x4000  # linux/mount.h
# Of the processor time allowed: the clock of the limit goes by ticks, and may run ahead of what is told in the end.
_MUCH = 0.5
_FIRST_TO_GO = 1000  # proc(5): where memory runs out, LibreOffice goes and not the service
# What LibreOffice reads of a system; the home, the library and the settings of others are not among it.
_READABLE = (
    "/usr /lib /lib32 /lib64 /bin /etc/alternatives /etc/fonts /etc/ld.so.cache /etc/libreoffice /etc/localtime "
    "/etc/nsswitch.conf /etc/passwd /var/cache/fontconfig /var/lib/libreoffice /var/spool/libreoffice /dev/urandom"
).split()


def main(settings: dict[str, Any]) -> NoReturn:
    """Runs the command until it ends or its owner does, and exits as it did.

    `settings` has the command, whose arguments name its folder as "{place}" and "{uri}", the folder, the limits by the
    names of `resource`, the niceness, how many processes may run, and the fences to leave out: "namespace", "files",
    "filter".
    """
    folder, without = Path(settings["folder"]), settings["without"]
    os.chdir(folder)
    for name, most in settings["limits"].items():
        with suppress(ValueError, OSError, AttributeError):
            resource.setrlimit(getattr(resource, name), (most, most))
    with suppress(OSError):
        os.nice(settings["nice"])
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(_FIRST_TO_GO), encoding="ascii")
    _limit_processes(settings["processes"])
    own, files, place = False, False, folder
    if sys.platform == "linux":
        own, files, place = _shut_off(folder, Path(settings["command"][0]), without)
    ended = _at_end_of_child()
    child = os.fork()
    if child == 0:
        _become(settings["command"], place, {"own": own, "files": files}, without)
    _follow_owner(ended)
    _, status, used = os.wait4(child, 0)
    if status and used.ru_utime + used.ru_stime > _MUCH * settings["limits"]["RLIMIT_CPU"]:
        os._exit(OUT_OF_PROCESSOR)
    os._exit(1 if status else 0)


def _at_end_of_child() -> int:
    """What can be read from once a child has ended; no thread can be started where processes will be its own."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    return reading


def _follow_owner(ended: int) -> None:
    """Waits for the child, and ends all that was started here where the owner goes first, however it goes."""
    ready = select.select([0, ended], [], [])[0]
    if ended not in ready:
        os.killpg(0, signal.SIGKILL)


def _shut_off(folder: Path, program: Path, without: Collection[str]) -> tuple[bool, bool, Path]:
    """Whether network and processes are its own, whether other files are out of reach, where the folder is now."""
    libc = ctypes.CDLL(None, use_errno=True)
    gives_up_privileges(libc)
    own, place = False, folder
    if "namespace" not in without:
        own = libc.unshare(_NEW_PLACES) == 0 or libc.unshare(_NEW_PLACES | _NEW_USER) == 0
        if own and PIPES not in program.parents and _bound(libc, folder):
            place = PIPES
            os.chdir(place)
    drop_capabilities(libc)
    if "files" in without:
        return own, False, place
    readable = [*map(Path, _READABLE), _home(program)]
    rules = [(path, READ) for path in readable] + [(Path(os.devnull), WRITE), (place, ALL)]
    return own, shut(libc, rules if place == PIPES else [*rules, (PIPES, SOCKETS)]), place


def _limit_processes(most: int) -> None:
    """Allows so many more processes than there are, where they can be counted; root is not bound by it."""
    there = len(list(Path("/proc").glob("[0-9]*/task/*")))
    if not there:
        return
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NPROC, (there + most, there + most))


def _bound(libc: ctypes.CDLL, folder: Path) -> bool:
    """Puts the folder in the place of /tmp, for this process and those that it starts."""
    if libc.mount(None, b"/", None, ctypes.c_ulong(_PRIVATE | _ALL_BELOW), None) != 0:
        return False
    return bool(libc.mount(os.fsencode(folder), os.fsencode(PIPES), None, ctypes.c_ulong(_BIND), None) == 0)


def _home(program: Path) -> Path:
    """The folder that LibreOffice is installed in."""
    return program.parent.parent if program.parent.name == "program" else program.parent


def _become(command: list[str], place: Path, told: dict[str, bool], without: Collection[str]) -> NoReturn:
    """Becomes the program, in a process that dies with the one that watches it."""
    filtered = False
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        dies_with_starter(libc)
        filtered = "filter" not in without and calls.install_office(libc)
    said = os.dup(1)
    os.write(said, json.dumps({**told, "filtered": filtered}).encode())
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    environment = {
        "PATH": "/usr/bin:/bin:/usr/local/bin",
        "HOME": str(place),
        "TMPDIR": str(place),
        "LANG": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",
    }
    try:
        os.execve(
            command[0],
            [part.replace("{uri}", place.as_uri()).replace("{place}", str(place)) for part in command],
            environment,
        )
    except OSError:
        os.write(said, b"!")  # makes no sense of what was said
        os._exit(1)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
