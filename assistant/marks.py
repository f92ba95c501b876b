"""What a chat model writes, as it comes: statements with the numbered sentences that each rests on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.markdown import rebuilt
from assistant.types import ANSWERED, NOT_FOUND, Draft, Span, Statement
from assistant.visible import visible
from index.sentences import sentences

REFUSAL = "NOT IN THE DOCUMENTS"

LONGEST_TAIL = 1_200
"""Characters that are read again with each piece; text before them is settled while the answer streams."""

_NUMBER = r"\d{1,4}(?:\.\d{1,4})?"
_NAME = r"(?:passages?|sentences?|sources?)?"
_MARK = re.compile(rf"[\[【]\s?\^?{_NAME}\s?({_NUMBER}(?:\s?(?:,|;|-|–|&|and)\s?{_NAME}\s?{_NUMBER})*)\s?[\]】]", re.I)
_OPEN_MARK = re.compile(r"[\[【][\w.,;&^\s–-]{0,60}$")
_SEVERAL = re.compile(rf"({_NUMBER})(?:\s?[-–]\s?({_NUMBER}))?")
# Marks are carried through Markdown by characters of private use, which are taken out of the text before.
_PRIVATE = re.compile("[\ue000\ue001]")
_PLACED = re.compile("\ue000(\\d{1,5})\ue001")
_THINK, _THOUGHT = "<think>", "</think>"
_ITEM = re.compile(r"\n[ \t]*([-*+•]|\d{1,3}[.)])[ \t]+$")

Numbered = Mapping[str, Span]


@dataclass(slots=True)
class Parser:
    """Reads an answer piece by piece: `feed` each, and `draft` is what there is so far.

    Numbers that name nothing are dropped. A mark belongs to the sentence before it; one that has just been opened is
    held back until it is whole. Nothing that a model writes makes this raise, and time is linear in what it writes:
    a draft reads only the last paragraph again. `whole` reads all of it at once, so that the last draft is the same
    however the answer was cut into pieces.
    """

    spans: Numbered
    _settled: list[Statement] = field(default_factory=list)
    _tail: str = ""
    _before: list[str] = field(default_factory=list)

    @property
    def written(self) -> str:
        """All that was fed, without what a model thinks aloud before it speaks, which some servers pass on."""
        return "".join(self._before) + self._tail

    @property
    def length(self) -> int:
        """How many characters that is."""
        return sum(map(len, self._before)) + len(self._tail)

    def feed(self, piece: str) -> None:
        """Takes the next piece."""
        self._tail += piece
        if not self._before:
            # Blank lines before the answer say nothing, and would part a thought from what opens it.
            self._tail = self._tail.lstrip()
            if self._tail.startswith(_THINK):
                thought, ended, said = self._tail.partition(_THOUGHT)
                self._tail = said if ended else _THINK + thought[len(_THINK) :][-len(_THOUGHT) :]
                return
        cut = self._tail.rfind("\n\n") + 2
        if cut < 2 and len(self._tail) > LONGEST_TAIL:
            cut = self._tail.rfind(" ", 0, LONGEST_TAIL) + 1 or LONGEST_TAIL
        if cut >= 2:
            self._settled += _statements(self._tail[:cut], self.spans, "\n\n")
            self._before.append(self._tail[:cut])
            self._tail = self._tail[cut:]

    def draft(self) -> Draft:
        """What there is so far, not complete."""
        bare = _bare(self._tail)
        if not self._before and (REFUSAL.startswith(bare[: len(REFUSAL)]) or _THINK.upper().startswith(bare[:7])):
            return Draft(outcome=NOT_FOUND, complete=False)
        return _draft([*self._settled, *_statements(_OPEN_MARK.sub("", self._tail), self.spans)], complete=False)

    def whole(self) -> Draft:
        """The complete answer; `NOT_FOUND` where the model says that the documents do not hold it, or says nothing."""
        if _bare(self.written).startswith(REFUSAL):
            return Draft(outcome=NOT_FOUND, confidence=0.0)
        return _draft(_statements(self.written, self.spans), complete=True)


def parse(written: str, spans: Numbered) -> Draft:
    """What a model has written, all at once."""
    parser = Parser(spans)
    parser.feed(written)
    return parser.whole()


def _bare(text: str) -> str:
    return text.strip().strip(".*\"' ").upper()


def _draft(statements: Sequence[Statement], complete: bool) -> Draft:
    if not statements:
        return Draft(outcome=NOT_FOUND, complete=complete)
    supported = sum(1 for statement in statements if statement.spans) / len(statements)
    return Draft(tuple(statements), _short(statements), ANSWERED, supported, complete)


def _statements(text: str, spans: Numbered, last: str = " ") -> list[Statement]:
    """The sentences of a text with the spans that their marks name; `last` stands after the last of them."""
    plain, marks = _without_marks(text)
    found = sentences(plain)
    statements = []
    for place, (start, end) in enumerate(found):
        following = found[place + 1][0] if place + 1 < len(found) else len(plain)
        named = [number for at, numbers in marks if start < at <= following for number in numbers]
        known = tuple(dict.fromkeys(spans[number] for number in named if number in spans))
        after = _after(plain[end:following]) if place + 1 < len(found) else last
        statements.append(Statement(plain[start:end], known, after=after))
    return statements


def _after(gap: str) -> str:
    """What stands between two sentences: a blank, a new paragraph, or a new item of a list."""
    item = _ITEM.search(gap)
    if item:
        return f"\n{item.group(1)} "
    return "\n\n" if "\n" in gap else " "


def _without_marks(text: str) -> tuple[str, list[tuple[int, list[str]]]]:
    """The text, rebuilt and without its marks; for each mark where it stood (an offset into it) and what it names."""
    named: list[list[str]] = []

    def placed(mark: re.Match[str]) -> str:
        named.append(_named(mark.group(1)))
        return f"\ue000{len(named) - 1}\ue001"

    clean = rebuilt(_MARK.sub(placed, _PRIVATE.sub("", visible(text))))
    plain = ""
    marks = []
    at = 0
    for mark in _PLACED.finditer(clean):
        plain += clean[at : mark.start()].rstrip(" \t")
        marks.append((len(plain), named[int(mark.group(1))]))
        at = mark.end()
    return plain + clean[at:], marks


def _named(numbers: str) -> list[str]:
    """The numbers that a mark names, in order; "2.1-2.3" is three of them."""
    out = []
    for first, last in _SEVERAL.findall(numbers):
        passage, _, start = first.partition(".")
        other, _, end = last.partition(".")
        if last and start and end and passage == other and 0 < int(end) - int(start) < 20:
            out += [f"{passage}.{count}" for count in range(int(start), int(end) + 1)]
        else:
            out += [first, last] if last else [first]
    return out


def _short(statements: Sequence[Statement]) -> str:
    """The first statement where it is short enough to be an answer by itself."""
    first = statements[0].text
    return first if len(first) <= 60 else ""
