import pytest

from assistant.cite import cite
from assistant.types import ANSWERED, Answer, Draft, Span, Statement
from index.errors import UnknownDocument
from index.types import Block, Document, Page

TEXT = "# Leave\n\nYou get 25 days. They\nexpire in March.\n\n# Pay\n\nPay comes on the last day."
DOCUMENT = Document(
    "h.pdf",
    "H",
    TEXT,
    (Block(0, 7, "heading", 1), Block(TEXT.index("# Pay"), TEXT.index("# Pay") + 5, "heading", 1)),
    (Page(1, "i", 0, 30), Page(2, "ii", 30, len(TEXT))),
    "ab" * 32,
    "application/pdf",
)


def opened(source):
    if source != "h.pdf":
        raise UnknownDocument(source)
    return DOCUMENT


def span(quote, source="h.pdf"):
    start = TEXT.index(quote)
    return Span(source, start, start + len(quote))


def cited(*statements, strict=False, **more):
    return cite(Draft(tuple(statements), outcome=ANSWERED, **more), Answer("q"), opened, strict)


def test_a_quotation_is_cited_with_its_page_label_and_heading():
    quote = "You get 25 days."
    answer = cited(Statement(quote, (span(quote),), quoted=True))
    [citation] = answer.citations
    assert TEXT[citation.start : citation.end] == citation.quote == quote
    assert (citation.page, citation.label, citation.locator, citation.heading) == (1, "i", "page i", "Leave")
    assert citation.sha256 == DOCUMENT.sha256
    assert answer.marked() == "You get 25 days. [1]"
    assert answer.claims[0].verdict == "quoted"


def test_further_places_of_a_fact_are_cited_with_it_and_checked_too():
    quote = "You get 25 days."
    answer = cited(Statement(quote, (span(quote),), quoted=True, also=(span("Pay comes"), Span("x.pdf", 0, 5))))
    assert [citation.quote for citation in answer.citations] == [quote, "Pay comes"]
    assert answer.claims[0].citations == (1, 2)


def test_what_the_reader_tells_of_its_own_work_needs_no_source_and_is_no_answer():
    quote = "You get 25 days."
    answer = cited(Statement("1 match:", told=True), Statement(quote, (span(quote),), quoted=True), strict=True)
    assert [claim.verdict for claim in answer.claims] == ["told", "quoted"]
    assert answer.answered and answer.marked() == "1 match: You get 25 days. [1]"
    assert not cited(Statement("0 matches.", told=True)).answered


def test_a_quotation_may_fold_white_space_and_nothing_else():
    quote = "They\nexpire in March."
    assert cited(Statement("They expire in March.", (span(quote),), quoted=True)).answered
    for wrong in ("They expire in May.", "They expire March.", "they expire in March.", "They expire in March"):
        answer = cited(Statement(wrong, (span(quote),), quoted=True))
        assert not answer.answered
        assert answer.text == ""
        assert answer.citations == ()


@pytest.mark.parametrize(
    "bad", [Span("h.pdf", -1, 5), Span("h.pdf", 5, 5), Span("h.pdf", 0, 10_000), Span("x.pdf", 0, 5)]
)
def test_a_span_that_is_no_slice_of_a_document_is_dropped(bad):
    answer = cited(Statement("Anything.", (bad,)))
    assert answer.citations == ()
    assert answer.claims[0].verdict == "unsupported"


def test_strict_leaves_out_what_rests_on_nothing_and_says_how_many():
    answer = cited(
        Statement("Pay is late.", (span("Pay comes on the last day."),)), Statement("I made this up."), strict=True
    )
    assert answer.text == "Pay is late."
    assert "1 sentence was left out" in answer.notes[0]


def test_one_span_has_one_number_and_numbers_count_from_one():
    first, second = span("Pay comes on the last day."), span("You get 25 days.")
    answer = cited(Statement("A.", (first,)), Statement("B.", (second, first)))
    assert [claim.citations for claim in answer.claims] == [(1,), (2, 1)]
    assert [citation.number for citation in answer.citations] == [1, 2]


def test_claims_know_their_place_in_the_text():
    answer = cited(Statement("One.", (), after="\n\n"), Statement("Two."))
    assert [answer.text[c.start : c.end] for c in answer.claims] == ["One.", "Two."]
    assert answer.text == "One.\n\nTwo."


def test_a_short_answer_that_is_not_in_the_text_is_not_shown():
    quote = "You get 25 days."
    assert cited(Statement(quote, (span(quote),), quoted=True), short="25 days").short == "25 days"
    assert cited(Statement(quote, (span(quote),), quoted=True), short="26 days").short == ""
