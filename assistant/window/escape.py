"""Text from documents, file names, questions and models as HTML that can only be read, never run."""

from __future__ import annotations

import hashlib
import html
import re
from pathlib import PurePosixPath

# Overrides, embeddings and isolates of writing direction, other control characters, and Unicode's invisible tags:
# all of them can make a text read differently from what it says.
HIDDEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]"
)
# HTML cannot hold these, so nothing of them is left but the badge.
UNWRITABLE = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ud800-\udfff]")


def escape(text: str) -> str:
    """The text as HTML, each hidden character behind a badge that names it and keeps its effect to itself.

    The characters stay in the text (those that HTML can hold), so that a quotation is still the same text.
    """
    return HIDDEN.sub(_badge, html.escape(text.replace("\r\n", "\n").replace("\r", "\n"), quote=True))


def attribute(text: str) -> str:
    """The text for a place between quotation marks, such as a tool tip, with "�" for each hidden character."""
    return html.escape(HIDDEN.sub("�", text), quote=True)


def name(text: str) -> str:
    """A file's name as HTML of its own writing direction, cut in the middle by the browser where it is too long."""
    return f'<bdi class="name">{escape(text)}</bdi>'


def handle(text: str) -> str:
    """Sixteen letters and digits that stand for a text where the page sends it back: it need not survive HTML."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def badge(source: str) -> str:
    """The kind of file in up to four letters, as a small sign before its name."""
    suffix = PurePosixPath(source).suffix.lstrip(".").upper()[:4]
    return f'<span class="kind" aria-hidden="true">{escape(suffix or "TXT")}</span>'


def _badge(found: re.Match[str]) -> str:
    char = found.group()
    held = "" if UNWRITABLE.match(char) else char
    return f'<bdi class="hidden-sign" data-sign="U+{ord(char):04X}" title="hidden character">{held}</bdi>'


def folded(text: str, limit: int = 180) -> str:
    """The text on one line, cut at a word's end so that it has at most `limit` characters and an ellipsis."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    return line[:limit].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"


def counted(number: int, one: str, many: str = "") -> str:
    """A number and its noun, such as "1 source" or "1,204 characters"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def sentence(text: str) -> str:
    """An error's words as a sentence of their own: with a capital and a full stop, escaped."""
    return escape(plain_sentence(text))


def plain_sentence(text: str) -> str:
    """The same, for a place that takes plain text."""
    words = text.strip()
    if re.match(r"[a-z]+[,;:]?(?:\s|$)", words):  # and not a file's name
        words = words[:1].upper() + words[1:]
    return words + ("" if words.endswith((".", "!", "?", "…")) else ".")


def joined(*parts: str) -> str:
    """The parts that say something new, with " · " between them: none is a part of another."""
    said: list[str] = []
    for part in filter(None, parts):
        if not any(part in each for each in said):
            said = [each for each in said if each not in part] + [part]
    return " · ".join(said)


def lasted(seconds: float) -> str:
    """A time as people say it, such as "0.2 s"."""
    return f"{seconds:.1f} s" if seconds >= 0.05 else "under 0.1 s"


def innermost(heading: str) -> str:
    """The last heading of a path such as "Book › Part › Chapter"."""
    return heading.rsplit(" › ", 1)[-1]


def trail(heading: str) -> str:
    """The last two headings of a path, with a sign where there are more."""
    path = heading.split(" › ")
    return heading if len(path) < 3 else " › ".join(["…", *path[-2:]])
