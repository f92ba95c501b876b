"""What a chat model is shown of the documents: numbered sentences, inside a budget, fenced as quoted material."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.told import CHARACTERS_A_TOKEN
from assistant.types import Request, Span
from assistant.visible import in_a_line
from index.sentences import sentences
from index.types import Hit
from index.words import fold

REPEATED = 40
"""Characters from which on a sentence that was shown already is left out; shorter ones may be headings or cells."""


@dataclass(frozen=True, slots=True)
class Context:
    """The numbered sentences as `text`, the span behind each number, and what each single sentence says.

    `fence` is a word that no document can know beforehand: `text` stands between two lines that hold it. `left_out` is
    how many of the passages do not fit the budget, none of a passage's sentences being shown.
    """

    text: str
    spans: Mapping[str, Span]
    said: Mapping[str, str]
    fence: str
    left_out: int = 0

    @property
    def note(self) -> str:
        """A sentence on what did not fit; empty where all did."""
        if not self.left_out:
            return ""
        found = "passage that was found does" if self.left_out == 1 else "passages that were found do"
        return f"{self.left_out} {found} not fit what the chat model may read, so it has not seen them"


@dataclass(slots=True)
class _Block:
    """The sentences of one passage that are shown: their offsets in the passage, their text, and what they take."""

    hit: Hit
    title: str
    found: list[tuple[int, int, str]]


def context(request: Request, dated: Callable[[str], str] | None = None) -> Context:
    """The sentences of the hits as numbered lines, and the span behind each number.

    A sentence is numbered by its passage and its place in it ("2.3"); a passage number alone ("2") stands for all of
    the passage. Above each passage stand its document, the date that `dated` gives for that, and its headings. The best
    passage comes first and the second best last, where models read best. Sentences that were shown already are left
    out; sentences that do not fit the request's budget of tokens too, whole ones only.
    """
    blocks = _chosen(request, dated or (lambda source: ""))
    shown = [*blocks[:1], *blocks[2:], *blocks[1:2]]
    lines: list[str] = []
    spans: dict[str, Span] = {}
    said: dict[str, str] = {}
    for place, block in enumerate(shown, start=1):
        passage = block.hit.passage
        lines.append(f"Passage {place} ({block.title}):")
        for count, (start, end, text) in enumerate(block.found, start=1):
            number = f"{place}.{count}"
            lines.append(f"[{number}] {text}")
            spans[number] = Span(passage.source, passage.start + start, passage.start + end)
            said[number] = text
        first, last = block.found[0][0], block.found[-1][1]
        spans[str(place)] = Span(passage.source, passage.start + first, passage.start + last)
        lines.append("")
    text = "\n".join(lines).strip()
    fence = hashlib.sha256(f"{request.question}\n{text}".encode("utf-8", "replace")).hexdigest()[:8]
    return Context(text, spans, said, fence, len(request.hits) - len(blocks) - _repeats(request.hits, blocks))


def _chosen(request: Request, dated: Callable[[str], str]) -> list[_Block]:
    """The passages, best first, with those of their sentences that are new and fit."""
    room = request.budget * CHARACTERS_A_TOKEN
    seen: set[str] = set()
    blocks: list[_Block] = []
    for hit in request.hits:
        fresh = _fresh(hit, seen)
        title = _title(hit, dated(hit.passage.source))
        room -= len(title) + 16
        fitting: list[tuple[int, int, str]] = []
        for start, end, text in fresh:
            room -= len(text) + 7
            # The best passage is shown in any case: without it there is nothing to answer from.
            if room < 0 and (blocks or fitting):
                break
            fitting.append((start, end, text))
            seen.add(fold(text))
        if fitting:
            blocks.append(_Block(hit, title, fitting))
        if room < 0:
            break
    return blocks


def _fresh(hit: Hit, seen: set[str]) -> list[tuple[int, int, str]]:
    """The sentences of a passage that were not shown yet, as one visible line each."""
    lines = [(start, end, in_a_line(hit.passage.text[start:end], 2_000)) for start, end in sentences(hit.passage.text)]
    return [line for line in lines if line[2] and (len(line[2]) < REPEATED or fold(line[2]) not in seen)]


def _repeats(hits: Sequence[Hit], blocks: Sequence[_Block]) -> int:
    """How many hits say nothing that the blocks do not say."""
    seen = {fold(text) for block in blocks for _, _, text in block.found}
    shown = {block.hit.passage.id for block in blocks}
    return sum(1 for hit in hits if hit.passage.id not in shown and not _fresh(hit, seen))


def _title(hit: Hit, date: str) -> str:
    """The document, the day it is of, where that is written as a date, and the headings."""
    passage = hit.passage
    day = f"dated {in_a_line(date[:10], 10)}" if date[:4].isdecimal() else ""
    return ", ".join(part for part in (in_a_line(passage.source, 120), day, in_a_line(passage.heading, 120)) if part)
