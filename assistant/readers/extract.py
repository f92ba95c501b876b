"""Reads without a chat model: picks the sentences that answer, marks the shortest answer inside, or stays silent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.agree import agreeing, differing, shared
from assistant.ranking import searched
from assistant.readers.trained.spans import Found
from assistant.readers.weigh import Features, at_length, likelihood, of_reading
from assistant.short import holds, kind, measured, open_ended, short
from assistant.types import ANSWERED, NOT_FOUND, Draft, Library, Reader, Request, Span, Statement
from index.sentences import sentences
from index.types import Hit, Passage
from index.words import fold

PASSAGES = 8
"""Passages whose sentences are weighed."""

COMPARED = 12
"""Sentences whose meaning is compared with the question's, the most promising by words, kind and rank. Of 36 a question
on the calibration set; the best sentence is right just as often as when all are compared (72.2 and 75.5% on its halves;
with 4 sentences 72.0 and 75.3%)."""

MOST_SENTENCES = 3
"""Sentences of an answer, where one is not enough."""

NEARLY = 0.75
"""A further sentence must be at least this likely to answer, against the best one."""

SAME = 0.6
"""Two sentences that share this much of the smaller one's words say the same."""

NEAR = 400
"""Characters between a fact and the sentence that gives its reason."""

_LEANING = re.compile(
    r"(?:it|its|he|she|they|them|their|his|her|this|these|those|that|such|both|there|here|also|but|however|in addition|"
    r"the (?:company|group|firm|decision|move|report|agency|plan|latter|former))\b",
    re.IGNORECASE,
)

_UNNAMED = re.compile(
    r"(?:it|its|he|she|they|their|his|her|this|these|the (?:company|group|firm|agency))\b", re.IGNORECASE
)


def open_reader(refuse_below: float) -> Reader:
    """The reader that quotes, silent where the best sentence is less likely than `refuse_below` to answer."""

    def read(request: Request, library: Library) -> Iterator[Draft]:
        yield answer(request, library, refuse_below)

    return read


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer: its place in its document, what is known of it, and how likely it answers.

    `told` is the shortest answer that the trained reader marks in `text`, empty where it did not read.
    """

    hit: Hit
    start: int
    end: int
    text: str
    features: dict[str, float]
    likely: float
    told: str = ""


def answer(request: Request, library: Library, refuse_below: float) -> Draft:
    """The draft for a question: one sentence, or up to three, each a quotation."""
    ranked = candidates(request, library)
    if not ranked:
        return Draft(outcome=NOT_FOUND, confidence=0.0)
    best = ranked[0]
    if best.likely < refuse_below:
        return Draft(outcome=NOT_FOUND, confidence=best.likely)
    chosen = _chosen(request.question, ranked)
    what = kind(request.question)
    telling = best if best.told else next((c for c in [best, *chosen] if holds(what, request.question, c.text)), best)
    return Draft(
        statements=tuple(_statements(request.question, telling, chosen, ranked, library)),
        short=telling.told or " ".join(short(request.question, telling.text).split()),
        outcome=ANSWERED,
        confidence=best.likely,
    )


def _statements(
    question: str, telling: Candidate, chosen: Sequence[Candidate], ranked: Sequence[Candidate], library: Library
) -> list[Statement]:
    """The chosen sentences; with that which tells, the other places that say the same, and behind them what differs."""
    lines: list[Statement] = []
    for candidate in chosen:
        quoted = quotation(candidate, library)
        heading = candidate.hit.passage.heading.rsplit(" › ", 1)[-1]
        if heading and _UNNAMED.match(quoted.text):
            lines.append(Statement(f"{heading}:", told=True))
        same = agreeing(question, candidate, ranked) if candidate is telling else []
        also = tuple(Span(each.hit.passage.source, each.start, each.end) for each in same)
        lines.append(replace(quoted, also=also))
    for other in differing(question, telling, ranked) if len(chosen) == 1 else ():
        lines[-1] = replace(lines[-1], after="\n")
        said = f"{other.hit.passage.source} says otherwise:"
        lines += [Statement(said, told=True), quotation(other, library)]
    return lines


def candidates(request: Request, library: Library, compared: int = COMPARED) -> list[Candidate]:
    """Every sentence of the best passages with its features, most likely first.

    Only the `compared` most promising ones have a cosine; that of the others is 0.
    """
    question = request.question
    hits = request.hits[:PASSAGES]
    found = [
        (hit, start, end) for hit in hits for start, end in sentences(hit.passage.text) if says(hit.passage, start, end)
    ]
    if not found:
        return []
    texts = [" ".join(hit.passage.text[start:end].split()) for hit, start, end in found]
    known = Features(question, hits, library)
    features = [known.of(hit, text) for (hit, _, _), text in zip(found, texts, strict=True)]
    marked = _marked(question, hits, found, library)
    if marked:
        for values, more in zip(features, of_reading(marked), strict=True):
            values |= more
    promising = sorted(range(len(found)), key=lambda place: -likelihood(features[place]))[:compared]
    cosines = library.similar(question, [texts[place] for place in promising])
    for place, cosine in zip(promising, cosines, strict=True):
        features[place]["cosine"] = cosine
    ranked = [
        Candidate(hit, hit.passage.start + start, hit.passage.start + end, text, values, likelihood(values))
        for (hit, start, end), text, values in zip(found, texts, features, strict=True)
    ]
    if marked:
        ranked = [replace(each, told=_told(each, one)) for each, one in zip(ranked, marked, strict=True)]
    if marked and open_ended(question):
        nearest = max(map(searched, hits))
        ranked = [replace(each, likely=at_length(each.likely, nearest)) for each in ranked]
    return sorted(ranked, key=lambda candidate: -candidate.likely)


def _marked(
    question: str, hits: Sequence[Hit], found: Sequence[tuple[Hit, int, int]], library: Library
) -> list[Found | None]:
    """What the trained reader marks in each sentence; nothing where there is none for this question."""
    readings = library.read(question, [hit.passage.text for hit in hits])
    if not readings:
        return []
    numbers = {hit.passage.id: number for number, hit in enumerate(hits)}
    return [readings[numbers[hit.passage.id]].best(start, end) for hit, start, end in found]


def _told(candidate: Candidate, found: Found | None) -> str:
    """The stretch that was marked, as it stands in the sentence's text."""
    if found is None:
        return ""
    start = candidate.hit.passage.start
    text = candidate.hit.passage.text[found.start : found.end]
    assert candidate.start <= start + found.start and start + found.end <= candidate.end
    return measured(" ".join(text.split()), candidate.text)


def says(passage: Passage, start: int, end: int) -> bool:
    """Whether a stretch is a sentence that can answer: not a heading, not a bare number, not a question.

    A row of a table may have a single word: its other cells are numbers.
    """
    text = passage.text[start:end]
    least = 1 if "|" in text.strip("| ") else 3
    words = re.findall(r"[^\W\d_]{2,}", fold(text))
    heading = text.strip("#*_ \n").casefold() in (part.casefold() for part in passage.heading.split(" › "))
    return len(words) >= least and not heading and not text.endswith("?")


def _chosen(question: str, ranked: Sequence[Candidate]) -> list[Candidate]:
    """The best sentence, and where one is seldom enough also the next that say something else; in document order."""
    chosen = [ranked[0]]
    what = kind(question)
    if what == "reason" and not holds(what, question, ranked[0].text):
        chosen += _reason(question, ranked)
    if open_ended(question):
        for candidate in ranked[1:10]:
            fresh = all(shared(candidate.text, other.text) < SAME for other in chosen)
            if len(chosen) < MOST_SENTENCES and fresh and candidate.likely >= NEARLY * ranked[0].likely:
                chosen.append(candidate)
    first = chosen[0].hit.passage.source
    return sorted(chosen, key=lambda c: (c.hit.passage.source != first, c.hit.passage.source, c.start))


def _reason(question: str, ranked: Sequence[Candidate]) -> list[Candidate]:
    """The nearest sentence that gives a reason, close behind or before the best one, which only states the fact."""
    best = ranked[0]
    near = [
        candidate
        for candidate in ranked[1:]
        if candidate.hit.passage.id == best.hit.passage.id
        and abs(candidate.start - best.start) <= NEAR
        and holds("reason", question, candidate.text)
    ]
    return sorted(near, key=lambda candidate: abs(candidate.start - best.start))[:1]


def quotation(candidate: Candidate, library: Library) -> Statement:
    """The sentence as a quotation: with the one before where it leans on it, with its list where it opens one."""
    passage = candidate.hit.passage
    around = library.neighbours(passage, before=1, after=1)
    offset = around[0].start if around else passage.start
    text = "".join(part.text for part in around) or passage.text
    spans = [(offset + start, offset + end) for start, end in sentences(text)]
    start, end = candidate.start, candidate.end
    before = [span for span in spans if span[1] <= start]
    leans = _LEANING.match(candidate.text)
    if (
        leans
        and before
        and "\n\n" not in text[before[-1][1] - offset : start - offset]
        and _whole(text, before[-1], offset)
    ):
        start = before[-1][0]
    if candidate.text.endswith(":"):
        listed = [span for span in spans if span[0] >= end and span[1] <= end + 600]
        end = _end_of_list(text, listed, end, offset)
    quote = text[start - offset : end - offset]
    return Statement(" ".join(quote.split()), (Span(passage.source, start, end),), quoted=True)


def _whole(text: str, span: tuple[int, int], offset: int) -> bool:
    """Whether a sentence ends as one; a heading or a row of a table does not."""
    return text[span[1] - offset - 1] in '.!?"”’)'


def _end_of_list(text: str, listed: Sequence[tuple[int, int]], end: int, offset: int) -> int:
    """Where the list that follows a colon ends: at the first sentence that does not stand on a line of its own."""
    for start, close in listed:
        lead = text[end - offset : start - offset]
        if "\n" not in lead or lead.count("\n") > 2:
            break
        end = close
    return end
