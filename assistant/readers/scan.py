"""Reads every passage for what a question lists or counts, and says how many it looked through and how many match."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.part import named
from assistant.route import COUNT, route
from assistant.types import ANSWERED, NOT_FOUND, Draft, Library, Reader, Request, Span, Statement
from assistant.wanted import Wanted, stems_of, wanted
from index.sentences import sentences
from index.types import Passage
from index.words import fold, stem

MOST_SHOWN = 20
"""Matches that are shown; all are counted."""

MOST_HEADINGS = 60
"""Headings that are shown."""

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
    if sought.head in _OWN:
        return _OWN[sought.head](library)
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
    return exact or ([] if sought.phrase else _loose(passages, sought))


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


def _loose(passages: Sequence[Passage], sought: Wanted) -> list[Match]:
    """Sentences that name the thing itself, in passages that hold every word; and the items of a list they open."""
    whole = [p for p in passages if set(stems_of(f"{p.context} {p.text}")).issuperset(sought.stems)]
    head = set(sought.head)
    return [match for p in whole for match in _with_items(p, sought, lambda text: int(head <= set(stems_of(text))))]


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
    documents = f" in {_many(sources, 'document')}" if sources > 1 else ""
    times = sum(match.times for match in found)
    if sought.unit == "documents":
        number = _many(sources, "document")
        return number, f"{number} with “{sought.said}”"
    if counts and sought.unit == "passages":
        number = _many(len({match.passage for match in found}), "passage")
        return number, f"{number} with “{sought.said}”{documents}"
    if counts or sought.phrase or sought.pattern is not None:
        number = _many(times, "match", "matches")
        return number, f"{number} for “{sought.said}” in {_many(len(found), 'sentence')}{documents}"
    number = _many(len(found), "match", "matches")
    return number, f"{number} for “{sought.said}”{documents}"


def _many(number: int, one: str, more: str = "") -> str:
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def _headings(library: Library) -> Draft:
    """The headings of all documents, each a quotation."""
    lines, count = [], 0
    for source, _ in library.titles():
        document = library.document(source)
        for block in (block for block in document.blocks if block.kind == "heading"):
            count += 1
            text = document.text[block.start : block.end]
            start = block.start + len(text) - len(text.lstrip("#=- \t\n"))
            end = block.start + len(text.rstrip("#=- \t\n"))
            if start < end and len(lines) < MOST_HEADINGS:
                said = " ".join(document.text[start:end].split())
                lines.append(Statement(said, (Span(source, start, end),), quoted=True, after="\n"))
        if count > MOST_HEADINGS:
            break
    if not lines:
        return Draft((Statement("None of the documents has a heading.", told=True),), outcome=NOT_FOUND)
    number = _many(count, "heading") if count <= MOST_HEADINGS else f"The first {len(lines)} headings"
    return Draft((Statement(f"{number}:", told=True, after="\n\n"), *lines), number, ANSWERED, 1.0)


def _documents(library: Library) -> Draft:
    """The names of all documents, newest first, each with its first words."""
    titles = library.titles()
    number = _many(len(titles), "document")
    lines = []
    for source, _ in titles[:MOST_SHOWN]:
        passage = next(iter(library.passages(source)), None)
        first = next(iter(sentences(passage.text)), None) if passage else None
        if passage and first:
            said = " ".join(passage.text[first[0] : first[1]].split())
            span = Span(source, passage.start + first[0], passage.start + first[1])
            lines += [Statement(source, told=True, after=": "), Statement(said, (span,), quoted=True, after="\n")]
    rest = f"; the newest {MOST_SHOWN} are shown" if len(titles) > MOST_SHOWN else ""
    return Draft((Statement(f"{number}{rest}.", told=True, after="\n\n"), *lines), number, ANSWERED, 1.0)


_OWN = {(stem("headings"),): _headings, (stem("documents"),): _documents, (stem("files"),): _documents}
"""What is asked of the library itself, not of its words."""
