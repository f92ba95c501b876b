"""Files on their way into the library, as rows of the list: how far each is, what it asks, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from assistant.window.escape import attribute, badge, counted, escape, name, sentence
from index.types import Entry

WAITING, READING, CANCELLING = "waiting…", "reading…", "cancelling…"
CANCELLED = "Cancelled; nothing of it was added."


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way into the library, or one that has something left to say.

    `problem` says why it is not in, `note` what is worth knowing, and `taken` is the other document of its name, about
    which it asks. Where there is none of them it is on its way, and `stage` says how far.
    """

    name: str
    problem: str = ""
    note: str = ""
    taken: Entry | None = None
    stage: str = READING

    @property
    def pending(self) -> bool:
        """Whether it is still on its way."""
        return not self.problem and not self.note and self.taken is None


def upload(key: str, file: Upload) -> str:
    """The row of a file that is being added, asks something, or could not be added."""
    if file.problem:
        kind, body = "failed", f'<p class="problem" role="alert"><b>Not added.</b> {sentence(file.problem)}</p>'
        body += close(key, file)
    elif file.note:
        kind, body = "noted", f'<p class="note" role="status">{escape(file.note)}</p>{close(key, file)}'
    elif file.taken is not None:
        kind, body = "asking", question(key, file.taken)
    else:
        kind, body = "pending", on_its_way(key, file)
    row = f'<li class="document {kind}" data-key="upload-{attribute(key)}">'
    return f"{row}{badge(file.name)}{name(file.name)}{body}</li>"


def close(key: str, file: Upload) -> str:
    """The button that takes a message away."""
    label = attribute("Dismiss the message about " + file.name)
    return f'<button type="button" class="quiet" data-dismiss="{attribute(key)}" aria-label="{label}">Dismiss</button>'


def on_its_way(key: str, file: Upload) -> str:
    """How far a file is, and the way to stop it."""
    stop = (
        f'<button type="button" class="quiet cancel" data-cancel="{attribute(key)}" '
        f'aria-label="{attribute("Cancel adding " + file.name)}">Cancel</button>'
    )
    state = f'<span class="state">{escape(file.stage)}</span>'
    bar = f'<span class="bar{"" if file.stage == WAITING else " unknown"}" aria-hidden="true"><i></i></span>'
    return state + ("" if file.stage == CANCELLING else stop) + bar


def question(key: str, taken: Entry) -> str:
    """Whether another document of the same name is to be replaced or kept as well."""
    known = [counted(taken.pages, "page")] if taken.pages else []
    known.append(f"added {day(taken.added)}")
    to = f'data-upload="{attribute(key)}"'
    return (
        f'<p class="question" role="status">There is already a {name(taken.source)} ({", ".join(known)}).</p>'
        f'<p class="choice"><button type="button" class="plain" {to} data-choice="replace">Replace it</button>'
        f'<button type="button" class="plain" {to} data-choice="both">Keep both</button></p>'
        f'<button type="button" class="quiet" data-dismiss="{attribute(key)}">Cancel</button>'
    )


def day(moment: str, today: date | None = None) -> str:
    """The day of a moment in ISO 8601, as it is where the program runs: "today", "23 November 2026"."""
    try:
        when = datetime.fromisoformat(moment).astimezone().date()
    except ValueError:
        return "earlier"
    return "today" if when == (today or date.today()) else f"{when.day} {when:%B %Y}"
