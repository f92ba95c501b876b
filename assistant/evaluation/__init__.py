"""Measures the assistant from outside: question sets in, numbers and a report out.

from assistant.evaluation import Plan, compare, evaluate, load_cases

print(evaluate(load_cases("questions.jsonl"), Plan(documents=Path("manuals"))))
print(compare("runs/before", "runs/after"))
"""

from assistant.evaluation.cases import load_cases, save_case
from assistant.evaluation.compare import compare
from assistant.evaluation.comparison import Comparison
from assistant.evaluation.errors import EvaluationError
from assistant.evaluation.evaluate import Plan, check, evaluate
from assistant.evaluation.report import Report
from assistant.evaluation.types import Case, Evidence, QuestionSet

__all__ = [
    "Case",
    "Comparison",
    "EvaluationError",
    "Evidence",
    "Plan",
    "QuestionSet",
    "Report",
    "check",
    "compare",
    "evaluate",
    "load_cases",
    "save_case",
]
