"""What the command line writes: answers as text or JSON, how far adding is, and that Ctrl-C was heard."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from assistant.account import UNFOUND, counted, part_line, parts_beside
from assistant.searching import place
from assistant.spoken import spoken
from assistant.types import Answer
from index.types import Progress, Receipt

NOT_IN = ("refused", "cancelled")
CLEAR = "\r\x1b[K"  # empties the line of a terminal


def as_text(answer: Answer) -> str:
    """The answer with its quotations, or the closest passages; notes behind it in brackets."""
    notes = "".join(f"- {part_line(part)}\n" for part in parts_beside(answer))
    notes += "".join(f"({note})\n" for note in answer.notes)
    if answer.outcome != "not_found":
        return f"{answer}\n{notes}"
    closest = [f"- {place(hit)}: {' '.join(hit.passage.text.split())[:200]}" for hit in answer.hits[:3]]
    said = answer.text or UNFOUND
    opening = f"{said}{' The closest passages:' if closest else ''}"
    return "\n".join([opening, *closest]) + f"\n{notes}"


def as_json(answer: Answer) -> dict[str, object]:
    """The answer as JSON has it."""
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


@contextmanager
def cancelled_by_ctrl_c() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C sets; the second one stops the program as usual."""
    cancel = threading.Event()

    def stop(number: int, frame: object) -> None:
        if cancel.is_set():
            raise KeyboardInterrupt
        cancel.set()
        sys.stderr.write(f"{CLEAR if sys.stderr.isatty() else ''}stopping; once more to stop at once\n")

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield cancel
    finally:
        signal.signal(signal.SIGINT, before)


def stopped_with(receipts: Sequence[Receipt]) -> None:
    """Says what was kept when adding was stopped."""
    kept = sum(receipt.state not in NOT_IN for receipt in receipts)
    rest = sum(receipt.state == "cancelled" for receipt in receipts)
    said = f"stopped; {counted(kept, 'document')} {'is' if kept == 1 else 'are'} in and will be kept"
    sys.stderr.write(f"{said}, {rest:,} not added\n" if rest else f"{said}; the rest follows at the next open\n")


def show_progress(far: Progress) -> None:
    """Writes over the line of a terminal how far adding is."""
    read = f"{far.read} of {far.files} files, " if far.read < far.files else ""
    read += f"page {far.page:,} of {far.of:,}, " if far.of else ""
    share = 100 * far.ready // (far.passages or 1)
    left = f", {spoken(far.left)} left" if far.left and not far.done else ""
    sys.stderr.write(f"{CLEAR}reading: {read}{share}% for meaning{left}" + ("\n" if far.done else ""))
    sys.stderr.flush()


def say(text: str) -> None:
    """Writes to standard output, at once."""
    sys.stdout.write(text)
    sys.stdout.flush()
