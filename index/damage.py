"""What a disk has changed in the ledger: put right from what it holds twice, or else taken out and said."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping

from index.records import now, receipt_row
from index.sums import NAME, check_sum, document_sum
from index.types import Receipt, ink

DAMAGED = "documents were damaged on the disk"
"""The fact that stands from when a document was found to be damaged until there is none."""

HARMED = "damaged"
"""The state in the receipts of a document of which nothing is left but its names."""

ANEW = (
    "what the library had noted of how this document came in (from where, its tags, its receipt) was damaged on the "
    "disk and is made anew; its text is whole"
)


def put_right(writer: sqlite3.Connection) -> list[str]:
    """Takes damaged documents out of every search, and puts the names of the others right.

    What is without a sum is given one. Returns the names of which it cannot be told what they stood for.
    """
    wrong = _damaged(writer)
    unsure = _names(writer, wrong)
    if wrong:
        _take_out(writer, wrong)
    return unsure


def sentence(source: str, what: str) -> str:
    """What is said of a damaged document, and `what` becomes of it."""
    return f"what the library held of {source!r} was damaged on the disk and is not searched; {what}"


def harmed(source: str) -> Receipt:
    """The receipt of a document that was found damaged, until it has been read again."""
    problem = sentence(source, "it is read again from the copy of its file")
    return Receipt(source, HARMED, problem=problem, missing=(problem,))


def _damaged(writer: sqlite3.Connection) -> list[int]:
    """The documents that are not what was written."""
    wrong = []
    told = dict(writer.execute("select document, sum from sums"))
    for (number,) in writer.execute("select id from documents order by id").fetchall():
        now = document_sum(writer, number)
        if told.get(number, now) != now:
            wrong.append(number)
        elif number not in told:
            writer.execute("insert into sums values (?, ?)", (number, now))
    return wrong


def _names(writer: sqlite3.Connection, damaged: Collection[int]) -> list[str]:
    """Puts damaged names right by the one that stands with the document too; those for which that cannot be done."""
    held: dict[int, list[str]] = {number: [] for (number,) in writer.execute("select id from documents")}
    wrong = []
    for row, document, told, *values in writer.execute(f"select row, document, sum, {NAME} from names").fetchall():
        found = check_sum(*values)
        if told not in (None, found):
            wrong.append((row, document, values[0].decode("utf-8", "replace")))
            continue
        if told is None:
            writer.execute("update names set sum = ? where row = ?", (found, row))
        held.setdefault(document, []).append(values[0].decode())
    unsure = [source for row, document, source in wrong if not _renamed(writer, row, document, held, damaged)]
    for number, source in writer.execute("select id, cast(source as blob) from documents").fetchall():
        if held[number] and source.decode("utf-8", "replace") not in held[number]:
            writer.execute("update documents set source = ? where id = ?", (held[number][0], number))
    return unsure


def _renamed(
    writer: sqlite3.Connection, row: int, document: int, held: Mapping[int, list[str]], damaged: Collection[int]
) -> bool:
    """Makes a damaged name anew for the one document that it can have stood for; False where that is not plain."""
    nameless = [number for number, names in held.items() if not names]
    if document not in nameless and len(nameless) == 1:
        document = nameless[0]
    if document not in nameless:
        return False
    [(raw,)] = writer.execute("select cast(source as blob) from documents where id = ?", (document,))
    source = raw.decode("utf-8", "replace")
    if any(source in names for names in held.values()):
        return False
    receipt = Receipt(source, HARMED) if document in damaged else _receipt(writer, source, document)
    writer.execute(
        "update names set source = ?, document = ?, origin = '', added = ?, receipt = ?, tags = '[]' where row = ?",
        (source, document, now(), receipt_row(receipt), row),
    )
    held[document].append(source)
    return True


def _receipt(writer: sqlite3.Connection, source: str, document: int) -> Receipt:
    """The receipt of a document that is whole, from what is in the ledger of it."""
    [(text, pages, dropped, warnings)] = writer.execute(
        "select text, pages, dropped, warnings from documents where id = ?", (document,)
    )
    passages = [text for (text,) in writer.execute("select text from passages where document = ?", (document,))]
    return Receipt(
        source,
        "added",
        pages=len(json.loads(pages)),
        characters=len(text),
        passages=len(passages),
        dropped=json.loads(dropped),
        warnings=(*json.loads(warnings), ANEW),
        kept=sum(map(ink, passages)),
    )


def _take_out(writer: sqlite3.Connection, numbers: Collection[int]) -> None:
    """Leaves nothing of these documents but their names and the hash of their file; their receipts say why."""
    writer.executemany(
        "update passages set heading = '', context = '', text = '', key = '' where document = ?",
        [(number,) for number in numbers],
    )
    writer.execute("update passages set text = '', key = '' where document not in (select id from documents)")
    # The index may know other words of them than now stand in their rows, and takes words out by what stands there.
    writer.execute("insert into words (words) values ('rebuild')")
    writer.execute("delete from passages where key = ''")
    for number in numbers:
        [(sha256,)] = writer.execute("select cast(sha256 as blob) from documents where id = ?", (number,))
        writer.execute(
            "update documents set title = source, sha256 = ?, media_type = '', text = '', blocks = '[]', pages = '[]', "
            "dates = '{}', tags = '[]', dropped = '{}', warnings = '[]' where id = ?",
            (sha256.decode("utf-8", "replace"), number),
        )
        writer.execute("insert or replace into sums values (?, ?)", (number, document_sum(writer, number)))
        for row, source in writer.execute("select row, source from names where document = ?", (number,)).fetchall():
            writer.execute("update names set receipt = ? where row = ?", (receipt_row(harmed(source)), row))
    writer.execute("insert or replace into facts values (?, '1')", (DAMAGED,))
