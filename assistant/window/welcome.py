"""What the window says before anything was asked."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.sample import SAMPLE
from assistant.window.escape import name
from assistant.window.suggesting import NO_QUESTIONS, Questions, chips
from index.types import Entry

EXAMPLES = (
    "How many people have been killed?",
    "Why did the United Kingdom stop sharing intelligence?",
    "Who offered his resignation?",
)


def welcome(entries: Sequence[Entry], questions: Questions = NO_QUESTIONS) -> str:
    """One sentence on what this is, and what to do next: drop a file, or try a question.

    `questions` are those that the documents answer, by their hashes; those of the newest are shown, or the sample's.
    """
    head = (
        "<h2>Ask your documents</h2><p>Answers come from your own files, and each number in them opens the document "
        "at the exact words.</p>"
    )
    choose = '<p><button type="button" class="main" data-choose>Choose files</button></p>'
    if not entries:
        return f"{head}{choose}<p class='aside'>or drop them anywhere in this window</p>"
    for entry in entries:
        if entry.source == SAMPLE.name:
            return _tried("Try the sample, a short news briefing:", EXAMPLES, head)
        if questions.get(entry.sha256):
            return _tried(f"Try what {name(entry.source)} answers:", questions[entry.sha256], head)
    return head


def _tried(said: str, questions: Sequence[str], head: str) -> str:
    return f'{head}<p class="aside">{said}</p><ul class="examples">{chips(questions)}</ul>'
