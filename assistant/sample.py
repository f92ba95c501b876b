"""The sample document that a new library starts with."""

from __future__ import annotations

from pathlib import Path

from assistant.assistant import Assistant

SAMPLE = Path(__file__).parent / "samples" / "caribbean-intelligence-briefing.md"
OFFERED = "the sample was offered"


def add_sample_if_new(assistant: Assistant, wait: bool = True) -> bool:
    """Adds the sample to a library that never held anything; True where it did."""
    ledger = assistant.index.ledger
    if not assistant.index.writable or ledger.fact(OFFERED) is not None or assistant.documents():
        return False
    assistant.add(SAMPLE, name=SAMPLE.name, wait=wait)
    ledger.note(OFFERED, "1")
    return True
