"""The control above the question as HTML: where is asked, in words, and opened, what there is to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.window.choice import Choice, Offers
from assistant.window.escape import attribute, counted, escape, handle, sentence
from assistant.window.scoped import in_words
from index.types import Scope, Searched

LABELS = {"folders": "Folders", "types": "File types", "tags": "Tags"}
DATES = ("since", "until")
EXAMPLES = {"since": "2024 or 2024-05-31", "until": "2024 or 2024-05-31", "pages": "3-7, 12"}


def filters(choice: Choice, there: Offers, scope: Scope | None, found: Searched, every: int) -> str:
    """The control for a choice; `found` is what its scope holds, of `every` document there is.

    `scope` is None where nothing is chosen, or what was typed makes no sense. Nothing where there is no choice to make.
    """
    problems = choice.problems()
    if not there.some and scope is None and not problems:
        return ""
    clear = '<button type="button" class="quiet clear" data-everywhere>Clear</button>' if scope or problems else ""
    line = f'<summary title="Choose where to ask">{summary(scope, problems, found, every)}</summary>'
    return (
        f'<div class="scoping{" set" if clear else ""}" data-key="scoping"><details data-key="filters">{line}'
        f"<form>{fields(choice, there, problems)}</form></details>{clear}</div>"
    )


def summary(scope: Scope | None, problems: Mapping[str, str], found: Searched, every: int) -> str:
    """What is in force, in one line."""
    if problems:
        return "<span aria-live='polite'>Asking waits: something here is not understood</span>"
    if scope is None:
        return "<span aria-live='polite'>Asking in all documents</span>"
    of = f"{found.documents:,} of {counted(every, 'document')}" if found.total else "nothing matches"
    return f'<span aria-live="polite">Asking in <b dir="auto">{escape(in_words(scope))}</b> · {of}</span>'


def fields(choice: Choice, there: Offers, problems: Mapping[str, str]) -> str:
    """The fields that these documents have a use for."""
    groups = [ticks(field, getattr(there, field), getattr(choice, field)) for field in LABELS]
    if there.dated or choice.since or choice.until:
        span = f"your documents are of {_span(there.dated)}" if there.dated else "no document has a date"
        typed = "".join(text(field, field.capitalize(), getattr(choice, field), problems) for field in DATES)
        label = f'Date <span class="aside">{escape(span)}</span>'
        groups.append(group("dates", label, typed + "".join(told(field, problems) for field in DATES)))
    if there.paged or choice.pages:
        groups.append(group("pages", "Pages", text("pages", "", choice.pages, problems) + told("pages", problems)))
    return "".join(groups)


def group(key: str, label: str, inside: str) -> str:
    """Fields that belong together, under a label."""
    return f'<fieldset data-key="{key}"><legend>{label}</legend><div class="picks">{inside}</div></fieldset>'


def ticks(field: str, names: Sequence[str], chosen: Sequence[str]) -> str:
    """A tick for each of the names; nothing where there is only one, or none, to choose from."""
    if not chosen and (not names or (len(names) == 1 and field == "types")):
        return ""
    return group(field, LABELS[field], "".join(tick(field, each, each in chosen) for each in names))


def tick(field: str, name: str, ticked: bool) -> str:
    """One name that can be chosen."""
    said = {"folders": f"{name}/", "types": name.upper()}.get(field, name)
    return (
        f'<label class="pick" data-key="{handle(name)}"><input type="checkbox" name="{field}" value="{handle(name)}"'
        f"{' checked' if ticked else ''}><bdi>{escape(said)}</bdi></label>"
    )


def text(field: str, label: str, value: str, problems: Mapping[str, str]) -> str:
    """A field to type into."""
    wrong = f' aria-invalid="true" aria-describedby="{field}-problem"' if field in problems else ""
    name = "" if label else f' aria-label="{field.capitalize()}"'
    return (
        f'<label class="typed" data-key="{field}">{label}<input type="text" name="{field}" value="{attribute(value)}" '
        f'maxlength="200" autocomplete="off" spellcheck="false" placeholder="{EXAMPLES[field]}"{name}{wrong}></label>'
    )


def told(field: str, problems: Mapping[str, str]) -> str:
    """Why what was typed into a field makes no sense, if it does not."""
    if field not in problems:
        return ""
    return f'<p class="problem" id="{field}-problem" role="alert">{sentence(problems[field])}</p>'


def _span(dated: Sequence[str]) -> str:
    first, last = dated
    return first if first == last else f"{first} to {last}"
