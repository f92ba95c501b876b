"""Reads for each part of a question that asks several things, or leads over another answer, where that is needed.

`python -m tests.benchmarks.parts`, reporting half of `parts.txt`, labelled before the rules, by the trained reader: 22
of 30 questions of several parts are answered whole or said where they are not (none with 0 rounds); of 17 single ones
none is divided, and 14 are right either way. The thresholds below were chosen with the reader by rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.account import UNFOUND
from assistant.divide import divide
from assistant.follow import HOW, carry
from assistant.hop import Hop, hop, named, own_words
from assistant.route import LOOK_UP, YES_NO, route
from assistant.short import holds, kind, short
from assistant.types import ANSWERED, NOT_FOUND, Answer, Draft, Library, Part, Reader, Request, Span, Statement, Turn
from index.types import Hit
from index.words import stems

ROUNDS = 1
"""Further searches that may stand on each other by default: `python -m tests.benchmarks.parts --rounds 0 1 2`."""

PASSAGES = 8
"""Passages that are read for each part."""

SUPPORTED = 0.3
"""How likely the best sentence for a part must be among the passages of the first search; else it is searched for. At
.15 / .3 / .5 / .9 as many are right on the tuning half, for 6 / 10 / 16 / 29 parts that are searched for."""

SHOWN = 3
"""Passages of each part that a chat model is shown before those of the first search."""

WAYS = (LOOK_UP, YES_NO)
"""The ways of answering of questions that are read in parts."""

UNSAID = 0.35
"""How likely a sentence must be that has less than half of a part's own words. At .35 / .5 / .7, 29 /
28 / 28 of 45 right on the tuning half."""


def open_reader(look_up: Reader, decide: Reader, rounds: int = ROUNDS) -> Reader:
    """The reader that answers in parts what `look_up` and `decide` cannot answer whole; of the rest it says nothing.

    A follow-up is such a part of its conversation.
    `rounds` is how many further searches may stand on each other; with 0 nothing is read in parts.
    """

    def read(request: Request, library: Library) -> Iterator[Draft]:
        yield from (decide if route(request.question) == YES_NO else look_up)(request, library)

    def answer(request: Request, library: Library) -> Iterator[Draft]:
        asked = divide(request.question) if rounds else ()
        leads = hop(request.question) if rounds and not asked else None
        reading = _Apart(request, library, read, rounds)
        if asked:
            yield reading.side_by_side(asked)
        elif leads:
            yield reading.led(leads)
        elif request.said:
            yield reading.leaning()
        else:
            yield Draft(outcome=NOT_FOUND)

    return answer


def joined(parts: Sequence[Part], hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The passages that a chat model is shown: the best of each part in turn, then those of the first search."""
    ranked = [sorted(part.hits, key=lambda hit: not _stands(part.spans, hit))[:SHOWN] for part in parts]
    turns = [each[place] for place in range(SHOWN) for each in ranked if place < len(each)]
    return tuple({hit.passage.id: hit for hit in (*turns, *hits)}.values())


def _stands(spans: Sequence[Span], hit: Hit) -> bool:
    passage = hit.passage
    return any(s.source == passage.source and passage.start <= s.start < passage.end for s in spans)


@dataclass(frozen=True, slots=True)
class _Read:
    """A part as it was asked and as it was searched for, what was read for it and where; `round` as in `Part`."""

    question: str
    asked: str
    draft: Draft
    hits: tuple[Hit, ...]
    round: int

    @property
    def answered(self) -> bool:
        return self.draft.outcome == ANSWERED

    @property
    def spans(self) -> tuple[Span, ...]:
        return tuple(span for statement in self.draft.statements for span in statement.spans) if self.answered else ()

    def turn(self) -> Turn:
        """The part as a turn that the next one may lean on."""
        text = " ".join(statement.text for statement in self.draft.statements)
        outcome = self.draft.outcome
        return Turn(self.asked, Answer(self.asked, text, self.draft.short, outcome=outcome, asked=self.asked))

    def part(self) -> Part:
        """What is shown of it."""
        short = self.draft.short if self.answered else ""
        return Part(self.question, self.asked, short, self.spans, self.hits, self.draft.confidence, self.round)


@dataclass(frozen=True, slots=True)
class _Apart:
    """One question, its first passages, and how its parts are read."""

    request: Request
    library: Library
    read: Reader
    rounds: int

    def side_by_side(self, asked: Sequence[str]) -> Draft:
        """The draft of the parts in order; nothing where the answer to the whole holds that to each of them."""
        first: list[_Read] = []
        for question in asked:
            first.append(self._first(question, first))
        whole = self._draft(self.request.question, self.request.hits)
        if all(each.answered and _within(each.spans, whole) for each in first):
            return Draft(outcome=NOT_FOUND)
        found: list[_Read] = []
        for question, known in zip(asked, first, strict=True):
            # What took the last search that is allowed is not stood on: then the first search's word on it is.
            before = [late if late.round < self.rounds else early for late, early in zip(found, first, strict=False)]
            found.append(self._same_sentence(question, before) or self._next(question, known, before))
        return _draft(found, "") if any(each.answered for each in found) else Draft(outcome=NOT_FOUND)

    def leaning(self) -> Draft:
        """The draft for a follow-up: by its own words too, for the words that it took over stand in many sentences."""
        return self._over(self.request.said, self.request.question, self.request.hits, 0).draft

    def _next(self, question: str, known: _Read, before: Sequence[_Read]) -> _Read:
        """A part that may lean on those before; `known` is what the first search alone says of it."""
        asked = self._resolved(question, before)
        depth = max((each.round for each in before), default=0) if asked != question else 0
        return self._sought(known if known.asked == asked else self._over(question, asked, self.request.hits, 0), depth)

    def _first(self, question: str, before: Sequence[_Read]) -> _Read:
        """A part read in the passages of the first search."""
        known = self._same_sentence(question, before)
        return known or self._over(question, self._resolved(question, before), self.request.hits, 0)

    def _same_sentence(self, question: str, before: Sequence[_Read]) -> _Read | None:
        """A bare "when?" behind another part, answered by the sentence that answers that one."""
        last = before[-1] if before else None
        if last is None or stems(question) or not last.answered or kind(question) in ("thing", "reason"):
            return None
        asked = self._resolved(question, before)
        if not _of_its_kind(asked, last.draft):
            return None
        told = next(s.text for s in last.draft.statements if s.quoted and holds(kind(asked), asked, s.text))
        return replace(last, question=question, asked=asked, draft=replace(last.draft, short=short(asked, told)))

    def led(self, leads: Hop) -> Draft:
        """The draft of what the question leads over and of itself; nothing where the first search answers it whole."""
        whole = self._draft(self.request.question, self.request.hits)
        if whole.outcome == ANSWERED and _says_all(whole, leads):
            return Draft(outcome=NOT_FOUND)
        chain = self._chain(leads)
        if not chain or _within(chain[-1].spans, whole):
            return Draft(outcome=NOT_FOUND)
        return _draft(chain, chain[-1].draft.short)

    def _chain(self, leads: Hop) -> list[_Read]:
        """What is led over and what is said of it, both answered; else nothing."""
        tried = [self._over(question, question, self.request.hits, 0) for question in leads.first]
        if not any(map(_names, tried)):
            tried = [self._sought(tried[0], 0)]
        first = max(filter(_names, tried), key=lambda each: each.draft.confidence, default=None)
        if first is None:
            return []
        name = first.draft.short
        asked = f"{leads.then(name)}?"
        then = self._sought(self._over(asked, asked, self.request.hits, 0), first.round)
        return [first, then] if then.answered else []

    def _sought(self, known: _Read, depth: int) -> _Read:
        """A part that was read in the first passages, and where they do not support it in those of its own search.

        `depth` is how many searches the question stands on already, the first one not counted.
        """
        if (known.answered and known.draft.confidence >= SUPPORTED) or depth >= self.rounds:
            return known
        hits = tuple(self.library.search(known.asked, PASSAGES))
        fresh = self._over(known.question, known.asked, hits, depth + 1)
        return max(known, fresh, key=lambda each: (each.answered, each.draft.confidence))

    def _over(self, question: str, asked: str, hits: tuple[Hit, ...], depth: int) -> _Read:
        """A part read in these passages: as it was put, and else by its own words where its topic is the subject.

        "She trained as a nurse" answers a question on Mirelle Audoin in the section on her, and does not name her.
        """
        topic, own = _topic_and_own(question, asked)
        draft = self._kept(self._draft(asked, hits), own)
        near = tuple(hit for hit in hits if _shares(topic, f"{hit.passage.context} {hit.passage.text}"))
        said = draft.outcome == ANSWERED and _says(own, draft)
        if topic and own and near and not said:
            bare = " ".join(word for word in asked.split() if not set(stems(word)) & topic)
            again = self._draft(bare, near)
            draft = again if again.outcome == ANSWERED and _says(own, again) and _of_its_kind(asked, again) else draft
        return _Read(question, asked, draft, hits, depth)

    def _kept(self, draft: Draft, own: set[str]) -> Draft:
        """The draft, refused where its sentence has too few of the part's own words to say it, and is not likely."""
        likely = not own or _says(own, draft) or draft.confidence >= UNSAID
        return draft if likely else replace(draft, outcome=NOT_FOUND)

    def _draft(self, asked: str, hits: tuple[Hit, ...]) -> Draft:
        *_, draft = self.read(replace(self.request, question=asked, hits=hits), self.library)
        return draft

    def _resolved(self, question: str, before: Sequence[_Read]) -> str:
        """A part so that it stands alone: it leans on those before it as a follow-up does."""
        return carry(question, [each.turn() for each in before])


def _draft(found: Sequence[_Read], short: str) -> Draft:
    """Each part on a line of its own: its question, and its quotations or that it was not found."""
    lines: list[Statement] = []
    for each in found:
        said = each.draft.statements if each.answered else (Statement(UNFOUND, told=True),)
        lines += [Statement(each.question, told=True), *said[:-1], replace(said[-1], after="\n")]
    likely = min(each.draft.confidence for each in found if each.answered)
    return Draft(tuple(lines), short, ANSWERED, likely, parts=tuple(each.part() for each in found))


def _within(spans: Sequence[Span], whole: Draft) -> bool:
    """Whether an answer holds all these sentences."""
    held = [span for statement in whole.statements for span in statement.spans]
    return whole.outcome == ANSWERED and all(
        any(o.source == s.source and o.start <= s.start and s.end <= o.end for o in held) for s in spans
    )


def _says_all(whole: Draft, leads: Hop) -> bool:
    """Whether an answer names what the question leads over, and says what is asked of it."""
    held = {each for statement in whole.statements for each in stems(statement.text)}
    return own_words(leads) | set(stems(leads.phrase)) <= held


def _names(read: _Read) -> bool:
    return read.answered and named(read.draft.short, read.asked)


def _of_its_kind(asked: str, draft: Draft) -> bool:
    """Whether a quotation holds such a thing as is asked for, where that can be told."""
    what = kind(asked)
    return what in ("thing", "reason") or any(holds(what, asked, s.text) for s in draft.statements if s.quoted)


def _topic_and_own(question: str, asked: str) -> tuple[set[str], set[str]]:
    """The stems of what a part is about (names, and what it takes over from others), and those of its own words."""
    names = {each for word in asked.split()[1:] if word[:1].isupper() for each in stems(word)}
    topic = names | (set(stems(asked)) - set(stems(question)))
    # A sentence that says how long need not say "long".
    return topic, set(stems(HOW.sub(" ", asked))) - topic


def _shares(wanted: set[str], text: str) -> bool:
    """Whether a text holds at least half of these stems."""
    return 2 * len(wanted & set(stems(text))) >= len(wanted)


def _says(own: set[str], draft: Draft) -> bool:
    return _shares(own, " ".join(statement.text for statement in draft.statements if statement.quoted))
