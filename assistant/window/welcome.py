"""What the window says before anything was asked."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.sample import SAMPLE
from assistant.window.escape import attribute, escape
from index.types import Entry

EXAMPLES = (
    "How many people have been killed?",
    "Why did the United Kingdom stop sharing intelligence?",
    "Who offered his resignation?",
)


def welcome(entries: Sequence[Entry]) -> str:
    """One sentence on what this is, and what to do next: drop a file, or try a question on the sample."""
    head = (
        "<h2>Ask your documents</h2><p>Answers come from your own files, and each number in them opens the document "
        "at the exact words.</p>"
    )
    choose = '<p><button type="button" class="main" data-choose>Choose files</button></p>'
    if not entries:
        return f"{head}{choose}<p class='aside'>or drop them anywhere in this window</p>"
    if any(entry.source == SAMPLE.name for entry in entries):
        chips = "".join(
            f'<li><button type="button" class="example" data-ask="{attribute(each)}">{escape(each)}</button></li>'
            for each in EXAMPLES
        )
        return f'{head}<p class="aside">Try the sample, a short news briefing:</p><ul class="examples">{chips}</ul>'
    return head
