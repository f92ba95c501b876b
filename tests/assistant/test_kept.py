"""Documents that were cited stay at hand, as far as there is room for them."""

from assistant.kept import Kept
from index.types import Block, Document


class Library:
    def __init__(self):
        self.read = []

    def __call__(self, source):
        self.read.append(source)
        blocks = (Block(0, 1),) * 10_000 if source == "blocks" else ()
        return Document(source, source, "x" * (900 if source == "large" else 300), blocks, (), "", "text/plain")


def asked(*sources, most=1_000):
    library = Library()
    kept = Kept(library, most)
    for source in sources:
        assert kept.document(source, "1").source == source
    return library.read


def test_a_document_that_is_kept_is_not_read_again():
    assert asked("a", "b", "a", "b", "c", "a") == ["a", "b", "c"]


def test_the_one_that_was_not_asked_for_longest_goes_when_there_is_no_room():
    assert asked("a", "b", "c", "a", "d", "a", "b") == ["a", "b", "c", "d", "b"]


def test_the_last_document_is_kept_whatever_it_takes():
    assert asked("a", "b", "large", "large", "a") == ["a", "b", "large", "a"]
    assert asked("blocks", "blocks", "a", "blocks") == ["blocks", "a", "blocks"]


def test_another_version_of_a_document_is_read():
    library = Library()
    kept = Kept(library)
    kept.document("a", "1")
    kept.document("a", "2")
    assert library.read == ["a", "a"]
