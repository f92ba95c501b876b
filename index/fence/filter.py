"""Seccomp filters for Linux on x86-64 and ARM64: for readers no sockets and no other processes, for LibreOffice neither
network nor reaching into other processes.

Classic BPF over `struct seccomp_data` (linux/seccomp.h): the number of the call at 0, the machine at 4, the low half
of the first argument at 16 and of the second at 24.
"""

from __future__ import annotations

import ctypes
import errno
import os
from dataclasses import dataclass

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_NUMBER, _MACHINE, _FIRST_ARGUMENT, _SECOND_ARGUMENT = 0, 4, 16, 24
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_CLONE_THREAD = 0x00010000
_CLONE_NEW = 0x7E020000  # any namespace (linux/sched.h)
_UNIX, _STREAM, _TYPE = 1, 1, 0x0F  # of socket(2)
_OTHER_CALLS = 0x40000000  # on x86-64: from here on, the same calls once more in their 32-bit form
_SET_MODE_FILTER, _ALL_THREADS = 1, 1

Step = tuple[int, int, int, int]
_REFUSE: Step = (_RETURN, 0, 0, _ERROR | errno.EPERM)
_ALLOW_IT: Step = (_RETURN, 0, 0, _ALLOW)


@dataclass(frozen=True, slots=True)
class _Calls:
    """The numbers of system calls on one machine (asm/unistd.h), and the machine's own (linux/audit.h)."""

    machine: int
    seccomp: int
    clone: int
    clone3: int
    signal_thread: int
    refused: tuple[int, ...]
    socket: int
    refused_office: tuple[int, ...]


# Refused, in this order: socket, fork, vfork, execve, execveat, kill, tkill, rt_sigqueueinfo, rt_tgsigqueueinfo,
# pidfd_send_signal, ptrace, process_vm_readv, process_vm_writev, unshare, setns, and io_uring_setup, which can open
# sockets too. ARM64 has neither fork nor vfork.
# Refused to LibreOffice: connect, kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo, pidfd_send_signal, ptrace,
# process_vm_readv, process_vm_writev, unshare, setns, io_uring_setup, mount, umount2, pivot_root, bpf, add_key, keyctl,
# userfaultfd, perf_event_open, and setsid and setpgid, so that it is ended with all that it started.
_CALLS = {
    "x86_64": _Calls(
        *(0xC000003E, 317, 56, 435, 234),
        (41, 57, 58, 59, 322, 62, 200, 129, 297, 424, 101, 310, 311, 272, 308, 425),
        41,
        (
            42,
            62,
            200,
            234,
            129,
            297,
            424,
            101,
            310,
            311,
            272,
            308,
            425,
            165,
            166,
            155,
            321,
            248,
            250,
            323,
            298,
            112,
            109,
        ),
    ),
    "aarch64": _Calls(
        *(0xC00000B7, 277, 220, 435, 131),
        (198, 221, 281, 129, 130, 138, 240, 424, 117, 270, 271, 97, 268, 425),
        198,
        (203, 129, 130, 131, 138, 240, 424, 117, 270, 271, 97, 268, 425, 40, 39, 41, 280, 217, 219, 282, 241, 157, 154),
    ),
}


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("value", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("start", ctypes.POINTER(_Instruction)))


def install(libc: ctypes.CDLL) -> bool:
    """Puts the readers' filter on every thread of this process, for good; False where the system does not take it.

    The process must have given up new privileges before.
    """
    calls = _CALLS.get(os.uname().machine)
    return calls is not None and _put(libc, calls, _steps(calls, os.getpid()))


def install_office(libc: ctypes.CDLL) -> bool:
    """Puts LibreOffice's filter on this process and all that it starts, as `install` does.

    It may start programs and open local pipes of its own, and can neither connect to anything nor send a signal.
    """
    calls = _CALLS.get(os.uname().machine)
    return calls is not None and _put(libc, calls, _steps_office(calls))


def _put(libc: ctypes.CDLL, calls: _Calls, steps: list[Step]) -> bool:
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


def _start(calls: _Calls, refused: tuple[int, ...]) -> list[Step]:
    """What both filters begin with: a jump is (code, steps to pass over if so, if not, value)."""
    steps = [
        (_LOAD, 0, 0, _MACHINE),
        (_EQUAL, 1, 0, calls.machine),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _OTHER_CALLS),
        _REFUSE,
    ]
    for number in refused:
        steps += [(_EQUAL, 0, 1, number), _REFUSE]
    # The C library falls back on clone, whose flags a filter can see, where clone3 is not there at all.
    return [*steps, (_EQUAL, 0, 1, calls.clone3), (_RETURN, 0, 0, _ERROR | errno.ENOSYS)]


def _steps(calls: _Calls, process: int) -> list[Step]:
    return [
        *_start(calls, calls.refused),
        (_EQUAL, 0, 4, calls.clone),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_ANY_BIT, 0, 1, _CLONE_THREAD),
        _ALLOW_IT,
        _REFUSE,
        (_EQUAL, 0, 4, calls.signal_thread),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_EQUAL, 0, 1, process),
        _ALLOW_IT,
        _REFUSE,
        _ALLOW_IT,
    ]


def _steps_office(calls: _Calls) -> list[Step]:
    return [
        *_start(calls, calls.refused_office),
        (_EQUAL, 0, 4, calls.clone),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_ANY_BIT, 0, 1, _CLONE_NEW),
        _REFUSE,
        _ALLOW_IT,
        (_EQUAL, 0, 7, calls.socket),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_EQUAL, 0, 4, _UNIX),
        (_LOAD, 0, 0, _SECOND_ARGUMENT),
        (_AND, 0, 0, _TYPE),
        (_EQUAL, 0, 1, _STREAM),
        _ALLOW_IT,
        _REFUSE,
        _ALLOW_IT,
    ]
