"""The documents as HTML: what is being added, what is there and how far it is read, each with its receipt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from assistant.window.arriving import Upload, upload
from assistant.window.escape import attribute, badge, counted, escape, handle, name
from assistant.window.receipt import incomplete, receipt
from assistant.window.suggesting import NO_QUESTIONS, Questions, chips
from index.types import Entry

INCOMPLETE = "Something of this file is missing; its receipt says what"

DAMAGED = "The disk has changed what was kept of this file; its receipt says what to do"


def documents(
    entries: Iterable[Entry],
    uploads: Mapping[str, Upload],
    line: str = "",
    paused: bool = False,
    questions: Questions = NO_QUESTIONS,
    fresh: str = "",
) -> str:
    """The rows of the list: a line on how far all is, then the uploads, then the documents, in the order given.

    `questions` are those that a document answers, by its hash; `fresh` is that of one whose questions are seen at once.
    """
    rows = [line, *(upload(key, each) for key, each in reversed(list(uploads.items())))]
    rows += [document(each, paused, questions.get(each.sha256, ()), each.sha256 == fresh) for each in entries]
    return "".join(rows) or '<li class="nothing" data-key="nothing">No documents yet.</li>'


def document(entry: Entry, paused: bool = False, questions: Sequence[str] = (), fresh: bool = False) -> str:
    """The row of a document: its name, its pages and its state in words; opened, its receipt."""
    key = attribute(entry.source)
    pages = f"{counted(entry.pages, 'page')} · " if entry.pages else ""
    percent = read(entry)
    bar = "" if percent == 100 else f'<span class="bar" aria-hidden="true"><i style="width:{percent}%"></i></span>'
    return (
        f'<li class="document there" data-key="document-{key}"><input type="checkbox" class="within" checked '
        f'value="{handle(entry.source)}" aria-label="Ask in {key}" title="Ask in this document">'
        f'<details data-key="receipt">'
        f'<summary title="{key}">{badge(entry.source)}{name(entry.source)}'
        f'<span class="state">{pages}{state(entry, paused)}{tags(entry)}</span>{bar}</summary>'
        f"{asks(questions)}{receipt(entry)}{tagging(entry)}{removal(entry)}</details>"
        f"{asks(questions, 'asks fresh') if fresh else ''}</li>"
    )


def asks(questions: Sequence[str], kind: str = "asks") -> str:
    """Questions that the document answers; empty where there are none."""
    if not questions:
        return ""
    return f'<div class="{kind}"><p>It answers:</p><ul class="chips">{chips(questions)}</ul></div>'


def read(entry: Entry) -> int:
    """How much of a document has been read, in percent; 100 only where all of it has."""
    if entry.ready >= entry.passages:
        return 100
    return min(99, entry.ready * 100 // entry.passages)


def state(entry: Entry, paused: bool = False) -> str:
    """The state in words, as HTML: how far it is read, and a mark where something of it is missing."""
    percent = read(entry)
    doing = "paused at" if paused else "reading"
    if entry.receipt.state == "damaged":
        return f'<span class="incomplete" title="{DAMAGED}"><i aria-hidden="true">!</i>damaged</span>'
    said = "ready" if percent == 100 else f'<span title="You can already ask about it">{doing} {percent}%</span>'
    if incomplete(entry.receipt):
        return f'{said} · <span class="incomplete" title="{INCOMPLETE}"><i aria-hidden="true">!</i>incomplete</span>'
    noted = len(entry.receipt.warnings)
    return said + (f" · {counted(noted, 'note')}" if noted else "")


def tags(entry: Entry) -> str:
    """What a document was tagged with, in one line."""
    return f' · <span class="tags" dir="auto">{escape(", ".join(entry.tags))}</span>' if entry.tags else ""


def tagging(entry: Entry) -> str:
    """The way to change a document's tags."""
    there = attribute(", ".join(entry.tags))
    return (
        f'<form class="tagging" data-tag="{handle(entry.source)}"><label>Tags<input type="text" name="tags" '
        f'value="{there}" maxlength="400" autocomplete="off" dir="auto" placeholder="such as policy, 2024"></label>'
        '<button type="submit" class="quiet">Save</button></form>'
    )


def removal(entry: Entry) -> str:
    """The way to remove the document, which asks once."""
    key = attribute(entry.source)
    kept = f"Its text stays, as {name(entry.also[0])}." if entry.also else "Its text is deleted from this computer."
    return (
        f'<details class="removal" data-key="removal"><summary aria-label="Remove {key}">Remove…</summary>'
        f'<p>Remove {name(entry.source)}? {kept}</p><p class="choice">'
        f'<button type="button" class="danger" data-remove="{key}">Remove it</button>'
        '<button type="button" class="quiet" data-keep>Keep it</button></p></details>'
    )
