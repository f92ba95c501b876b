"""Sources for statements that name none: the sentence of the documents that says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.types import Library, Span, Statement
from assistant.verify import PARTLY, SUPPORTED, judge
from index.words import stems

TRIED = 3
"""Sentences that are looked at for each statement, nearest first."""


def aligned(
    statements: Sequence[Statement], said: Mapping[str, str], spans: Mapping[str, Span], library: Library
) -> tuple[Statement, ...]:
    """The statements, each that rests on nothing with the sentence that says so, marked as matched, where there is one.

    `said` are the sentences by their numbers, `spans` where they stand. A sentence counts where `judge` finds that it
    says what the statement says, wholly or in part, in words that both share: likeness alone is not enough.
    """
    return tuple(
        statement if statement.spans else _matched(statement, said, spans, library) for statement in statements
    )


def _matched(statement: Statement, said: Mapping[str, str], spans: Mapping[str, Span], library: Library) -> Statement:
    wanted = set(stems(statement.text))
    if not wanted:
        return statement
    likeness = dict(zip(said, library.similar(statement.text, list(said.values())), strict=True))
    near = sorted(said, key=lambda number: likeness[number] + _share(wanted, said[number]), reverse=True)[:TRIED]
    for verdict in (SUPPORTED, PARTLY):
        for number in near:
            if judge(statement.text, [said[number]]).verdict == verdict:
                return replace(statement, spans=(spans[number],), matched=True)
    return statement


def _share(wanted: set[str], text: str) -> float:
    return len(wanted & set(stems(text))) / len(wanted)
