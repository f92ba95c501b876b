"""An answer as the command line prints it: for people, and as JSON."""

from __future__ import annotations

from assistant.account import UNFOUND, part_line, parts_beside
from assistant.searching import place
from assistant.types import Answer


def as_text(answer: Answer) -> str:
    """The marked text with its quotations, the parts that it does not take one by one, and the notes."""
    notes = "".join(f"- {part_line(part)}\n" for part in parts_beside(answer))
    notes += "".join(f"({note})\n" for note in answer.notes)
    if answer.outcome != "not_found":
        return f"{answer}\n{notes}"
    closest = [f"- {place(hit)}: {' '.join(hit.passage.text.split())[:200]}" for hit in answer.hits[:3]]
    said = answer.text or UNFOUND
    opening = f"{said}{' The closest passages:' if closest else ''}"
    return "\n".join([opening, *closest]) + f"\n{notes}"


def as_json(answer: Answer) -> dict[str, object]:
    """What `--json` prints of an answer."""
    kept = ("number", "source", "start", "end", "page", "label", "quote")
    told = ("question", "asked", "short", "answered", "citations", "round")
    return {
        "question": answer.question,
        "text": answer.text,
        "short": answer.short,
        "answered": answer.answered,
        "outcome": answer.outcome,
        "confidence": round(answer.confidence, 4),
        "citations": [{name: getattr(citation, name) for name in kept} for citation in answer.citations],
        "parts": [{name: getattr(part, name) for name in told} for part in answer.parts],
        "seconds": round(answer.seconds, 3),
    }
