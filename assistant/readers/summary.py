"""Reads a document, a section or all documents for the sentences that say most of it, each a quotation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.account import counted
from assistant.agree import shared
from assistant.part import Part, part_of
from assistant.readers.extract import SAME, Candidate, candidates, quotation, says
from assistant.types import ANSWERED, NOT_FOUND, Draft, Library, Reader, Request, Span, Statement
from index.sentences import sentences
from index.types import Hit, Passage
from index.words import stems

OF_DOCUMENT, OF_PART, OF_TOPIC = 6, 3, 5
"""Sentences of a summary."""

DOCUMENTS = 8
"""Documents of which a summary of all says one sentence each, the newest."""

READ = 2_000
"""Passages of one document that are read; of a longer one, so many at even distances."""

OPENING = 4
"""Passages of each document that are read for a summary of all."""

COMPARED = 40
"""Sentences whose meaning is compared with the gist, those with the most of the words that come back."""

AGAIN = 0.15
"""What each sentence that was taken from a section takes from the others of it, so that all sections have their say."""

SHORTEST, LONGEST = 25, 400
"""Characters of a sentence that a summary may quote."""

LEADS = 0.1
"""What the first sentence under a heading is more central for, as one that says what follows."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the document, and how central it is."""

    candidate: Candidate
    heading: str
    central: float


def open_reader(refuse_below: float) -> Reader:
    """The reader that summarises."""

    def read(request: Request, library: Library) -> Iterator[Draft]:
        yield answer(request, library, refuse_below)

    return read


def answer(request: Request, library: Library, refuse_below: float) -> Draft:
    """The draft for a summary of what the question names: documents, a document, a section of it, or a topic."""
    part = part_of(request, library)
    if part.missing:
        return Draft((Statement(part.missing, told=True),), outcome=NOT_FOUND)
    if part.topic:
        return _of_topic(request, library, refuse_below)
    if not part.source:
        return _of_all(library)
    passages = _inside(library.passages(part.source), part)
    every = _sentences(_spread(passages, READ))
    chosen = central(every, library, part.title, OF_PART if part.heading else OF_DOCUMENT)
    if not chosen:
        return Draft(outcome=NOT_FOUND)
    name = f"{part.source}, “{part.heading}”" if part.heading else part.source
    head = f"{name}, in {counted(len(chosen), 'sentence')} of its {len(every):,}:"
    lines = _lines(chosen, library, part.heading.rsplit(" › ", 1)[-1])
    return Draft((Statement(head, told=True, after="\n\n"), *lines), "", ANSWERED, 1.0)


def central(every: Sequence[Sentence], library: Library, title: str, most: int, leads: float = LEADS) -> list[Sentence]:
    """At most so many sentences, in document order: central ones that say different things in different sections.

    Central are those that hold the words that come back and are near, in meaning, to the gist: the title, the headings
    and the sentences with most of those words.
    """
    held = [set(stems(sentence.candidate.text)) for sentence in every]
    common = Counter(stem for each in held for stem in each)
    weights = [sum(common[stem] for stem in each if common[stem] > 1) / (len(each) + 8) for each in held]
    most_words = sorted(range(len(every)), key=lambda place: -weights[place])[:COMPARED]
    headings = dict.fromkeys(every[place].heading.rsplit(" › ", 1)[-1] for place in most_words)
    gist = " ".join([title, *headings, *(every[place].candidate.text for place in most_words[:5])])[:1_000]
    cosines = library.similar(gist, [every[place].candidate.text for place in most_words])
    top = max((weights[place] for place in most_words), default=0.0) or 1.0
    leading = {place for place in most_words if not place or every[place - 1].heading != every[place].heading}
    scored = [
        Sentence(every[at].candidate, every[at].heading, cosine + 0.3 * weights[at] / top + leads * (at in leading))
        for at, cosine in zip(most_words, cosines, strict=True)
    ]
    chosen: list[Sentence] = []
    while scored and len(chosen) < most:
        taken = Counter(sentence.heading for sentence in chosen)
        best = max(scored, key=lambda sentence: sentence.central - AGAIN * taken[sentence.heading])
        scored.remove(best)
        if all(shared(best.candidate.text, other.candidate.text) < SAME for other in chosen):
            chosen.append(best)
    return sorted(chosen, key=lambda sentence: sentence.candidate.start)


def _of_all(library: Library) -> Draft:
    """One sentence of each of the newest documents, under its name."""
    titles = library.titles()
    lines: list[Statement] = []
    for source, title in titles[:DOCUMENTS]:
        chosen = central(_sentences(library.passages(source)[:OPENING]), library, title, 1, 3 * LEADS)
        lines += [Statement(f"{source}:", told=True), *_lines(chosen, library, "", plain=True)] if chosen else []
    if not lines:
        return Draft(outcome=NOT_FOUND)
    rest = f"; the newest {DOCUMENTS} in a sentence each" if len(titles) > DOCUMENTS else ", in a sentence each"
    head = f"{len(titles):,} documents{rest}:"
    return Draft((Statement(head, told=True, after="\n\n"), *lines), "", ANSWERED, 1.0)


def _of_topic(request: Request, library: Library, refuse_below: float) -> Draft:
    """The sentences that say most on a topic, out of the passages that were found for it."""
    ranked = candidates(request, library)
    if not ranked or ranked[0].likely < refuse_below:
        return Draft(outcome=NOT_FOUND, confidence=ranked[0].likely if ranked else 0.0)
    chosen: list[Candidate] = []
    for candidate in ranked[: 3 * OF_TOPIC]:
        fresh = all(shared(candidate.text, other.text) < SAME for other in chosen)
        if fresh and candidate.likely >= refuse_below and len(chosen) < OF_TOPIC:
            chosen.append(candidate)
    first = chosen[0].hit.passage.source
    chosen.sort(key=lambda c: (c.hit.passage.source != first, c.hit.passage.source, c.start))
    lines = [quotation(candidate, library) for candidate in chosen]
    return Draft(tuple(lines), "", ANSWERED, ranked[0].likely)


def _lines(chosen: Sequence[Sentence], library: Library, above: str, plain: bool = False) -> list[Statement]:
    """The sentences a line each, the first of each section behind its heading."""
    lines: list[Statement] = []
    shown = 0
    for sentence in chosen:
        heading = sentence.heading.rsplit(" › ", 1)[-1]
        if heading and heading != above and not plain:
            lines.append(Statement(f"{heading}:", told=True))
        above = heading
        quoted = quotation(sentence.candidate, library)
        place = sentence.candidate
        if quoted.spans[0].start < shown:
            # The sentence that it leans on stands right above.
            quoted = Statement(place.text, (Span(place.hit.passage.source, place.start, place.end),))
        shown = quoted.spans[0].end
        lines.append(Statement(quoted.text, quoted.spans, quoted=True, after="\n"))
    return lines


def _sentences(passages: Sequence[Passage]) -> list[Sentence]:
    """The sentences that say something, as whole ones."""
    found = []
    for passage in passages:
        for start, end in sentences(passage.text):
            text = " ".join(passage.text[start:end].split())
            if says(passage, start, end) and SHORTEST <= len(text) <= LONGEST and text[-1] in '.!”"’)':
                hit = Hit(passage, 0.0, {})
                place = Candidate(hit, passage.start + start, passage.start + end, text, {}, 0.0)
                found.append(Sentence(place, passage.heading, 0.0))
    return found


def _inside(passages: Sequence[Passage], part: Part) -> list[Passage]:
    """The passages that begin in the part; all of them where it is the whole."""
    return [
        passage for passage in passages if part.start <= passage.start and (not part.end or passage.start < part.end)
    ]


def _spread(passages: Sequence[Passage], most: int) -> list[Passage]:
    step = max(1, -(-len(passages) // most))
    return list(passages[::step])
