"""The documents as HTML: what is being added, what is there and how far it is read, each with its receipt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from assistant.window.escape import attribute, counted, escape, lasted, name, sentence
from index.types import Entry


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way into the library: being read, or ended with something to say (`problem` or `note`)."""

    name: str
    problem: str = ""
    note: str = ""


def documents(entries: Iterable[Entry], uploads: Mapping[str, Upload]) -> str:
    """The rows of the list: uploads first, then the documents, in the order given."""
    rows = [upload(key, each) for key, each in reversed(list(uploads.items()))]
    rows += [document(each) for each in entries]
    return "".join(rows) or '<li class="nothing" data-key="nothing">No documents yet.</li>'


def upload(key: str, file: Upload) -> str:
    """The row of a file that is being added, or of one that could not be."""
    close = (
        f'<button type="button" class="quiet" data-dismiss="{attribute(key)}" '
        f'aria-label="{attribute("Dismiss the message about " + file.name)}">Dismiss</button>'
    )
    if file.problem:
        state = f'<p class="problem" role="alert"><b>Not added.</b> {sentence(file.problem)}</p>{close}'
    elif file.note:
        state = f'<p class="note" role="status">{escape(file.note)}</p>{close}'
    else:
        state = '<span class="state">reading…</span><span class="bar unknown" aria-hidden="true"><i></i></span>'
    kind = "failed" if file.problem else "noted" if file.note else "pending"
    row = f'<li class="document {kind}" data-key="upload-{attribute(key)}">'
    return f"{row}{badge(file.name)}{name(file.name)}{state}</li>"


def document(entry: Entry) -> str:
    """The row of a document: its name, its pages and its state in words; opened, its receipt."""
    key = attribute(entry.source)
    pages = f"{counted(entry.pages, 'page')} · " if entry.pages else ""
    percent = read(entry)
    bar = "" if percent == 100 else f'<span class="bar" aria-hidden="true"><i style="width:{percent}%"></i></span>'
    return (
        f'<li class="document" data-key="document-{key}"><details data-key="receipt">'
        f'<summary title="{key}">{badge(entry.source)}{name(entry.source)}'
        f'<span class="state">{pages}{state(entry)}</span>{bar}</summary>'
        f"{receipt(entry)}{removal(entry)}</details></li>"
    )


def read(entry: Entry) -> int:
    """How much of a document has been read, in percent; 100 only where all of it has."""
    if entry.ready >= entry.passages:
        return 100
    return min(99, entry.ready * 100 // entry.passages)


def state(entry: Entry) -> str:
    """The state in words, as HTML."""
    percent = read(entry)
    if percent < 100:
        return f'<span title="You can already ask about it">reading {percent}%</span>'
    warned = len(entry.receipt.warnings)
    return "ready" + (f" · {counted(warned, 'warning')}" if warned else "")


def badge(source: str) -> str:
    """The kind of file in up to four letters, as a small sign before the name."""
    suffix = PurePosixPath(source).suffix.lstrip(".").upper()[:4]
    return f'<span class="kind" aria-hidden="true">{escape(suffix or "TXT")}</span>'


def receipt(entry: Entry) -> str:
    """What became of the document: counts, what was left out and why, warnings."""
    paper = entry.receipt
    facts = [("Pages", f"{entry.pages:,}")] if entry.pages else []
    facts += [("Characters", f"{entry.characters:,}"), ("Passages", f"{entry.passages:,}")]
    facts += [(f"Left out: {reason}", counted(count, "character")) for reason, count in paper.dropped.items()]
    if paper.seconds:
        facts.append(("Took", lasted(paper.seconds)))
    rows = "".join(f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>" for label, value in facts)
    said = "".join(f'<p class="note" dir="auto">{sentence(warning)}</p>' for warning in paper.warnings)
    if paper.problem:
        said += f'<p class="problem" dir="auto">{sentence(paper.problem)}</p>'
    title = f'<p class="title" dir="auto">{escape(entry.title)}</p>' if entry.title not in ("", entry.source) else ""
    return f'<div class="receipt">{title}<dl>{rows}</dl>{said}</div>'


def removal(entry: Entry) -> str:
    """The way to remove the document, which asks once."""
    key = attribute(entry.source)
    return (
        f'<details class="removal" data-key="removal"><summary aria-label="Remove {key}">Remove…</summary>'
        f'<p>Remove {name(entry.source)}? Its text is deleted from this computer.</p><p class="choice">'
        f'<button type="button" class="danger" data-remove="{key}">Remove it</button>'
        '<button type="button" class="quiet" data-keep>Keep it</button></p></details>'
    )
