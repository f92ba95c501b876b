"""Questions that a passage no longer answers, made of ones that it does: by changing the question or the passage.

SQuAD 2.0's unanswerable questions are answerable ones in which a person changed a name, a number, a word to its
opposite, or put a negation in. These are the same changes by rule; each is a `Derivation` under its own name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from assistant.evaluation.normal import contains
from assistant.readers.training.antonyms import ANTONYMS
from assistant.readers.training.data import Article, Derivation, Example, Spans
from assistant.short import PATTERNS
from index.sentences import sentences
from index.words import STOP_WORDS, fold, stem

SHORTEST = 120
"""Characters that a passage must still have after its answer was cut out."""

_YEAR = re.compile(r"\b1[0-9]{3}\b|\b20[0-9]{2}\b")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_PART = re.compile(r"\S+")
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|did|does|do|could|would|should|has|have|had|can|will)\b(?! not|n't| never)", re.I
)
_NEGATION = re.compile(r"\s+(?:not|never)\b|n't\b", re.I)
_PLAIN = re.compile(r"^(?:who\s+(?=[a-z])|(?:what|which \w+|what \w+)\s+(?=[a-z]+(?:ed|s)\b))", re.I)
_JOINED = re.compile(r"^\s*(?:,|and|or|&|/|-|vs\.?|with|between)\s*(?:the\s)?$", re.I)

Siblings = Callable[[str], Sequence[str]]
"""A lower-case word to words that are used alike ("river" to "lake"), none where it is unknown."""


def derivations(siblings: Siblings) -> dict[str, Derivation]:
    """All changes by name; `mine.py` has one more."""
    return {
        "name": swap_name,
        "number": swap_number,
        "antonym": swap_antonym,
        "negation": negate,
        "roles": swap_roles,
        "sibling": lambda rng, example, _: swap_sibling(rng, example, siblings),
        "renamed": rename_passage,
        "renamed both": rename_both,
        "neighbour": neighbour,
        "cut": cut,
    }


def lacking(example: Example, kind: str, *, question: str | None = None, passage: str | None = None) -> Example:
    """The example changed so that the passage does not answer the question."""
    return replace(
        example, question=question or example.question, passage=passage or example.passage, answers=(), kind=kind
    )


def swap_name(rng: Random, example: Example, article: Article) -> Example | None:
    """Another name of the passage, or of the article, in place of one of the question."""
    asked = names(example.question, skip_first=True)
    found = [example.passage] if rng.random() < 0.6 else list(article.passages)
    others = _others(example, [name for text in found for _, _, name in names(text)])
    if not asked or not others:
        return None
    start, end, name = rng.choice(asked)
    alike = [other for other in others if len(other.split()) == len(name.split())] or others
    return lacking(example, "name", question=_spliced(example.question, start, end, rng.choice(alike)))


def swap_number(rng: Random, example: Example, article: Article) -> Example | None:
    """Another number or year of the passage or article, or one close by, in place of one of the question."""
    asked = list(_NUMBER.finditer(example.question))
    if not asked:
        return None
    match = rng.choice(asked)
    old = match.group()
    pattern = _YEAR if _YEAR.fullmatch(old) else _NUMBER
    found = [m.group() for text in [example.passage, *article.passages[:20]] for m in pattern.finditer(text)]
    others = [new for new in _others(example, found) if pattern is _YEAR or not _YEAR.fullmatch(new)]
    new = rng.choice(others) if others and rng.random() < 0.7 else _close(rng, old)
    return lacking(example, "number", question=_spliced(example.question, *match.span(), new)) if new != old else None


def swap_antonym(rng: Random, example: Example, article: Article) -> Example | None:
    """The opposite of one word of the question in its place."""
    return _worded(rng, example, "antonym", lambda word: ANTONYMS.get(word, ()))


def swap_sibling(rng: Random, example: Example, siblings: Siblings) -> Example | None:
    """A word that is used like one of the question's in its place."""
    return _worded(rng, example, "sibling", siblings)


def negate(rng: Random, example: Example, article: Article) -> Example | None:
    """The question with a negation put in, or taken out where it has one."""
    question = example.question
    there = _NEGATION.search(question)
    if there:
        return lacking(example, "negation", question=question[: there.start()] + question[there.end() :])
    auxiliary, plain = _AUXILIARY.search(question), _PLAIN.match(question)
    if auxiliary:
        word = auxiliary.group()
        short = {"can": "can't", "will": "won't"}.get(word.lower(), f"{word}n't")
        # "Who was not born" where a verb follows; "who wasn't X" and "when didn't X" are right everywhere.
        follows = re.match(r"\s+[a-z]+(?:ed|en|ing)\b", question[auxiliary.end() :])
        long = rng.choice([f"{word} not", f"{word} never"]) if follows else short
        return lacking(example, "negation", question=_spliced(question, *auxiliary.span(), long))
    if plain:
        return lacking(example, "negation", question=f"{plain.group()}never {question[plain.end() :]}")
    return None


def swap_roles(rng: Random, example: Example, article: Article) -> Example | None:
    """Two names of the question in each other's place, unless they stand side by side as equals."""
    asked = names(example.question, skip_first=True)
    if len(asked) < 2:
        return None
    (a, b, first), (c, d, second) = asked[:2]
    between = example.question[b:c]
    if first == second or _JOINED.match(between):
        return None
    question = example.question
    return lacking(example, "roles", question=question[:a] + second + between + first + question[d:])


def rename_passage(rng: Random, example: Example, article: Article) -> Example | None:
    """The passage with a name or number that the question mentions turned into another; the question as it was."""
    renamed = _renamed(rng, example, article)
    return lacking(example, "renamed", passage=renamed[2]) if renamed else None


def rename_both(rng: Random, example: Example, article: Article) -> Example | None:
    """The same change in the passage and in the question, which is still answered."""
    renamed = _renamed(rng, example, article)
    if not renamed:
        return None
    old, new, passage, spans = renamed
    question = _whole(old).sub(lambda _: new, example.question)
    accepted = tuple(dict.fromkeys(passage[start:end] for start, end in spans))
    return replace(example, question=question, passage=passage, answers=spans, accepted=accepted, kind="renamed both")


def neighbour(rng: Random, example: Example, article: Article) -> Example | None:
    """Another passage of the article that does not hold the answer's words."""
    others = [text for text in article.passages if text != example.passage and not contains(text, example.accepted)]
    return lacking(example, "neighbour", passage=rng.choice(others)) if others else None


def cut(rng: Random, example: Example, article: Article) -> Example | None:
    """The passage without the sentences that the answer's words stand in."""
    passage, kept, at = example.passage, "", 0
    for start, end in sentences(passage):
        holds = contains(passage[start:end], example.accepted)
        if holds or any(start < close and begin < end for begin, close in example.answers):
            kept += passage[at:start]
            at = end
    kept = (kept + passage[at:]).strip()
    if len(kept) < SHORTEST or contains(kept, example.accepted):
        return None
    return lacking(example, "cut", passage=kept)


def names(text: str, *, skip_first: bool = False) -> list[tuple[int, int, str]]:
    """Names of the text as (start, end, name), without stop words and without words that also stand in lower case."""
    low = set(re.findall(r"\b[a-z]+\b", text))
    found = []
    for match in PATTERNS["name"].finditer(text):
        words = list(_PART.finditer(match.group()))
        while words and fold(words[0].group()).strip(".,'’") in STOP_WORDS:
            words.pop(0)
        if not words or (skip_first and match.start() + words[0].start() == 0):
            continue
        start = match.start() + words[0].start()
        name = text[start : match.end()].rstrip(".,-'’&")
        name = re.sub(r"['’]s$", "", name)
        single = len(name.split()) == 1
        if len(name) > 1 and not (single and fold(name) in low | STOP_WORDS):
            found.append((start, start + len(name), name))
    return found


def _renamed(rng: Random, example: Example, article: Article) -> tuple[str, str, str, Spans] | None:
    """A name or number of the question, another for it, and the passage and answers after the change."""
    mentions = [name for _, _, name in names(example.question, skip_first=True)]
    mentions += [match.group() for match in _NUMBER.finditer(example.question)]
    held = [old for old in mentions if _whole(old).search(example.passage) and not _answers(example, old)]
    if not held:
        return None
    old = rng.choice(held)
    if _NUMBER.fullmatch(old):
        new = _close(rng, old)
    else:
        found = [name for text in article.passages for _, _, name in names(text)]
        others = [new for new in _others(example, found) if new not in example.passage]
        if not others:
            return None
        new = rng.choice([other for other in others if len(other.split()) == len(old.split())] or others)
    if new == old or _whole(new).search(example.passage):
        return None
    passage, spans = _rewritten(example.passage, example.answers, _whole(old), new)
    return old, new, passage, spans


def _rewritten(text: str, spans: Spans, old: re.Pattern[str], new: str) -> tuple[str, Spans]:
    """The text with every `old` turned into `new`, and where the spans are then; no span may overlap an `old`."""
    shifts = [(match.start(), len(new) - (match.end() - match.start())) for match in old.finditer(text)]
    moved = [tuple(place + sum(by for at, by in shifts if at < place) for place in span) for span in spans]
    return old.sub(lambda _: new, text), tuple((start, end) for start, end in moved)


def _answers(example: Example, name: str) -> bool:
    """Whether a name shares a place with an answer."""
    return any(
        match.start() < end and start < match.end()
        for match in _whole(name).finditer(example.passage)
        for start, end in example.answers
    )


def _others(example: Example, found: Sequence[str]) -> list[str]:
    """The different mentions that share no word with the question or with an answer."""
    taken = {stem(word) for text in [example.question, *example.accepted] for word in re.findall(r"\w+", fold(text))}
    return [
        name
        for name in dict.fromkeys(found)
        if not taken & {stem(word) for word in re.findall(r"\w+", fold(name)) if word not in STOP_WORDS}
    ]


def _close(rng: Random, number: str) -> str:
    """Another number of the same form."""
    digits = [place for place, mark in enumerate(number) if mark.isdigit()]
    place = rng.choice(digits[1:] if len(digits) > 1 else digits)
    other = rng.choice([d for d in "123456789" if d != number[place]])
    return number[:place] + other + number[place + 1 :]


def _worded(rng: Random, example: Example, kind: str, others: Callable[[str], Sequence[str]]) -> Example | None:
    """The question with one word that has a counterpart exchanged; names stay as they are."""
    named = [(start, end) for start, end, _ in names(example.question, skip_first=True)]
    known = [
        (match, found)
        for match in re.finditer(r"[^\W\d_]+", example.question)
        if not any(start <= match.start() < end for start, end in named)
        and (kind == "antonym" or fold(match.group()) not in STOP_WORDS)
        and (found := others(match.group().lower()))
    ]
    if not known:
        return None
    match, found = rng.choice(known)
    new = rng.choice(found)
    new = new.capitalize() if match.group()[0].isupper() else new
    return lacking(example, kind, question=_spliced(example.question, *match.span(), new))


def _whole(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")


def _spliced(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]
