"""The errors that the evaluation raises; each message is one sentence, or a sentence and a list, for a person.

EvaluationError
 ├─ BadQuestionSet      a question set that cannot be read, or that has faults
 ├─ BadPredictions      another system's answers that cannot be read
 ├─ MissingDocuments    evidence names documents that are not there
 ├─ BadMetric           a metric's name with a wrong "@k", or a condition that is no condition
 └─ RunMismatch         a run folder that belongs to another run
"""

from __future__ import annotations


class EvaluationError(Exception):
    """Anything that keeps an evaluation from running; `str()` is a sentence for a person."""


class BadQuestionSet(EvaluationError):
    """The question set cannot be read as one."""


class BadPredictions(EvaluationError):
    """The file of answers cannot be read as one."""


class MissingDocuments(EvaluationError):
    """The questions rest on documents that are not in the library."""


class BadMetric(EvaluationError):
    """A metric or a condition on one is written in a way that means nothing."""


class RunMismatch(EvaluationError):
    """The folder holds a run of another version, of other questions or with other settings."""
