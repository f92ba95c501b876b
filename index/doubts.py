"""What a reader of a receipt should doubt: text that got lost on its way, and text that is garbled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.loaders import ranges
from index.types import Document, Page, ink

# Replacement characters, controls, and places that no standard gives a letter: fonts without a table of letters.
_GARBLED = re.compile("[\ufffd\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ue000-\uf8ff\U000f0000-\U0010ffff]")
# Fewer are bullets and signs of a symbol font: see the corpus's pages in tests/index/test_doubts.py.
_LEAST, _SHARE = 10, 0.05


def doubts(document: Document) -> tuple[str, ...]:
    """A sentence for each thing that a person should know before relying on the text; none when all is well."""
    return (*_unaccounted(document), *_garbled(document))


def _unaccounted(document: Document) -> Iterator[str]:
    if document.seen is None:
        return
    missing = document.seen + document.written - ink(document.text) - sum(document.dropped.values())
    if missing > 0:
        yield f"{missing:,} of {document.seen:,} characters cannot be accounted for; compare the text with the original"
    elif missing < 0:
        yield f"{-missing:,} characters were read twice or come from nowhere; compare the text with the original"


def _garbled(document: Document) -> Iterator[str]:
    if _GARBLED.search(document.text) is None:
        return
    pages = document.pages or (Page(1, "", 0, len(document.text)),)
    counts = {page: _count(document.text[page.start : page.end]) for page in pages}
    bad = [page for page, (strange, inked) in counts.items() if strange >= _LEAST and strange > _SHARE * inked]
    if bad:
        strange, inked = (sum(counts[page][side] for page in bad) for side in (0, 1))
        whose = "its" if len(bad) == 1 else "their"
        yield f"{_named(document, bad)} garbled: {strange:,} of {whose} {inked:,} characters stand for no known letter"


def _count(text: str) -> tuple[int, int]:
    return len(_GARBLED.findall(text)), ink(text)


def _named(document: Document, pages: Sequence[Page]) -> str:
    if not document.pages:
        return "the text is"
    if document.printed:
        return ranges([page.number for page in pages], "page")
    return ", ".join(page.label for page in pages) + (" is" if len(pages) == 1 else " are")
