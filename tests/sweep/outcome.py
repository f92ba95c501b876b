"""What became of one file of a sweep, and the words for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import PurePosixPath

from index.fence.sentences import fell

WHOLE, PART, REFUSED, DIED, LIMIT, DOWN = KINDS = (
    "read whole",
    "read in part",
    "refused",
    "parser died",
    "limit hit",
    "took the service down",
)

_FELL = fell("", "")[1:20]
# What `index.fence.sentences` says of limits; LibreOffice has some of its own.
_HIT = re.compile(
    r"takes (?:LibreOffice )?more than|was not read within|did not save it anew within|holds more than|has more parts|"
    r"unpacks to more|needs more than"
)
_NUMBERS = re.compile(r"\d[\d,]*(?:-\d+)?(?:, \d[\d,]*(?:-\d+)?)*")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The receipt of one file, under its path within the swept folder; `down` where the service died over it."""

    path: str
    source: str = ""
    state: str = ""
    pages: int = 0
    characters: int = 0
    passages: int = 0
    seconds: float = 0.0
    problem: str = ""
    warnings: tuple[str, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)
    seen: int | None = None
    written: int = 0
    kept: int = 0
    same_as: str = ""
    missing: tuple[str, ...] = ()
    down: bool = False

    @property
    def format(self) -> str:
        """The suffix, in small letters."""
        return PurePosixPath(self.path).suffix.lower().lstrip(".") or "none"

    @property
    def kind(self) -> str:
        """Which of `KINDS` it is."""
        if self.down:
            return DOWN
        if self.state == "refused":
            if _FELL in self.problem:
                return DIED
            return LIMIT if _HIT.search(self.problem) else REFUSED
        return PART if self.missing else WHOLE

    @property
    def unexplained(self) -> int:
        """Characters that are missing (or, below 0, came from nowhere) with no reason named; 0 where none count."""
        return 0 if self.seen is None else self.seen + self.written - self.kept - sum(self.dropped.values())


def outcome(told: Mapping[str, object]) -> Outcome:
    """The outcome that was written down as a mapping, fields of later versions left out."""
    known = {part.name for part in fields(Outcome)}
    return Outcome(**{name: value for name, value in told.items() if name in known})


def pattern(sentence: str, source: str) -> str:
    """The sentence without the name of its file, its numbers and whatever else is the file's own."""
    said = sentence.replace(source, "FILE").replace(PurePosixPath(source).name, "FILE")
    said = re.sub(r"(attachments? (?:that were not read: )?)(.+?)(?=$|: | was)", r"\1…", said)
    said = re.sub(r"(attachments? …(?:: | was not read: )?)\S+\.\w{2,5} ", r"\1FILE ", said)
    said = re.sub(r"\(\.[\w~-]+\); the formats are .*", "(.…); the formats are …", said)
    said = re.sub(r"name ends in \.\w+", "name ends in .…", said)
    said = re.sub(r"(that are missing: ).*", r"\1…", said)
    said = re.sub(r"((?:files inside it that were not read|read too): ).*", r"\1…", said)
    said = re.sub("“.*”", "“…”", said)
    said = re.sub(r"N(?: N)+", "N", _NUMBERS.sub("N", said))
    return re.sub(r"\b(page|slide|cell|hidden (?:row|column|sheet))s (N )?(hold|have|were)\b", _one, said)


def _one(match: re.Match[str]) -> str:
    what, number, verb = match.groups(default="")
    return f"{what} {number}{ {'hold': 'holds', 'have': 'has', 'were': 'was'}[verb] }"
