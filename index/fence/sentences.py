"""What a person is told where a fence held."""

from __future__ import annotations

from index.fence.limits import MEGABYTE, Limits

OPEN = "this file was read without a fence around the network, since this system offers none"
"""The warning of a document whose reader could have opened a connection."""

CLOSED = "the library was closed before this file was read; open it and add the file again"
"""Why a file was not read that was waiting for its turn."""


def cancelled(shown: str) -> str:
    """Where somebody said stop."""
    return f"{shown} was not added, since adding was cancelled; add it again"


def not_started(shown: str) -> str:
    """Where no reader could be had."""
    return (
        f"{shown} was left out, since the process that reads files does not start; close other programs and add it "
        "again, or install the assistant anew"
    )


def changed(shown: str) -> str:
    """Where a file was another when it was read than when it was to be copied."""
    return f"{shown} changed while it was read; add it again"


def fell(shown: str, how: str) -> str:
    """Where a file brought its reader down."""
    return (
        f"{shown} brought its reader down and was left out ({how}); open it in the program it is made for, "
        "save it under a new name and add that"
    )


def exceeded(shown: str, limit: str, limits: Limits) -> str:
    """Where a limit was hit: which, and what would work."""
    smaller = "split it into smaller files and add those"
    anew = "open it in the program it is made for, save it under a new name and add that"
    return {
        "memory": f"{shown} takes more than {limits.memory // MEGABYTE:,} MB of memory to read; {smaller}",
        "processor": f"{shown} takes more than {limits.processor} s of processor time to read; {smaller}",
        "wall": f"{shown} was not read within {limits.wall:g} s; {smaller}, or try when the computer has less to do",
        "characters": f"{shown} holds more than {limits.characters:,} characters of text; {smaller}",
        "text": f"{shown} holds more than {limits.characters // 1_000_000:,} MB of text; {smaller}",
        "structure": f"{shown} has more parts than {limits.structure // MEGABYTE:,} MB can tell; {smaller}",
        "written": f"{shown} unpacks to more than {limits.written // MEGABYTE:,} MB in one piece; {smaller}",
        "files": f"{shown} needs more than {limits.files} open files to be read; {anew}",
    }[limit]
