"""Takes from this process what a reader of files has no need of, as far as the system allows."""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import signal
import sys
import time
from collections.abc import Collection
from pathlib import Path

from index.fence import filter as calls
from index.fence.limits import Limits

if sys.platform != "win32":
    import resource

_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000  # linux/sched.h
_DEATH_SIGNAL, _NO_NEW_PRIVILEGES = 1, 38  # linux/prctl.h
_CAPABILITY_VERSION = 0x20080522  # linux/capability.h
_FIRST_TO_GO = 1000  # the highest oom_score_adj of proc(5): where memory runs out, the reader goes and not the service


def confine(limits: Limits, parent: int, without: Collection[str] = ()) -> tuple[str, tuple[str, ...]]:
    """Cuts off the network, other processes and privileges; returns which fence the network has, and what else holds.

    To be called before any other thread runs. `parent` is the process that this one is to die with. `without` leaves
    out "namespace" or "filter", as on a system that denies them.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "win32":
        return "", ()
    held = [name for name, code, most in _SET_ONCE if _limit(code, getattr(limits, most) if most else 0)]
    with contextlib.suppress(OSError):
        os.nice(limits.nice)
        held.append("nice")
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(_FIRST_TO_GO), encoding="ascii")
    network = ""
    if sys.platform == "linux":
        network, alone = _shut_off(without)
        _die_with(parent)
    else:
        alone = False
    # The limit on processes does not bind root, and counts threads where it binds: the filter comes first.
    if alone or (_limit(resource.RLIMIT_NPROC, 0) and os.geteuid() != 0):
        held.append("processes")
    return network, tuple(held)


if sys.platform != "win32":
    _SET_ONCE = (
        ("written", resource.RLIMIT_FSIZE, "written"),
        ("files", resource.RLIMIT_NOFILE, "files"),
        ("core", resource.RLIMIT_CORE, ""),
    )


def limit_memory(limits: Limits) -> bool:
    """Limits this process's memory to what it has now and `memory` more; False where that cannot be done."""
    if sys.platform != "linux":
        return False
    return _limit(resource.RLIMIT_AS, _memory()[0] + limits.memory)


def limit_processor(limits: Limits) -> bool:
    """Allows `processor` more seconds of processor time from now on; False where that cannot be limited."""
    if sys.platform == "win32":
        return False
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time()) + limits.processor, hard))
        return True
    return False


def resident() -> int:
    """The bytes of memory that this process holds, 0 where that is not told."""
    return _memory()[1]


def open_files() -> int:
    """How many files this process has open, 0 where that is not told."""
    with contextlib.suppress(OSError):
        return len(list(Path("/proc/self/fd").iterdir()))
    return 0


def _memory() -> tuple[int, int]:
    """The bytes of address space and of memory that this process has."""
    try:
        size, held, *_ = Path("/proc/self/statm").read_text(encoding="ascii").split()
    except OSError:
        return 0, 0
    page = resource.getpagesize()
    return int(size) * page, int(held) * page


def _limit(what: int, most: int) -> bool:
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (most, most))
        return True
    return False


def _shut_off(without: Collection[str]) -> tuple[str, bool]:
    """Which fence the network has, and whether no other process can be started."""
    libc = ctypes.CDLL(None, use_errno=True)
    unprivileged = gives_up_privileges(libc)
    own = "namespace" not in without and (
        libc.unshare(_NEW_NETWORK) == 0 or libc.unshare(_NEW_USER | _NEW_NETWORK) == 0
    )
    drop_capabilities(libc)
    filtered = "filter" not in without and unprivileged and calls.install(libc)
    return "namespace" if own else "filter" if filtered else "", filtered


def gives_up_privileges(libc: ctypes.CDLL) -> bool:
    """Makes it impossible for this process to gain privileges by starting a program; False where it stays possible."""
    return _prctl(libc, _NO_NEW_PRIVILEGES, 1)


def dies_with_starter(libc: ctypes.CDLL) -> bool:
    """Ends this process with the thread that started it, from now on."""
    return _prctl(libc, _DEATH_SIGNAL, signal.SIGKILL)


def drop_capabilities(libc: ctypes.CDLL) -> None:
    """Gives up what root may do beyond what its files allow."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    nothing = (ctypes.c_uint32 * 6)()
    libc.capset(ctypes.byref(header), ctypes.byref(nothing))


def _die_with(parent: int) -> None:
    """Ends this process with the thread that started it; at once where that is gone already."""
    dies_with_starter(ctypes.CDLL(None, use_errno=True))
    if os.getppid() != parent:
        sys.exit(0)


def _prctl(libc: ctypes.CDLL, option: int, value: int) -> bool:
    rest = (ctypes.c_ulong(0),) * 3
    return bool(libc.prctl(ctypes.c_int(option), ctypes.c_ulong(value), *rest) == 0)
