import pytest

from assistant import Turn
from assistant.favour import asks, compared, decides, stated
from assistant.plain import ABOUT, reply
from assistant.readers.beside import sides
from assistant.readers.extract import Candidate
from assistant.readers.summary import Sentence, central
from index.types import Hit, Passage


def quotes(assistant, answer):
    for citation in answer.citations:
        assert assistant.document(citation.source).text[citation.start : citation.end] == citation.quote
    return [claim for claim in answer.claims if claim.verdict == "quoted"]


def test_a_document_is_summarised_in_cited_sentences_of_its_sections(shelf):
    answer = shelf.ask("Summarise the lease")
    assert answer.answered and {c.source for c in answer.citations} == {"lease.md"}
    told = [claim.text for claim in answer.claims if claim.verdict == "told"]
    assert told[0].startswith("lease.md, in 6 sentences of its ")
    assert len(quotes(shelf, answer)) == 6 and len(set(told[1:])) >= 4
    starts = [citation.start for citation in answer.citations]
    assert starts == sorted(starts)


def test_a_summary_leaves_no_section_without_a_say_for_a_little_more_likeness():
    class Alike:
        def similar(self, query, texts):
            return [0.45 if "Grain" in text else 0.5 for text in texts]

    texts = [("A", "The river is long."), ("A", "Fish swim in water."), ("B", "Grain grows on hills.")]
    every = [
        Sentence(
            Candidate(Hit(Passage(str(n), "a", text, n, n + 1, None, heading), 0.0, {}), n, n + 1, text, {}, 0.0),
            heading,
            0.0,
        )
        for n, (heading, text) in enumerate(texts)
    ]
    assert [sentence.heading for sentence in central(every, Alike(), "River", 2, leads=0.0)] == ["A", "B"]


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("Summarise section 2 of the lease", "2. Rent"),
        ("What does section 4 of the lease say?", "4. Use of the flat"),
        ("What is the fifth section of the lease about?", "5. Repairs"),
        ("Give me an overview of the warranty", "Warranty"),
        ("Summarise the section on keepers", "Keepers"),
    ],
)
def test_a_section_is_found_by_its_number_or_its_name(shelf, question, heading):
    answer = shelf.ask(question)
    assert answer.answered
    assert {citation.heading.split(" › ")[-1] for citation in answer.citations} == {heading}


def test_a_section_that_is_not_there_is_said_to_be_missing(shelf):
    answer = shelf.ask("Summarise section 31 of the lease")
    assert answer.outcome == "not_found" and "section 31" in answer.text


def test_all_documents_are_told_in_a_sentence_each(shelf):
    answer = shelf.ask("What are these documents about?")
    assert len(quotes(shelf, answer)) == 6 and len({c.source for c in answer.citations}) == 6


def test_this_document_is_the_one_that_was_cited_last(shelf):
    first = shelf.ask("How long does the warranty last?")
    answer = shelf.ask("What is this document about?", [Turn(first.question, first)])
    assert {c.source for c in answer.citations} == {"mower.md"}


def test_a_question_of_yes_or_no_is_answered_with_the_sentence_that_decides(shelf):
    answer = shelf.ask("Are dogs allowed in the tower?")
    said = [claim.text for claim in answer.claims]
    assert said[0] == "Dogs are not allowed in the tower." and answer.short == "not allowed in the tower"
    assert said[1] == "However, guide dogs may be taken up to the first gallery.", "what takes it back follows"


def test_two_sides_stand_side_by_side(shelf):
    answer = shelf.ask("Which is cheaper, the rye loaf or the white loaf?")
    assert answer.text.splitlines() == [
        "Rye loaf: The rye loaf costs 4.20 euros.",
        "White loaf: The white loaf costs 3.40 euros.",
    ]
    assert len(quotes(shelf, answer)) == 2
    assert answer.short == "white loaf", "the side that the two prices favour"


def test_a_side_that_no_document_names_is_said_to_be_missing_and_none_is_favoured(shelf):
    answer = shelf.ask("Which is cheaper, the rye loaf or the spelt roll?")
    assert "4.20 euros" in answer.text and "Spelt roll: nothing was found on it." in answer.text
    assert answer.short == ""


@pytest.mark.parametrize(
    ("question", "one", "other", "place"),
    [
        ("Which is longer, Ash or Birch?", "Ash lasts two weeks.", "Birch lasts 10 days.", 0),
        ("Which is longer, Ash or Birch?", "Ash is 900 metres long.", "Birch is 1.5 kilometres long.", 1),
        ("Which is cheaper, Ash or Birch?", "Ash costs 6 euros a month.", "Birch costs 6 dollars a month.", None),
        ("Which is more reliable, Ash or Birch?", "Ash has 3 doors.", "Birch has 5 doors.", None),
        ("Who is older, Ash or Birch?", "Ash was born in May 1902.", "Birch was born on 3 April 1902.", 1),
        ("Which came first, Ash or Birch?", "Ash opened in 1902.", "Birch opened in May 1902.", None),
        ("Which opens later, Ash or Birch?", "Ash opens at 8 am.", "Birch opens at 1:30 pm.", 1),
        ("Which costs more, Ash or Birch?", "Ash costs 5 euros.", "Birch costs 5 euros.", -1),
        (
            "Which keeps longer, Ash or Birch?",
            "Ash keeps for six days, Birch for two.",
            "Ash keeps for six days, Birch for two.",
            0,
        ),
    ],
)
def test_the_side_is_favoured_that_amounts_of_one_kind_say_and_none_where_they_do_not(question, one, other, place):
    asked = asks(question, ("Ash", "Birch"))
    assert asked
    weighed = compared(asked, ("Ash", "Birch"), [[(one, "")], [(other, "")]])
    assert (weighed[0] if weighed else None) == place


@pytest.mark.parametrize(
    ("question", "text", "place"),
    [
        ("Which is longer?", "The Ash is longer than the Birch.", 0),
        ("Which is longer?", "The Ash is shorter than the Birch.", 1),
        ("Which is longer?", "The Birch has a longer hull than the Ash.", 1),
        ("Which is longer?", "The Ash is not longer than the Birch.", None),
        ("Which is longer?", "The Ash is heavier than the Birch.", None),
        ("Which is longer?", "Both Ash and Birch are longer than the Cedar.", None),
        ("Which is more expensive?", "Ash is less expensive than Birch.", 1),
        ("Which opened first?", "Ash opened before Birch.", 0),
        ("Which opened last?", "Ash opened before Birch.", 1),
        ("Who is older?", "Ash was born after Birch.", 1),
    ],
)
def test_a_sentence_that_compares_both_says_which_side_it_is(question, text, place):
    asked = asks(question)
    assert asked and stated(asked, ("Ash", "Birch"), text) == place


@pytest.mark.parametrize(
    ("text", "marked", "place"),
    [
        ("The fee is paid by the buyer.", "the buyer", 0),
        ("The fee is paid by the seller, not by the buyer.", "", 1),
        ("The fee is not paid by the buyer.", "the buyer", None),
        ("The fee is paid by both the buyer and the seller.", "the buyer", None),
        ("The buyer signs first.", "The buyer", None),
    ],
)
def test_one_sentence_decides_for_the_side_it_does_not_deny(text, marked, place):
    assert decides("Is the fee paid by the buyer or the seller?", ("buyer", "seller"), text, marked) == place


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is the difference between the basic and the premium plan?", ["basic", "premium plan"]),
        ("Does the fee fall on the buyer or the seller?", ["buyer", "seller"]),
        ("Was the mill built in 1890 or in 1902?", ["1890", "1902"]),
        ("Compare Cuba with Colombia", ["Cuba", "Colombia"]),
        ("basic plan vs premium plan", ["basic plan", "premium plan"]),
        ("How does the old policy differ from the new one?", ["old policy", "new one"]),
        ("Which village is larger: Oldham or Newby?", ["Oldham", "Newby"]),
        ("How do the two contracts differ?", []),
    ],
)
def test_the_sides_of_a_comparison_are_told(question, expected):
    assert sides(question) == expected


def test_where_it_stands_is_shown_again_without_searching_for_it(shelf):
    first = shelf.ask("Who paid for the trial?")
    answer = shelf.ask("Where does it say that?", [Turn(first.question, first)])
    assert [(c.source, c.start) for c in answer.citations] == [(c.source, c.start) for c in first.citations]
    assert answer.text.startswith("trial.md, section “Money”" if "“" in answer.text else 'trial.md, section "Money"')


def test_more_is_what_was_not_said_yet(shelf):
    first = shelf.ask("Who was the last keeper?")
    answer = shelf.ask("Tell me more", [Turn(first.question, first)])
    assert "22 years" in answer.text
    assert not {(c.source, c.start) for c in first.citations} & {(c.source, c.start) for c in answer.citations}


def test_what_was_cited_is_not_shown_again_outside_the_scope(shelf):
    first = shelf.ask("Who paid for the trial?")
    history = [Turn(first.question, first)]
    for question in ("Where does it say that?", "Tell me more"):
        answer = shelf.ask(question, history, within=["lease.md"])
        assert {citation.source for citation in answer.citations} <= {"lease.md"}


def test_more_and_where_without_an_answer_before_are_looked_up(shelf):
    assert shelf.ask("Tell me more").complete
    assert shelf.ask("Where does it say that?", [Turn("Who?", "Somebody.")]).complete


@pytest.mark.parametrize(
    ("said", "start"),
    [("Thanks a lot!", "You are welcome"), ("Bye", "Goodbye"), ("Hi there", "Hello"), ("help", ABOUT)],
)
def test_a_plain_word_gets_a_plain_reply(shelf, said, start):
    assert reply(said).startswith(start)
    answer = shelf.ask(said)
    assert answer.outcome == "plain" and answer.text == reply(said) and not answer.citations
