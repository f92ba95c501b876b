"""Whether an answer was right: what the metrics of confidence are measured against."""

from __future__ import annotations

from assistant.evaluation.normal import best_f1, contains
from assistant.evaluation.overlap import holds
from assistant.evaluation.types import Case, Result

ENOUGH = 0.5


def right(case: Case, result: Result) -> bool | None:
    """Whether what was answered is right; None where the case says too little to tell.

    An answer to an unanswerable question, and none at all, are wrong. With accepted strings: the short answer has an
    F1 of at least .5 with one, or the text contains one. With evidence only: a citation shows a piece of it.
    """
    if result.error or not result.answered or not case.answerable:
        known = not case.answerable or case.answers or case.evidence
        return False if known else None
    if case.answers:
        return best_f1(result.short, case.answers) >= ENOUGH or contains(result.text, case.answers)
    if result.evidence:
        return any(holds(citation, piece) for citation in result.citations for piece in result.evidence)
    return None
