"""Documents, their parts and their receipts as rows of the ledger, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from index.types import Block, Document, Entry, Page, Passage, Receipt


@dataclass(frozen=True, slots=True)
class Item:
    """A document to be kept: with its passages, the key of each one's vector, where it came from, and its receipt."""

    document: Document
    passages: Sequence[Passage]
    keys: Sequence[str]
    origin: str
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Known:
    """What identifies a document that is there: its hash, where it came from, its receipt, and its other names."""

    sha256: str
    origin: str
    receipt: Receipt
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Harmed:
    """What is left of a document that a disk has changed: a name, its file's hash, where it came from, a receipt."""

    source: str
    sha256: str
    origin: str
    receipt: Receipt


def now() -> str:
    """The time, in UTC, as ISO 8601 to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def document_row(document: Document) -> tuple[str, ...]:
    """The columns of a document, from `source` to `warnings`."""
    return (
        document.source,
        document.title,
        document.sha256,
        document.media_type,
        document.text,
        json.dumps(_block_rows(document.blocks)),
        json.dumps([[p.number, p.label, p.start, p.end] for p in document.pages]),
        json.dumps(dict(document.dates)),
        json.dumps(document.tags),
        json.dumps(dict(document.dropped)),
        json.dumps(document.warnings),
    )


def to_document(row: Sequence[str]) -> Document:
    """The document of such columns, in the order in which `Ledger.document` asks for them."""
    source, title, text, blocks, pages, sha256, media_type, dates, tags, dropped, warnings = row
    return Document(
        source=source,
        title=title,
        text=text,
        blocks=_to_blocks(json.loads(blocks)),
        pages=tuple(Page(*page) for page in json.loads(pages)),
        sha256=sha256,
        media_type=media_type,
        dates=_mapping(dates),
        tags=tuple(json.loads(tags)),
        dropped=_mapping(dropped),
        warnings=tuple(json.loads(warnings)),
    )


def _block_rows(blocks: Sequence[Block]) -> list[list[Any]]:
    """The blocks as lists; a context that is the one before it is null, and what is empty at the end is left out."""
    rows: list[list[Any]] = []
    before = ""
    for b in blocks:
        row = [b.start, b.end, b.kind, b.level, b.page, b.box]
        if b.context or b.cell:
            row += [None if b.context and b.context == before else b.context, b.cell]
            before = b.context or before
        rows.append(row)
    return rows


def _to_blocks(rows: Sequence[Sequence[Any]]) -> tuple[Block, ...]:
    """The blocks of such lists; those of six columns are as the first version wrote them."""
    blocks = []
    before = ""
    for start, end, kind, level, page, box, *rest in rows:
        context, cell = rest or ("", "")
        before = before if context is None else context or before
        place = (box[0], box[1], box[2], box[3]) if box else None
        blocks.append(Block(start, end, kind, level, page, place, before if context is None else context, cell))
    return tuple(blocks)


def receipt_row(receipt: Receipt) -> str:
    """A receipt as JSON."""
    return json.dumps(asdict(receipt))


def to_receipt(text: str) -> Receipt:
    """The receipt of such JSON."""
    values = json.loads(text)
    sentences = {name: tuple(values.get(name, ())) for name in ("warnings", "missing")}
    return Receipt(**{**values, **sentences})


def to_entry(*row: Any) -> Entry:
    """One document of a list, from the columns in which `Ledger.entries` asks for it."""
    source, title, sha256, media_type, passages, ready, added, told, names, tags, dated = row
    also = tuple(name for name in json.loads(names) if name != source)
    # The text is not read for a list: it may be hundreds of megabytes.
    receipt = to_receipt(told)
    counts = (receipt.pages, receipt.characters, passages, ready)
    return Entry(source, title, sha256, media_type, *counts, added, receipt, also, tuple(json.loads(tags)), dated or "")


def _mapping(text: str) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = json.loads(text)
    return loaded
