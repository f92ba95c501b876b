"""What became of a document, as HTML: its counts, an account of its characters, and what a person should know."""

from __future__ import annotations

from assistant.account import unexplained
from assistant.spoken import spoken
from assistant.window.escape import counted, escape, name, sentence
from index.types import Entry, Receipt

COUNTED = "White space is not counted."


def receipt(entry: Entry) -> str:
    """What became of a document; what is missing comes first."""
    paper = entry.receipt
    title = f'<p class="title" dir="auto">{escape(entry.title)}</p>' if entry.title not in ("", entry.source) else ""
    return f'<div class="receipt">{title}{missing(paper)}{facts(entry)}{account(paper)}{notes(entry)}</div>'


def incomplete(paper: Receipt) -> bool:
    """Whether something of the file is not there, said or unsaid."""
    return bool(paper.missing or paper.unexplained)


def missing(paper: Receipt) -> str:
    """What could not be read, and what went missing without a reason."""
    said = [sentence(each) for each in paper.missing]
    if paper.problem and paper.problem not in paper.missing:
        said.append(sentence(paper.problem))
    said += [sentence(each) for each in unexplained(paper)]
    return "".join(f'<p class="problem" dir="auto">{each}</p>' for each in said)


def facts(entry: Entry) -> str:
    """The counts that anybody asks for."""
    rows = [("Pages", f"{entry.pages:,}")] if entry.pages else []
    rows += [("Characters", f"{entry.characters:,}"), ("Passages", f"{entry.passages:,}")]
    if entry.receipt.seconds:
        rows.append(("Took", spoken(entry.receipt.seconds) if entry.receipt.seconds >= 0.05 else "under 0.1 s"))
    return _list(rows)


def account(paper: Receipt) -> str:
    """Where each character that was found went, and why those were left out that were."""
    rows = [(reason, f"{count:,}") for reason, count in sorted(paper.dropped.items(), key=lambda each: -each[1])]
    reasons = f'<p class="reasons">Left out:</p>{_list(rows)}' if rows else ""
    return f'<p class="account" title="{COUNTED}">{escape(equation(paper))}</p>{reasons}'


def equation(paper: Receipt) -> str:
    """The account in one line, such as "12,345 characters found = 12,001 in passages + 344 left out"."""
    left = sum(paper.dropped.values())
    if paper.seen is None:
        return f"{counted(paper.kept, 'character')} in passages" + (f" + {left:,} left out" if left else "")
    found = f"{counted(paper.seen, 'character')} found"
    put = f" + {paper.written:,} put in (separators, numbers, titles)" if paper.written else ""
    if not left and not put and not paper.unexplained:
        return f"{found}, all of them in passages"
    sign = "≠" if paper.unexplained else "="
    return f"{found}{put} {sign} {paper.kept:,} in passages" + (f" + {left:,} left out" if left else "")


def notes(entry: Entry) -> str:
    """What is worth knowing, and under which other names the same content is there."""
    paper = entry.receipt
    said = [sentence(each) for each in paper.warnings if each not in paper.missing]
    if paper.same_as:
        said.insert(0, f"Same content as {name(paper.same_as)}; stored once.")
    others = [name(each) for each in entry.also if each != paper.same_as]
    if others:
        said.insert(0, f"Also here as {', '.join(others)}.")
    return "".join(f'<p class="note" dir="auto">{each}</p>' for each in said)


def _list(rows: list[tuple[str, str]]) -> str:
    inside = "".join(f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>" for label, value in rows)
    return f"<dl>{inside}</dl>"
