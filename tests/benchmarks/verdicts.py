"""How right the verdicts on claims are: `python -m tests.benchmarks.verdicts [--data FOLDER] [--tune] [--fit]`.

Three sets: the claims of `claims.txt` and `claims_later.txt`, which were labelled before any was judged; errors that
are planted in sentences of public texts (a digit changed, a "not" dropped, a name swapped, two passages mixed), each
beside the same sentence in slightly other words; and SciFact's claims with their human labels, held against the
sentences that people named and against whole abstracts. What is tuned is tuned on the half whose sha256 is even; what
is reported is the other half.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.direction import signs
from assistant.facts import facts
from assistant.verify import CONTRADICTED, LIMITS, NOT_SUPPORTED, PARTLY, SUPPORTED, Likeness, Limits, judge
from index.embed import open_embedder
from index.likeness import Likeness as Vectors
from index.sentences import sentences
from tests.benchmarks.attack import wilson

CLAIMS, LATER = (Path(__file__).with_name(name) for name in ("claims.txt", "claims_later.txt"))
LABELS = (SUPPORTED, PARTLY, NOT_SUPPORTED, CONTRADICTED)
CORPORA = ("wikitexts.md", "finance.md", "pubmed.md", "state_of_the_union.md")
PLANTED = ("digit", "not", "name", "mixed")
EACH = 130
_NUMBER = re.compile(r"(?<![\w.,])\d[\d,.]*\d(?![\w])|(?<![\w.,])\d(?![\w.,])")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}(?=[ ,.])")


@dataclass(frozen=True, slots=True)
class Case:
    """A claim, what it cites, and its label; `kind` is the kind of error, or empty."""

    claim: str
    sources: tuple[str, ...]
    label: str
    kind: str = ""

    @property
    def reported(self) -> bool:
        """Whether it is of the half that nothing is tuned on."""
        return int(hashlib.sha256(self.claim.encode()).hexdigest(), 16) % 2 == 1


def own(file: Path = CLAIMS) -> list[Case]:
    """The claims of `claims.txt`, or of `claims_later.txt`."""
    cases, passage = [], ""
    for line in file.read_text(encoding="utf-8").splitlines():
        label, colon, text = line.partition(": ")
        if label == "passage":
            passage = text
        elif colon and label in LABELS:
            cases.append(Case(text, (passage,), label))
    return cases


def scifact(folder: Path, whole: bool = False) -> list[Case]:
    """SciFact's claims with the sentences that support or contradict each, or the `whole` abstracts of these."""
    texts = {}
    for line in (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        texts[row["_id"]] = row["text"]
    cases = []
    for line in (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for identity, evidence in row["metadata"].items():
            if identity in texts and evidence:
                label = SUPPORTED if evidence[0]["label"] == "SUPPORT" else CONTRADICTED
                named = sorted({number for each in evidence for number in each["sentences"]})
                spans = sentences(texts[identity])
                found = tuple(texts[identity][slice(*spans[number])] for number in named if number < len(spans))
                cases.append(Case(row["text"], (texts[identity],) if whole or not found else found, label))
    return cases


def planted(folder: Path) -> list[Case]:
    """Sentences of public texts with an error, each with its three neighbours as its source, and without one."""
    chance = random.Random(7)
    texts = [(folder / name).read_text(encoding="utf-8") for name in CORPORA]
    windows = [window for text in texts for window in _windows(text)]
    chance.shuffle(windows)
    # Few sentences deny anything: for these all are looked at, and not every fourth.
    denying = [window for text in texts for first in (1, 2, 3, 4) for window in _windows(text, first)]
    random.Random(7).shuffle(denying)
    cases: list[Case] = []
    for kind in PLANTED:
        made, some = 0, denying if kind == "not" else windows
        for (source, sentence), (other, _) in zip(some, some[1:], strict=False):
            same = _light(sentence)
            wrong = _altered(kind, same, source, other, chance)
            if wrong and wrong != same:
                sources = (source, other) if kind == "mixed" else (source,)
                cases += [Case(wrong, sources, CONTRADICTED, kind), Case(same, sources, SUPPORTED, kind)]
                made += 1
            if made == EACH:
                break
    return cases


def _windows(text: str, first: int = 1) -> Iterator[tuple[str, str]]:
    """Stretches of four sentences, and the second of them, where that one is plain prose; each fourth from `first`."""
    text = text[:400_000]
    spans = sentences(text)
    for at in range(first - 1, len(spans) - 4, 4):
        start, end = spans[at + 1]
        sentence = " ".join(text[start:end].split())
        if 40 < len(sentence) < 250 and sentence.endswith(".") and sentence[0].isupper() and "|" not in sentence:
            yield " ".join(text[spans[at][0] : spans[at + 3][1]].split()), sentence


def _light(sentence: str) -> str:
    """The sentence in slightly other words, which say the same: no claim is a copy of its source."""
    shorter = re.sub(r"\s?\([^()]*\)", "", sentence)
    shorter = re.sub(
        r"^(?:However|Moreover|In addition|Therefore|Thus|Finally|Furthermore|And|But),? (\w)", _upper, shorter
    )
    for said, other in (("%", " percent"), (" is not ", " isn't "), (" because ", " since "), (" but ", " while ")):
        shorter = shorter.replace(said, other, 1)
    return f"It says that {sentence[0].lower()}{sentence[1:]}" if shorter == sentence else shorter


def _upper(found: re.Match[str]) -> str:
    return found[1].upper()


def _altered(kind: str, sentence: str, source: str, other: str, chance: random.Random) -> str | None:
    """The sentence with an error of that kind, or None where it has no room for one."""
    if kind == "not":
        return re.sub(r"\b(?:not |n't\b)", "", sentence, count=1) if re.search(r"\bnot |n't\b", sentence) else None
    numbers, names = _NUMBER.findall(sentence), _NAME.findall(sentence)
    if kind == "digit" and numbers:
        number = chance.choice(numbers)
        at = chance.choice([place for place, letter in enumerate(number) if letter.isdigit()])
        digit = str((int(number[at]) + chance.randrange(1, 9)) % 10)
        return sentence.replace(number, number[:at] + digit + number[at + 1 :], 1)
    if kind == "name" and names:
        rivals = [name for name in _NAME.findall(source) + _NAME.findall(other) if name not in sentence]
        return sentence.replace(chance.choice(names), rivals[0], 1) if rivals else None
    if kind == "mixed":
        for mine, theirs in ((numbers, _NUMBER.findall(other)), (names, _NAME.findall(other))):
            rivals = [each for each in theirs if each not in sentence]
            if mine and rivals:
                return sentence.replace(mine[0], rivals[0], 1)
    return None


def balanced(pairs: Sequence[tuple[str, str]]) -> float:
    """The mean over the labels of the share of theirs that was judged right; `pairs` are (label, verdict)."""
    labels = sorted({label for label, _ in pairs})
    shares = [np.mean([label == verdict for label, verdict in pairs if label == each]) for each in labels]
    return float(np.mean(shares))


def interval(pairs: Sequence[tuple[str, str]]) -> tuple[float, float]:
    """The 95% bootstrap interval of the balanced accuracy."""
    chance = np.random.default_rng(7)
    drawn = [balanced([pairs[at] for at in chance.integers(0, len(pairs), len(pairs))]) for _ in range(500)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def judged(cases: Sequence[Case], likeness: Likeness | None, limits: Limits = LIMITS) -> list[tuple[Case, str]]:
    """Each case with its verdict."""
    return [(case, judge(case.claim, case.sources, likeness, limits).verdict) for case in cases]


def _line(name: str, results: Sequence[tuple[Case, str]], of: Callable[[str], str]) -> str:
    pairs = [(case.label, of(verdict)) for case, verdict in results]
    low, high = interval(pairs)
    return f"{name:<58} {balanced(pairs):6.1%} ({low:.1%} to {high:.1%}), {len(pairs)} claims\n"


def _two(verdict: str) -> str:
    return CONTRADICTED if verdict == CONTRADICTED else SUPPORTED


def _rate(name: str, hits: Sequence[bool]) -> str:
    low, high = wilson(sum(hits), len(hits))
    return f"{name:<58} {np.mean(hits):6.1%} ({low:.1%} to {high:.1%}), {len(hits)} claims\n"


def report(sets: dict[str, list[Case]], likeness: Likeness | None) -> Iterator[str]:
    """The lines of the report, as they come; of the reporting halves."""
    reported = {name: [each for each in cases if each.reported] for name, cases in sets.items()}
    for name, told in (("own", "own claims, four verdicts"), ("later", "later claims, four verdicts")):
        mine = judged(reported[name], likeness)
        yield _line(told, mine, str)
        yield _rate("  false or unsupported ones flagged", [v != SUPPORTED for c, v in mine if c.label != SUPPORTED])
        yield _rate("  true ones flagged (false alarms)", [v != SUPPORTED for c, v in mine if c.label == SUPPORTED])
        yield _rate("  false ones called contradicted", [v == c.label for c, v in mine if c.label == CONTRADICTED])
        yield _rate("  others called contradicted", [v == CONTRADICTED for c, v in mine if c.label != CONTRADICTED])
    errors = judged(reported.get("planted", []), likeness)
    for kind in PLANTED if errors else ():
        yield _rate(
            f"planted, {kind}: caught", [v != SUPPORTED for c, v in errors if c.kind == kind and c.label != SUPPORTED]
        )
    if errors:
        yield _rate("planted, all: caught", [v != SUPPORTED for c, v in errors if c.label == CONTRADICTED])
        yield _rate(
            "the same sentences without an error flagged (false alarms)",
            [v != SUPPORTED for c, v in errors if c.label == SUPPORTED],
        )
    for name, told in (("scifact", "the sentences that people named"), ("abstracts", "whole abstracts")):
        # Likeness in meaning never makes a contradiction, which is all that is asked here.
        human = judged(reported.get(name, []), None)
        if human:
            yield _line(f"SciFact, contradicted or not, {told}", human, _two)
            hits = [[v == CONTRADICTED for c, v in human if c.label == label] for label in (CONTRADICTED, SUPPORTED)]
            yield _rate("  contradicted ones called so", hits[0])
            yield _rate("  supported ones called contradicted", hits[1])


def _remembered(likeness: Likeness) -> Likeness:
    """The same, each pair of a query and its texts computed once."""
    known: dict[tuple[str, ...], list[float]] = {}

    def similar(query: str, texts: Sequence[str]) -> list[float]:
        key = (query, *texts)
        if key not in known:
            known[key] = likeness(query, texts)
        return known[key]

    return similar


def tuned(sets: dict[str, list[Case]], likeness: Likeness | None) -> Iterator[str]:
    """For a grid of limits, on the tuning halves, best last: the balanced accuracy on our own claims, and that of
    catching planted errors without false alarms."""
    mine = [case for case in (*sets["own"], *sets["later"]) if not case.reported]
    errors = [case for case in sets.get("planted", []) if not case.reported]
    rows = []
    for values in itertools.product((0.5,), (0.55, 0.65, 0.75), (0.5, 0.55, 0.62, 0.7), (0.65, 0.75)):
        limits = Limits(*values)
        own_score = balanced([(c.label, v) for c, v in judged(mine, likeness, limits)])
        caught = [(c.label, CONTRADICTED if v != SUPPORTED else v) for c, v in judged(errors, likeness, limits)]
        error_score = balanced(caught) if errors else 0.0
        rows.append((own_score + error_score, own_score, error_score, values))
    for _, own_score, error_score, values in sorted(rows)[-12:]:
        yield f"{own_score:.1%} {error_score:.1%} {values}\n"


def fitted(cases: Sequence[Case]) -> Iterator[str]:
    """The weights of `assistant.direction` from the tuning half of SciFact."""
    from sklearn.linear_model import LogisticRegression

    mine = [case for case in cases if not case.reported]
    model = LogisticRegression(class_weight="balanced")
    model.fit([signs(case.claim, case.sources) for case in mine], [case.label == CONTRADICTED for case in mine])
    yield f"{model.intercept_[0]:.2f} {' '.join(f'{weight:.2f}' for weight in model.coef_[0])}\n"


def main() -> int:
    """Prints the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sets", default="own,planted,scifact")
    parser.add_argument("--tune", action="store_true")
    parser.add_argument("--fit", action="store_true", help="print the weights of what points the other way")
    parser.add_argument("--wrong", action="store_true", help="list what was judged wrong, of the tuning half only")
    parser.add_argument("--words", action="store_true", help="without sentence vectors")
    given = parser.parse_args()
    sets = {"own": own(), "later": own(LATER)}
    if "planted" in given.sets and (given.data / "chunking").exists():
        sets["planted"] = planted(given.data / "chunking")
    if "scifact" in given.sets and (given.data / "scifact").exists():
        sets["scifact"] = scifact(given.data / "scifact")
        sets["abstracts"] = scifact(given.data / "scifact", whole=True)
    likeness = None if given.words else _remembered(Vectors(open_embedder()).similar)
    lines = fitted(sets["scifact"]) if given.fit else (tuned if given.tune else report)(sets, likeness)
    for line in lines:
        sys.stdout.write(line)
        sys.stdout.flush()
    for name, cases in sets.items() if given.wrong else ():
        for case, verdict in judged([each for each in cases if not each.reported], likeness):
            if (
                verdict != case.label
                if name in ("own", "later")
                else (verdict == SUPPORTED) != (case.label == SUPPORTED)
            ):
                sys.stdout.write(f"{name} {case.kind} {case.label} -> {verdict}: {case.claim}\n  {facts(case.claim)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
