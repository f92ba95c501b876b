"""What we say to a chat model: one Markdown file a message, with $placeholders."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template


class PromptError(ValueError):
    """A prompt that is not there, or whose placeholders and values do not match."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """The prompts, those of them that stand in `folder` in the place of ours.

    Raises `PromptError` where the folder is none, or holds a file `*.md` that is no prompt or wants other placeholders.
    """

    folder: Path | None = None

    def __post_init__(self) -> None:
        if self.folder is None:
            return
        if not self.folder.is_dir():
            raise PromptError(f"the folder of prompts {str(self.folder)!r} is not there")
        for file in sorted(self.folder.glob("*.md")):
            ours, theirs = _wanted(_template(file.stem, _ours(file.stem))), _wanted(self._template(file.stem))
            if ours != theirs:
                held, given = (", ".join(f"${each}" for each in sorted(some)) or "nothing" for some in (ours, theirs))
                raise PromptError(f"the prompt {str(file)!r} has places for {given}; it must have them for {held}")

    def render(self, name: str, **values: object) -> str:
        """The prompt `name` with its placeholders filled in; what stands in the values is never filled in again.

        The comment at its top (`<!-- … -->`), which says what the prompt is for, is left out. Raises `PromptError` for
        an unknown name, a placeholder without a value, or a value without a placeholder.
        """
        template = self._template(name)
        wanted = _wanted(template)
        missing, unused = sorted(wanted - values.keys()), sorted(values.keys() - wanted)
        if missing:
            raise PromptError(f"the prompt {name!r} wants a value for ${missing[0]}")
        if unused:
            raise PromptError(
                f"the prompt {name!r} has no place for {unused[0]!r}; it has {', '.join(sorted(wanted)) or 'none'}"
            )
        return template.substitute({key: str(value) for key, value in values.items()})

    def hashes(self) -> dict[str, str]:
        """The first twelve digits of the sha256 of what each prompt says, by name; its comment does not count."""
        bodies = {name: self._template(name).template for name in names()}
        return {name: hashlib.sha256(body.encode("utf-8")).hexdigest()[:12] for name, body in bodies.items()}

    def _template(self, name: str) -> Template:
        text = _ours(name)
        file = self.folder / f"{name}.md" if self.folder else None
        if file is not None and file.is_file():
            try:
                text = file.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise PromptError(f"the prompt {str(file)!r} cannot be read: {error}") from error
        return _template(name, text)


OURS = Prompts()
"""The prompts as they are shipped."""


def names() -> list[str]:
    """The names of all prompts, sorted."""
    return sorted(file.name.removesuffix(".md") for file in files(__name__).iterdir() if file.name.endswith(".md"))


def render(name: str, **values: object) -> str:
    """Our own prompt `name`, as `Prompts.render` fills it in."""
    return OURS.render(name, **values)


def _ours(name: str) -> str:
    if name not in names():
        raise PromptError(f"there is no prompt {name!r}; there are {', '.join(names())}")
    return (files(__name__) / f"{name}.md").read_text(encoding="utf-8")


def _template(name: str, text: str) -> Template:
    template = Template(_body(text))
    if not template.is_valid():
        raise PromptError(f"the prompt {name!r} has a lone $; write $$ for the sign itself")
    return template


def _wanted(template: Template) -> set[str]:
    return set(template.get_identifiers())


def _body(text: str) -> str:
    if text.startswith("<!--"):
        text = text.partition("-->")[2]
    return text.strip()
