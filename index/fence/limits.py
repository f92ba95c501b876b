"""What reading one file may take, and what holds of it on this system."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024

OURS = "index.read"
"""The module that reads."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take; each is counted anew for every file.

    `memory` is in bytes over what a reader takes when it has read nothing yet, and the largest size of a file.
    `processor` and `wall` are seconds. While pages are read from pictures both hold for each of them, and for each
    hundred pages of a PDF's own text; no further page is read from a picture `pictures` seconds after the file was
    begun, and no further time is given for others. `characters` are those of the text, `structure` the bytes of all
    else that is known of it. `written` is the size in bytes of any one file that a reader writes, `files` how many it
    has open at once. `nice` is how far a reader steps back behind the rest of the service, 0 to 19.
    """

    # 1 GiB, 60 s and 120 s are what the fault list sets for reading 3,776 hostile and broken PDFs.
    memory: int = 1024 * MEGABYTE
    processor: int = 60
    wall: float = 120.0
    # A dense A4 page (4,500 characters) takes 7 s of one core: 250 of them, or 500 of a book of ordinary type.
    pictures: float = 1800.0
    # The largest text of the fault list has 300 MB, and the service holds it three times while SQLite writes it: 1.4 GB
    # without an embedding model. Another text may take as much room with fewer characters.
    characters: int = 320_000_000
    # A block of a document takes some 100 bytes, which makes room for 1.3 million of them.
    structure: int = 128 * MEGABYTE
    # What the fault list allows one entry of an archive (Safe Docx's default): no reader writes more than one unpacked.
    written: int = 50 * MEGABYTE
    # A warm reader has 5 files open and a zip archive takes one more; the rest is room.
    files: int = 64
    # Halves the share of a reader beside a question that is being answered (each step is worth a factor of 1.25).
    nice: int = 3


@dataclass(frozen=True, slots=True)
class Held:
    """What a reader's system let it do.

    `network` is "namespace" where it has a network of its own with nothing in it, "filter" where it can open no
    socket, and empty where neither was to be had. `limits` names the fields of `Limits` that hold, and "processes"
    where it can start no other process.
    """

    network: str
    limits: tuple[str, ...]
