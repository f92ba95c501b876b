"""What we say to a chat model: one Markdown file a message, with $placeholders."""

from __future__ import annotations

from importlib.resources import files
from string import Template


class PromptError(ValueError):
    """A prompt that is not there, or whose placeholders and values do not match."""


def names() -> list[str]:
    """The names of all prompts, sorted."""
    return sorted(file.name.removesuffix(".md") for file in files(__name__).iterdir() if file.name.endswith(".md"))


def render(name: str, **values: object) -> str:
    """The prompt `name` with its placeholders filled in; what stands in the values is never filled in again.

    The comment at its top (`<!-- … -->`), which says what the prompt is for, is left out. Raises `PromptError` for an
    unknown name, a placeholder without a value, or a value without a placeholder.
    """
    if name not in names():
        raise PromptError(f"there is no prompt {name!r}; there are {', '.join(names())}")
    template = Template(_body((files(__name__) / f"{name}.md").read_text(encoding="utf-8")))
    if not template.is_valid():
        raise PromptError(f"the prompt {name!r} has a lone $; write $$ for the sign itself")
    wanted = set(template.get_identifiers())
    missing, unused = sorted(wanted - values.keys()), sorted(values.keys() - wanted)
    if missing:
        raise PromptError(f"the prompt {name!r} wants a value for ${missing[0]}")
    if unused:
        raise PromptError(
            f"the prompt {name!r} has no place for {unused[0]!r}; it has {', '.join(sorted(wanted)) or 'none'}"
        )
    return template.substitute({key: str(value) for key, value in values.items()})


def _body(text: str) -> str:
    if text.startswith("<!--"):
        text = text.partition("-->")[2]
    return text.strip()
