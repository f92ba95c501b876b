"""Lengths of time and ranks as people say them."""

from __future__ import annotations


def spoken(seconds: float) -> str:
    """A length of time as a person says it: "0.4 s", "40 s", "3 min 5 s", "2 h 10 min"."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def roughly(seconds: float) -> str:
    """A length of time that is only guessed: "a few seconds", "about 40 s", "about 3 min", "about 2 h"."""
    if seconds < 8:
        return "a few seconds"
    if seconds < 55:
        return f"about {round(seconds / 5) * 5} s"
    if seconds < 55 * 60:
        return f"about {max(1, round(seconds / 60))} min"
    return f"about {max(1, round(seconds / 3600))} h"


def ordinal(rank: int) -> str:
    """A rank as people say it: "1st", "2nd", "3rd", "11th", "22nd"."""
    ending = "th" if rank % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{rank:,}{ending}"
