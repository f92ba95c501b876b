"""What was seen of a workbook besides its cells."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.loaders import Account


@dataclass(slots=True)
class Seen:
    """What a reader of the receipt should know of a workbook, and the account of its characters."""

    account: Account = field(default_factory=Account)
    parts: set[str] = field(default_factory=set)
    missing: list[str] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    rows: int = 0
    columns: int = 0
    without_result: int = 0

    def warnings(self) -> tuple[str, ...]:
        """One sentence for each kind of thing that was seen."""
        found = []
        if self.sheets:
            found.append(f"{_count(len(self.sheets), 'hidden sheet')} read too: {', '.join(self.sheets)}")
        if self.rows:
            found.append(f"{_count(self.rows, 'hidden row')} read too")
        if self.columns:
            found.append(f"{_count(self.columns, 'hidden column')} read too")
        return (*found, *self.lost())

    def lost(self) -> tuple[str, ...]:
        """One sentence for each kind of thing that could not be read."""
        found = []
        if self.missing:
            found.append(f"sheets whose content is not in the file: {', '.join(self.missing)}")
        if self.without_result:
            cells = "cell holds" if self.without_result == 1 else "cells hold"
            found.append(
                f"{self.without_result:,} {cells} a formula and not its result; open the file in a spreadsheet "
                "program, save it and add it again"
            )
        return tuple(found)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what} was" if number == 1 else f"{number:,} {what}s were"
