"""SQuAD 1.1 and 2.0 as published; each paragraph is a document called "<title>/<number of the paragraph>".

Source: Rajpurkar et al. 2016 and 2018, https://rajpurkar.github.io/SQuAD-explorer. Where annotators chose different
spans, all their strings are accepted, and the span that most of them chose is the evidence (the first, at a tie).
"""

from __future__ import annotations

import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.evaluation.errors import BadQuestionSet
from assistant.evaluation.lines import digest, text_of, told
from assistant.evaluation.types import Case, Evidence, QuestionSet, Text


def recognises(path: Path, head: str) -> bool:
    """Whether the name says JSON; what is inside is told when it is read."""
    return path.suffix.lower() == ".json"


def read(path: Path) -> QuestionSet:
    """The set and its paragraphs; the kind of a question is "answerable" or "unanswerable" where a set has both."""
    texts: list[Text] = []
    cases: list[Case] = []
    faults: list[str] = []
    for title, number, paragraph in _paragraphs(path):
        source = f"{title}/{number}"
        context = paragraph.get("context")
        if not isinstance(context, str):
            faults.append(f"paragraph {source} has no 'context'")
            continue
        texts.append(Text(source, title.replace("_", " "), context))
        for asked in paragraph.get("qas", []):
            try:
                cases.append(_case(asked, source, context))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                faults.append(f"a question on {source} cannot be read: {error}")
    if faults:
        raise BadQuestionSet(told(path.name, faults))
    return QuestionSet(path.stem, tuple(cases), tuple(texts), sha256=digest(path))


def _paragraphs(path: Path) -> list[tuple[str, int, dict[str, Any]]]:
    try:
        content = json.loads(text_of(path))
        numbers: dict[str, Iterator[int]] = defaultdict(lambda: itertools.count(1))
        return [
            (article["title"], next(numbers[article["title"]]), paragraph)
            for article in content["data"]
            for paragraph in article["paragraphs"]
        ]
    except json.JSONDecodeError as error:
        raise BadQuestionSet(f"{path.name} line {error.lineno} is not JSON: {error.msg.lower()}") from error
    except (KeyError, TypeError, AttributeError):
        raise BadQuestionSet(
            f"{path.name} is not SQuAD: it should hold data → paragraphs → context and qas; "
            "for a list of questions of your own, write one JSON object a line and call it .jsonl"
        ) from None


def _case(asked: dict[str, Any], source: str, context: str) -> Case:
    answerable = not asked.get("is_impossible", False)
    given = [(str(answer["text"]), int(answer["answer_start"])) for answer in asked["answers"]] if answerable else []
    for text, start in given:
        if context[start : start + len(text)] != text:
            raise ValueError(f"the answer {text!r} does not stand at {start}")
    evidence: tuple[Evidence, ...] = ()
    if given:
        (quote, start), _ = Counter(given).most_common(1)[0]
        evidence = (Evidence(source, quote, start, start + len(quote)),)
    kind = ("answerable" if answerable else "unanswerable") if "is_impossible" in asked else ""
    answers = tuple(dict.fromkeys(text for text, _ in given))
    return Case(str(asked["id"]), str(asked["question"]).strip(), answers, evidence, answerable, kind)
