import random

import pytest

from index.sentences import sentences
from index.split import CHARACTERS, split
from index.types import Block, Document, Page


def lengths(texts):
    return [len(text.split()) for text in texts]


def document(text, blocks=(), pages=()):
    return Document("d.md", "D", text, tuple(blocks), tuple(pages), "0" * 64, "text/plain")


def test_passages_cover_the_whole_text_and_each_is_its_slice():
    rng = random.Random(2)
    for _ in range(100):
        text = "".join(rng.choice(["word ", "end. ", "\n\n", "- item\n", "é😀 ", "x" * 50]) for _ in range(400))
        passages = split(document(text), lengths, 254)
        assert "".join(passage.text for passage in passages) == text
        assert all(text[p.start : p.end] == p.text for p in passages)
        assert all(len(p.text) <= CHARACTERS for p in passages)


def test_passages_end_where_sentences_end():
    text = " ".join(f"This is sentence number {n} of a long text." for n in range(200))
    ends = {end for _, end in sentences(text)}
    for passage in split(document(text), lengths, 254):
        assert passage.start + len(passage.text.rstrip()) in ends


def test_a_passage_never_holds_more_tokens_than_the_model_reads():
    text = "a b c d e f g h i j k l m n o p. " * 100
    passages = split(document(text), lengths, 40)
    assert max(lengths([p.text for p in passages])) <= 40
    assert "".join(p.text for p in passages) == text


def test_a_sentence_longer_than_a_passage_is_cut_and_not_lost():
    text = "word " * 1000
    assert "".join(p.text for p in split(document(text), lengths, 100)) == text


def test_a_heading_begins_a_passage_and_names_the_path_above():
    text = "# Leave\n\nSome words.\n\n## Sick\n\nMore words.\n\n# Pay\n\nLast words."
    blocks = [
        Block(text.index(h), text.index(h) + len(h), "heading", level)
        for h, level in (("# Leave", 1), ("## Sick", 2), ("# Pay", 1))
    ]
    passages = split(document(text, blocks), lengths, 254)
    assert [p.heading for p in passages] == ["Leave", "Leave › Sick", "Pay"]
    assert passages[1].text.startswith("## Sick")
    assert passages[1].context == "D › Leave › Sick"


def test_headings_that_follow_each_other_share_a_passage():
    text = "# Book\n\n## Chapter\n\nWords."
    blocks = [Block(0, 6, "heading", 1), Block(8, 18, "heading", 2)]
    [passage] = split(document(text, blocks), lengths, 254)
    assert passage.heading == "Book › Chapter"


def test_a_passage_has_the_page_on_which_its_words_begin():
    text = "Page one words.\n\n" + "Page two words. " * 60
    pages = [Page(1, "i", 0, 17), Page(2, "ii", 17, len(text))]
    passages = split(document(text, pages=pages), lengths, 20)
    assert passages[0].page == 1
    assert passages[-1].page == 2


@pytest.mark.parametrize("text", ["", "   \n\n\t "])
def test_a_document_without_words_has_no_passages(text):
    assert list(split(document(text), lengths, 254)) == []


def test_the_same_text_at_two_places_gives_two_ids():
    text = ("Same words here. " * 47) * 2
    passages = split(document(text), lengths, 254)
    assert len({p.id for p in passages}) == len(passages) > 1
