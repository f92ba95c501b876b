"""Lines up rows of words for a terminal, and counts things in words."""

from __future__ import annotations

from collections.abc import Sequence


def counted(number: int, thing: str) -> str:
    """A number of things in words: "1 question", "2,000 questions"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """A line for each row, and a rule under the first; the first column starts left, the others end right."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = [
        "  ".join([f"{row[0]:<{widths[0]}}", *(f"{row[at]:>{widths[at]}}" for at in range(1, len(row)))])
        for row in rows
    ]
    return [lines[0], "-" * len(lines[0]), *lines[1:]]
