"""A seccomp filter for Linux on x86-64 and ARM64: no sockets, no other processes, no reaching into them.

Classic BPF over `struct seccomp_data` (linux/seccomp.h): the number of the call at 0, the machine at 4, the low half
of the first argument at 16.
"""

from __future__ import annotations

import ctypes
import errno
import os
from dataclasses import dataclass

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_CLONE_THREAD = 0x00010000
_OTHER_CALLS = 0x40000000  # on x86-64: from here on, the same calls once more in their 32-bit form
_SET_MODE_FILTER, _ALL_THREADS = 1, 1

Step = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class _Calls:
    """The numbers of system calls on one machine (asm/unistd.h), and the machine's own (linux/audit.h)."""

    machine: int
    seccomp: int
    clone: int
    clone3: int
    signal_thread: int
    refused: tuple[int, ...]


# Refused, in this order: socket, fork, vfork, execve, execveat, kill, tkill, rt_sigqueueinfo, rt_tgsigqueueinfo,
# pidfd_send_signal, ptrace, process_vm_readv, process_vm_writev, unshare, setns, and io_uring_setup, which can open
# sockets too. ARM64 has neither fork nor vfork.
_CALLS = {
    "x86_64": _Calls(
        0xC000003E, 317, 56, 435, 234, (41, 57, 58, 59, 322, 62, 200, 129, 297, 424, 101, 310, 311, 272, 308, 425)
    ),
    "aarch64": _Calls(
        0xC00000B7, 277, 220, 435, 131, (198, 221, 281, 129, 130, 138, 240, 424, 117, 270, 271, 97, 268, 425)
    ),
}


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("value", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("start", ctypes.POINTER(_Instruction)))


def install(libc: ctypes.CDLL) -> bool:
    """Puts the filter on every thread of this process, for good; False where the system does not take it.

    The process must have given up new privileges before.
    """
    calls = _CALLS.get(os.uname().machine)
    if calls is None:
        return False
    steps = _steps(calls, os.getpid())
    instructions = (_Instruction * len(steps))(*(_Instruction(*step) for step in steps))
    program = _Program(len(steps), instructions)
    return bool(
        libc.syscall(
            ctypes.c_long(calls.seccomp),
            ctypes.c_long(_SET_MODE_FILTER),
            ctypes.c_long(_ALL_THREADS),
            ctypes.byref(program),
        )
        == 0
    )


def _steps(calls: _Calls, process: int) -> list[Step]:
    """The filter: a jump is (code, steps to pass over if so, if not, value)."""
    refuse = (_RETURN, 0, 0, _ERROR | errno.EPERM)
    allow = (_RETURN, 0, 0, _ALLOW)
    steps = [
        (_LOAD, 0, 0, _MACHINE),
        (_EQUAL, 1, 0, calls.machine),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _OTHER_CALLS),
        refuse,
    ]
    for number in calls.refused:
        steps += [(_EQUAL, 0, 1, number), refuse]
    # The C library falls back on clone, whose flags a filter can see, where clone3 is not there at all.
    steps += [(_EQUAL, 0, 1, calls.clone3), (_RETURN, 0, 0, _ERROR | errno.ENOSYS)]
    steps += [
        (_EQUAL, 0, 4, calls.clone),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_ANY_BIT, 0, 1, _CLONE_THREAD),
        allow,
        refuse,
    ]
    steps += [
        (_EQUAL, 0, 4, calls.signal_thread),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_EQUAL, 0, 1, process),
        allow,
        refuse,
    ]
    return [*steps, allow]
