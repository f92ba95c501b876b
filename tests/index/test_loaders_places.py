"""The way from a file of each format through its passages to the words in which a citation says the place."""

from __future__ import annotations

import pytest

from assistant.cite import citation
from index.read import read
from index.split import split
from tests.index.documents import FILLER, HEADING, SENTENCE, WRITERS

SECTION = f'section "{HEADING}"'
LOCATORS = {
    "csv": "row 3",
    "docx": SECTION,
    "eml": "message, from Ann Ålund, 3 May 2024",
    "epub": HEADING,
    "html": SECTION,
    "ipynb": "cell 3",
    "json": "paragraphs › 2",
    "jsonl": "line 2 › text",
    "mbox": "message 1, from Ann Ålund, 3 May 2024",
    "mhtml": SECTION,
    "md": SECTION,
    "msg": "message, from Ann, 3 May 2024",
    "odp": "slide 2",
    "ods": f"'{HEADING}'!A2",
    "odt": SECTION,
    "pdf": "page 2",
    "png": "page 1",
    "pptx": "slide 2",
    "rtf": SECTION,
    "tsv": "row 3",
    "txt": "",
    "xlsx": f"'{HEADING}'!A2",
}


def lengths(texts):
    return [len(text.split()) for text in texts]


def test_every_format_has_a_place_here():
    assert sorted(LOCATORS) == sorted(WRITERS)


@pytest.mark.parametrize("suffix", WRITERS)
def test_the_known_sentence_is_cited_with_its_place_and_its_words(suffix, tmp_path):
    document = read(WRITERS[suffix](tmp_path / f"ferries.{suffix}", HEADING, [FILLER, SENTENCE]))
    passages = split(document, lengths, 254)
    assert "".join(passage.text for passage in passages) == document.text
    passage = next(passage for passage in passages if SENTENCE in passage.text)
    start = passage.start + passage.text.index(SENTENCE)
    cited = citation(document, start, start + len(SENTENCE), 1)
    assert cited.quote == SENTENCE
    assert cited.locator == LOCATORS[suffix]
