"""The text of Office documents as their parts hold it, and the parts that are counted and not read."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from index.errors import DamagedFile
from index.loaders import Account
from index.loaders.docx.archive import Archive

# Runs of text, of deleted text and of the instructions of fields; values of charts; texts of comments.
_TEXTS = ("{*}t", "{*}delText", "{*}instrText", "{*}delInstrText", "{*}v", "{*}text")
# What stands for one character; names of fonts are called `sym` too, in another namespace.
_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_SIGNS = ("{*}noBreakHyphen", *(f"{{{space}}}sym" for space in _WORD))
# Parts that hold text beside the body, by their names; what is in drawing*.xml are diagrams again, as they were drawn.
_BESIDE = (
    (re.compile(r"(^|/)(header|footer)[^/]*\.xml$"), "header or footer"),
    (re.compile(r"(^|/)(threadedComment|comment)[^/]*\.xml$|/(threadedC|c)omments/[^/]*\.xml$"), "comment"),
    (re.compile(r"/glossary/document[^/]*\.xml$"), "building block"),
    (re.compile(r"/(slideLayout|slideMaster|notesMaster|handoutMaster)[^/]*\.xml$"), "layout of the slides"),
    (re.compile(r"/notesSlides?/[^/]*\.xml$"), "notes of a slide that is not there"),
    (re.compile(r"/slides/[^/]*\.xml$"), "a slide that is not shown"),
    (re.compile(r"/diagrams/data[^/]*\.xml$"), "diagram"),
    (re.compile(r"/charts/chart[^/]*\.xml$"), "chart"),
)


_FILE = re.compile(r"/embeddings/[^/]+$|/af[cC]hunk[^/]*$")
_CHART = re.compile(r"/charts/chart[^/]*\.xml$")


def said(element: Any) -> str:
    """All text in an element of any part; for a hyphen that does not break, or a sign of a symbol font, a hyphen."""
    found = "".join(element.itertext(*_TEXTS, with_tail=False))
    return found + "".join("-" for _ in element.iter(*_SIGNS))


def count_beside(archive: Archive, account: Account, read: Collection[str]) -> tuple[str, ...]:
    """Counts the text of the parts that were not read, each for its reason; a sentence for each kind that is lost."""
    broken = []
    for name in archive.names:
        reason = next((reason for pattern, reason in _BESIDE if pattern.search(name)), "")
        if not reason or name in read or "/_rels/" in name:
            continue
        try:
            text = said(archive.xml(name))
        except DamagedFile:
            broken.append(name)
            continue
        account.see(text)
        account.drop(text, reason)
    lost = (
        ("parts that are broken and were not read", broken),
        ("files inside it that were not read", _files(archive)),
    )
    return tuple(f"{what}: {', '.join(names)}" for what, names in lost if names)


def _files(archive: Archive) -> list[str]:
    """The documents that stand in a document, by their names, but for the workbooks from which its charts are drawn."""
    found = [name for name in archive.names if _FILE.search(name)]
    if not found:
        return []
    charts = [name for name in archive.names if _CHART.search(name)]
    drawn = {target for chart in charts for target in archive.linked(chart).values()}
    return [name.rsplit("/", 1)[-1] for name in found if name not in drawn]
