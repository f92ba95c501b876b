"""The question sets that the reader learns from, split by whole articles, and the mix of an epoch."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

FILES = {
    "wiki": "squadshifts/new_wiki_v1.0.json",
    "amazon": "squadshifts/amazon_reviews_v1.0.json",
    "reddit": "squadshifts/reddit_v1.0.json",
    "policy": "policyqa/*.json",
}
"""Domains and their files under the folder of the reader's data. SQuAD is not among them, and must not be."""

TRAIN, TUNE, REPORT = "train", "tune", "report"
PARTS = (TUNE, REPORT, *[TRAIN] * 10)
"""What an article is for, by the sha256 of its name modulo 12: a twelfth to tune and calibrate on, a twelfth to report.
Of 35,579 questions that leaves 2,699 and 2,493."""

ANSWERED = "answered"
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A question about a passage; `answers` are the stretches of it that people marked, none where it lacks one.

    `accepted` are the answers in words, kept where the passage lacks them. `kind` is "answered" or the name of the
    derivation in `derive.py` or `mine.py`; `article` names what is held out as a whole.
    """

    question: str
    passage: str
    answers: Spans
    accepted: tuple[str, ...]
    domain: str
    article: str
    kind: str = ANSWERED

    @property
    def target(self) -> tuple[int, int] | None:
        """The stretch that most people marked, the shortest of equals; None where there is no answer."""
        votes = Counter(self.answers)
        return min(votes, key=lambda span: (-votes[span], span[1] - span[0], span)) if votes else None


@dataclass(frozen=True, slots=True)
class Article:
    """What stands beside an example: the different passages of its article, in order."""

    passages: tuple[str, ...]


Derivation = Callable[[Random, Example, Article], Example | None]
"""Makes another example of an answered one; None where it cannot."""


@dataclass(frozen=True, slots=True)
class Mix:
    """How many examples of each kind an answered question yields in an epoch, on average and where one can be made.

    `domains` says which share of a domain's questions an epoch takes. In the domains of `plain` only answered questions
    and passages with the answer cut out are used.
    """

    kinds: Mapping[str, float]
    domains: Mapping[str, float] = field(default_factory=dict)
    plain: Collection[str] = ("policy",)


def part(article: str) -> str:
    """What an article is for: "train", "tune" or "report"."""
    return PARTS[int(hashlib.sha256(article.encode()).hexdigest(), 16) % len(PARTS)]


def read(folder: Path, domains: Iterable[str] = FILES) -> list[Example]:
    """All answered questions of the sets under `folder`, without passages that two parts share.

    Raises `FileNotFoundError` where a set is missing and `ValueError` where an offset does not fit its text.
    """
    examples = [example for domain in domains for example in _domain(folder, domain)]
    parts: dict[str, set[str]] = defaultdict(set)
    for example in examples:
        parts[example.passage].add(part(example.article))
    return [example for example in examples if len(parts[example.passage]) == 1]


def of_part(examples: Sequence[Example], name: str) -> list[Example]:
    """The examples of "train", "tune" or "report"."""
    return [example for example in examples if part(example.article) == name]


def articles(examples: Sequence[Example]) -> dict[str, Article]:
    """The articles by name, with the passages that the examples have."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for example in examples:
        found[example.article][example.passage] = None
    return {name: Article(tuple(passages)) for name, passages in found.items()}


def epoch(examples: Sequence[Example], derivations: Mapping[str, Derivation], mix: Mix, seed: str) -> list[Example]:
    """Answered and derived examples in the proportions of `mix`, shuffled; the same for the same seed."""
    unknown = mix.kinds.keys() - derivations.keys() - {ANSWERED}
    if unknown:
        raise ValueError(f"no such kinds of examples: {sorted(unknown)}; known are {sorted(derivations)}")
    beside = articles(examples)
    chosen: list[Example] = []
    for number, example in enumerate(examples):
        rng = Random(f"{seed} {number}")
        if rng.random() >= mix.domains.get(example.domain, 1.0):
            continue
        for kind, share in mix.kinds.items():
            if rng.random() < share and (kind in (ANSWERED, "cut") or example.domain not in mix.plain):
                made = example if kind == ANSWERED else derivations[kind](rng, example, beside[example.article])
                chosen += [made] if made else []
    Random(seed).shuffle(chosen)
    return chosen


def _domain(folder: Path, domain: str) -> Iterable[Example]:
    files = sorted(folder.glob(FILES[domain]))
    if not files:
        raise FileNotFoundError(f"{folder / FILES[domain]} is missing; the folder shared/data/reader holds it")
    for file in files:
        for article in json.loads(file.read_text(encoding="utf-8"))["data"]:
            for number, paragraph in enumerate(article["paragraphs"]):
                # All of Reddit is one "article" in the file; each of its posts is one here.
                name = f"{domain}/{article['title']}" + (f"/{number}" if domain == "reddit" else "")
                for qa in paragraph["qas"]:
                    yield _example(domain, name, paragraph["context"], qa)


def _example(domain: str, article: str, passage: str, qa: dict[str, object]) -> Example:
    answers = qa["answers"]
    assert isinstance(answers, list)
    spans = []
    for answer in answers:
        start, text = int(answer["answer_start"]), str(answer["text"])
        if passage[start : start + len(text)] != text:
            raise ValueError(f"the answer {text!r} does not stand at {start} in the passage of {qa['question']!r}")
        spans.append(_tight(passage, start, start + len(text)))
    accepted = tuple(dict.fromkeys(passage[start:end] for start, end in spans))
    return Example(" ".join(str(qa["question"]).split()), passage, tuple(spans), accepted, domain, article)


def _tight(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without white space around it."""
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip())
    return start, start + len(inner.strip())
