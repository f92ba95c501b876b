"""Reads every passage for what a question lists or counts, and says how many it looked through and how many match.

The words index tells which passages can match. In 100,000 passages (`python -m tests.benchmarks.scanning`) that takes
1.5 to 2.3 s for words, and 5 to 7 s for a kind of thing, such as all dates, for which each passage is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.account import counted
from assistant.contents import OWN
from assistant.part import named
from assistant.route import COUNT, route
from assistant.types import ANSWERED, NOT_FOUND, Draft, Library, Reader, Request, Span, Statement
from assistant.wanted import Wanted, stems_of, wanted
from index.sentences import sentences
from index.types import Passage
from index.words import fold, stem

MOST_SHOWN = 20
"""Matches that are shown; all are counted."""

ENDINGS = (
    "",
    "s",
    "es",
    "d",
    "ed",
    "ing",
    "e",
    "er",
    "ers",
    "y",
    "ies",
    "ied",
    "ion",
    "ions",
    "al",
    "ly",
    "ment",
    "ments",
)
"""What the forms of a word end in; only those with the same stem are searched for."""


@dataclass(frozen=True, slots=True)
class Match:
    """A sentence that holds what is looked for, and how many times."""

    source: str
    start: int
    end: int
    text: str
    times: int
    passage: str = ""


def open_reader() -> Reader:
    """The reader that lists and counts."""

    def read(request: Request, library: Library) -> Iterator[Draft]:
        yield answer(request, library)

    return read


def answer(request: Request, library: Library) -> Draft:
    """The draft for a question that lists or counts: the count first, then the matches, each a quotation."""
    sought = wanted(request.question)
    if sought.head in OWN:
        return OWN[sought.head](library)
    if not sought.stems and sought.pattern is None:
        return Draft(outcome=NOT_FOUND)
    source = named(request.question, set(sought.within), library.titles()) if sought.within else ""
    total = len(library.passages(source)) if source else library.total()
    through = f"{total:,} of {total:,} passages{f' of {source}' if source else ''}"
    found, missed = matches(sought, library, source), ""
    if not found and sought.head and len(sought.head) < len(sought.stems):
        missed, sought = f"Nothing holds all of “{sought.said}”. ", _wider(sought)
        found = matches(sought, library, source)
    if not found:
        none = f"{missed}Nothing matches “{sought.said}”; {through} were looked through."
        return Draft((Statement(none, told=True),), outcome=NOT_FOUND)
    grouped = _grouped(found)
    shown = grouped[:MOST_SHOWN]
    number, said = _counted(sought, found, route(request.question) == COUNT)
    rest = f", the first {len(shown)} are shown" if len(grouped) > len(shown) else ""
    head = f"{missed}{said} ({through} looked through{rest})."
    lines = [Statement(m.text, (span,), quoted=True, after="\n", also=also) for m, span, also in shown]
    return Draft((Statement(head, after="\n\n", told=True), *lines), number, ANSWERED, 1.0)


def _wider(sought: Wanted) -> Wanted:
    """The thing itself, without what else is said of it."""
    words = sought.words[: len(sought.head)]
    return replace(sought, said=" ".join(words), stems=sought.head, words=words)


def matches(sought: Wanted, library: Library, source: str = "") -> list[Match]:
    """Every sentence that matches, of one document or of all, in document order."""
    if sought.pattern is not None and not sought.stems:
        sources = [source] if source else [each for each, _ in reversed(library.titles())]
        places = (passage for each in sources for passage in library.passages(each))
        return [match for passage in places for match in _in_passage(passage, sought)]
    rarity = library.rarity(sought.words)
    rarest = max(sought.words, key=lambda word: rarity[word])
    passages = [passage for passage in library.holding(forms(rarest)) if source in ("", passage.source)]
    exact = [match for passage in passages for match in _in_passage(passage, sought)]
    return exact or ([] if sought.phrase else list(_loose(passages, sought)))


def forms(word: str) -> list[str]:
    """A folded word in the forms that have the same stem: "drug", "drugs", "drugged"."""
    root = stem(word)
    bases = {word, root, word.removesuffix("y"), root.removesuffix("i"), root + root[-1:]}
    made = [base + ending for base in sorted(bases) for ending in ENDINGS]
    return list(dict.fromkeys([word, *(form for form in made if stem(form) == root)]))


def _in_passage(passage: Passage, sought: Wanted) -> Iterator[Match]:
    """The sentences of a passage that match: those that hold all words, or stand right under a heading that does."""
    above = set(stems_of(passage.heading.rsplit(" › ", 1)[-1])) if passage.heading else set()
    if sought.pattern is None or sought.pattern.search(passage.text):
        yield from _with_items(passage, sought, lambda text: _times(text, sought, above))


def _with_items(passage: Passage, sought: Wanted, times: Callable[[str], int]) -> Iterator[Match]:
    """The sentences that match, and the items of a list that one of them opens."""
    opened = False
    for start, end in sentences(passage.text):
        text = " ".join(passage.text[start:end].split())
        lead = passage.text[max(0, start - 4) : start]
        item = opened and "\n" in lead and lead.strip() != ""
        found = times(text)
        if found or item:
            yield Match(passage.source, passage.start + start, passage.start + end, text, found or 1, passage.id)
        listing = not sought.phrase and sought.pattern is None
        opened = listing and (item or (found > 0 and text.endswith(":")))


def _times(text: str, sought: Wanted, above: set[str]) -> int:
    """How many times a sentence holds what is looked for."""
    if sought.pattern is not None:
        held = set(stems_of(text)) | above
        return sum(1 for _ in sought.pattern.finditer(text)) if held.issuperset(sought.stems) else 0
    if sought.exact:
        return len(re.findall(rf"(?<!\w){re.escape(fold(sought.said))}(?!\w)", fold(text)))
    found = stems_of(text)
    if sought.phrase:
        size = len(sought.stems)
        return sum(found[at : at + size] == sought.stems for at in range(len(found) - size + 1))
    own = set(found)
    if above and above.issuperset(sought.stems):
        return int(own != above)
    return int(bool(own.intersection(sought.head or sought.stems)) and (own | above).issuperset(sought.stems))


def _loose(passages: Sequence[Passage], sought: Wanted) -> Iterator[Match]:
    """Sentences that name the thing itself, in passages that hold every word; and the items of a list they open.

    What a title or the columns of a table name need not be named again: "employees in Berlin" are its rows with Berlin.
    """
    head, every = set(sought.head), set(sought.stems)
    for passage in passages:
        above = set(stems_of(passage.context))
        rest = (every - above if head <= above else head) or head
        if every <= above | set(stems_of(passage.text)):
            yield from _with_items(passage, sought, _holding(rest))


def _holding(sought: set[str]) -> Callable[[str], int]:
    """What tells whether a sentence holds all these stems: 1 or 0."""
    return lambda text: int(sought <= set(stems_of(text)))


def _grouped(found: Sequence[Match]) -> list[tuple[Match, Span, tuple[Span, ...]]]:
    """The matches with different words, each with the other places that say just the same."""
    groups: dict[str, list[Match]] = {}
    for match in found:
        groups.setdefault(match.text.casefold(), []).append(match)
    spans = {key: [Span(m.source, m.start, m.end) for m in group] for key, group in groups.items()}
    return [(group[0], spans[key][0], tuple(spans[key][1:6])) for key, group in groups.items()]


def _counted(sought: Wanted, found: Sequence[Match], counts: bool) -> tuple[str, str]:
    """The number that answers, and the sentence that says it."""
    sources = len({match.source for match in found})
    documents = f" in {counted(sources, 'document')}" if sources > 1 else ""
    times = sum(match.times for match in found)
    if sought.unit == "documents":
        number = counted(sources, "document")
        return number, f"{number} with “{sought.said}”"
    if counts and sought.unit == "passages":
        number = counted(len({match.passage for match in found}), "passage")
        return number, f"{number} with “{sought.said}”{documents}"
    if counts or sought.phrase or sought.pattern is not None:
        number = _matches(times)
        return number, f"{number} for “{sought.said}” in {counted(len(found), 'sentence')}{documents}"
    number = _matches(len(found))
    return number, f"{number} for “{sought.said}”{documents}"


def _matches(number: int) -> str:
    return f"{number:,} match{'' if number == 1 else 'es'}"
