"""Holds the text of PDF pages against that of `pdftotext` (poppler), which reads them by other ways.

    python -m tests.sweep.judge LIBRARY FOLDER < [path, source] a line > a comparison of each page a line

Only pages on which pdftotext finds words are compared. What we left out on purpose, running headers say, counts as
there. Words are compared without case, hyphens (both sides take those at the ends of lines for divisions, by rules of
their own) and compatibility forms.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from pypdfium2 import PdfiumError
from rapidfuzz.distance import Indel

from index.errors import UnreadableFile
from index.index import Index
from index.loaders.pdf import drawn, opened
from index.loaders.pdf.lines import Sheet
from index.loaders.pdf.order import ordered
from index.loaders.pdf.running import without_running_lines
from tests.sweep.service import Blank

_PATIENCE = 60.0
_HYPHENS = re.compile("[-\u00ad\u2010-\u2015\u2212]")
_WORD = re.compile(r"\w+")
_SAMPLE = 8


@dataclass(frozen=True, slots=True)
class Page:
    """One page on both sides.

    `similarity` is 1 less the characters to insert and delete, as a share of all of both sides, white space being one
    blank. `recall` is the share of pdftotext's words that we have, `letters` that of its letters in any order.
    `missing` are some of the words that we do not have, `unnamed` the characters that we saw and no font names.
    """

    path: str
    number: int
    words: int
    similarity: float
    recall: float
    letters: float
    missing: tuple[str, ...]
    unnamed: int
    ours: int


def compared(path: str, number: int, theirs: str, ours: str, aside: str, unnamed: int) -> Page | None:
    """The comparison of a page's texts, or None where pdftotext finds no word."""
    wanted, had = words(theirs), words(f"{ours} {aside}")
    if not wanted:
        return None
    missing = wanted - had
    letters = Counter("".join(wanted.elements()))
    lacking = letters - Counter("".join(had.elements()))
    return Page(
        path,
        number,
        wanted.total(),
        round(Indel.normalized_similarity(_plain(f"{ours} {aside}"), _plain(theirs)), 4),
        round(1 - missing.total() / wanted.total(), 4),
        round(1 - lacking.total() / letters.total(), 4),
        tuple(sorted(missing, key=lambda word: -missing[word])[:_SAMPLE]),
        unnamed,
        had.total(),
    )


def words(text: str) -> Counter[str]:
    """The words of a text and how often each is there."""
    return Counter(_WORD.findall(_HYPHENS.sub("", unicodedata.normalize("NFKC", text)).casefold()))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def judged(index: Index, folder: Path, path: str, source: str) -> Iterator[Page]:
    """The comparison of each page of a document."""
    theirs = _pdftotext(folder / path)
    if not any(words(page) for page in theirs):
        return
    document = index.document(source)
    sheets = _sheets(folder / path)
    for page, said in zip(document.pages, theirs, strict=False):
        sheet = sheets.get(page.number)
        aside = " ".join(sheet.aside) if sheet else ""
        unnamed = sum(count for reason, count in sheet.dropped.items() if "name" in reason) if sheet else 0
        found = compared(path, page.number, said, document.text[page.start : page.end], aside, unnamed)
        if found is not None:
            yield found


def _sheets(file: Path) -> dict[int, Sheet]:
    """The pages as they are read, for what was left out of each."""
    try:
        with opened(file) as pdf:
            pages = [ordered(drawn(pdf, number)) for number in range(1, len(pdf) + 1)]
    except (UnreadableFile, PdfiumError):
        return {}
    return {page.number: page for page in without_running_lines(pages)}


def _pdftotext(file: Path) -> list[str]:
    """What pdftotext says of each page, or nothing where it fails."""
    command = ["pdftotext", "-enc", "UTF-8", str(file), "-"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return []
    return done.stdout.decode("utf-8", "replace").split("\f")


def main(library: Path, folder: Path) -> None:
    """Compares every PDF that is named on the standard input."""
    with Index.open(library, embedder=Blank(), store="memory") as index:
        for line in sys.stdin:
            for page in judged(index, folder, *json.loads(line)):
                sys.stdout.write(json.dumps(asdict(page)) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
