"""What became of an added document, and of each part of a question, in lines of plain text."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.types import Answer, Part
from index.types import Receipt

UNFOUND = "I could not find this in your documents."


def line(receipt: Receipt) -> str:
    """What is in, what was left out and why, and what a person should know: the receipt as the command line prints it.

    Characters are counted with white space, those that were left out without.
    """
    if receipt.state == "removed":
        return f"{receipt.source}: removed"
    if receipt.state == "damaged":
        return f"{receipt.source}: damaged; {receipt.problem}"
    counts = [counted(receipt.pages, "page")] if receipt.pages else []
    counts += [counted(receipt.characters, "character"), counted(receipt.passages, "passage")]
    said = [f"{receipt.source}: {receipt.state}, {', '.join(counts)}"]
    if receipt.dropped:
        reasons = sorted(receipt.dropped.items(), key=lambda each: -each[1])
        said.append("left out: " + ", ".join(f"{reason} {count:,}" for reason, count in reasons))
    if receipt.same_as:
        said.append(f"same content as {receipt.same_as}, stored once")
    return "; ".join([*said, *unexplained(receipt), *receipt.warnings])


def unexplained(receipt: Receipt) -> list[str]:
    """A sentence on characters that are missing or came from nowhere; none where a warning tells of them already."""
    count = abs(receipt.unexplained)
    if not count or any(each.startswith(f"{count:,} ") for each in receipt.missing):
        return []
    if receipt.unexplained > 0:
        are = "is in no passage and was" if count == 1 else "are in no passage and were"
        return [f"{counted(count, 'character')} of this file {are} not left out on purpose either"]
    are = "character stands" if count == 1 else "characters stand"
    return [f"{count:,} more {are} in passages than were found in this file"]


def parts_beside(answer: Answer) -> tuple[Part, ...]:
    """The parts of the question that the text of the answer does not take one by one, as a written one does not."""
    told = {claim.text for claim in answer.claims if claim.verdict == "told"}
    return () if told & {part.question for part in answer.parts} else answer.parts


def part_line(part: Part) -> str:
    """A part of a question and what was found for it, such as "Who leads it? Rosa Amberg [2]"."""
    marks = "".join(f"[{number}]" for number in part.citations)
    return " ".join(piece for piece in (part.question, part.short or UNFOUND, marks) if piece)


def unsearched(names: Sequence[str]) -> tuple[str, ...]:
    """A note where documents of these names are not searched since a disk has changed them."""
    if not names:
        return ()
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    were = "was damaged on the disk and is" if len(names) == 1 else "were damaged on the disk and are"
    return (f"{', '.join(names[:3])}{more} {were} not searched; the list of documents says what to do",)


def counted(number: int, what: str) -> str:
    """A number and its noun, such as "1 page" or "1,204 characters"."""
    return f"{number:,} {what if number == 1 else what + 's'}"
