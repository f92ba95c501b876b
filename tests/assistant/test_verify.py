import pytest

from assistant.facts import facts
from assistant.types import Answer, Citation, Claim
from assistant.verify import CONTRADICTED, NOT_SUPPORTED, PARTLY, SUPPORTED, judge, verified

SOURCE = (
    "Employees of Norvik get 25 days of leave. Unused days expire on 31 March. Eva Lindner approves requests within "
    "48 hours; Tomas Reiter approves travel. Smoking is not allowed on the terrace."
)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("Employees of Norvik get 25 days of leave.", SUPPORTED),
        ("Norvik's employees get twenty-five days of leave.", SUPPORTED),
        ("Employees of Norvik get 26 days of leave.", CONTRADICTED),
        ("Employees of Norvik get 2.5 days of leave.", CONTRADICTED),
        ("Unused days expire on 30 March.", CONTRADICTED),
        ("Unused days do not expire on 31 March.", CONTRADICTED),
        ("Smoking is allowed on the terrace.", CONTRADICTED),
        ("Tomas Reiter approves requests within 48 hours.", CONTRADICTED),
        ("Eva Lindner approves requests within 48 hours.", SUPPORTED),
        ("Employees of Norvik get 25 days of leave, and free lunches every Friday.", PARTLY),
        ("The canteen serves lunch.", NOT_SUPPORTED),
        ("Nobody may smoke on the terrace.", SUPPORTED),
        ("It is said that employees of Norvik get 25 days of leave.", SUPPORTED),
        ("Requests are approved by Eva Lindner within two days.", SUPPORTED),
        ("It says “days expire whenever you like”.", NOT_SUPPORTED),
    ],
)
def test_a_claim_is_held_against_its_source(claim, verdict):
    assert judge(claim, [SOURCE]).verdict == verdict


@pytest.mark.parametrize(
    ("source", "claim", "verdict"),
    [
        ("The flat must not be sublet, and keys may not be copied.", "The flat must be sublet.", CONTRADICTED),
        ("Plans that do not have a date, though short, are kept.", "Plans that do have a date are kept.", CONTRADICTED),
        ("The rules are not always kept.", "The rules are always kept.", CONTRADICTED),
        ("The keys keep working, so nobody has to register again.", "Users have to register again.", CONTRADICTED),
        ("The castle is open every day but Monday.", "The castle is open on Monday.", CONTRADICTED),
        (
            "Growth was slightly slower in the first year.",
            "Growth was slightly faster in the first year.",
            CONTRADICTED,
        ),
        ("The blood pressure was unaffected.", "The blood pressure rose.", CONTRADICTED),
        (
            "Last year sales at Westgate beat those at Eastgate by far.",
            "Last year sales at Eastgate beat those at Westgate by far.",
            CONTRADICTED,
        ),
        ("The terrace is not open to guests.", "The terrace isn't open to guests.", SUPPORTED),
        ("It is returned within fourteen days.", "It is returned within two weeks.", SUPPORTED),
        ("It is returned within six weeks.", "It is returned within six months.", CONTRADICTED),
        ("The shop shuts at 22:00 on Sundays.", "The shop shuts at ten in the evening on Sundays.", SUPPORTED),
        ("Layers are 2 cm thick.", "Layers are two centimetres thick.", SUPPORTED),
        (
            "The men left under orders, not as prisoners.",
            "They say that the men left under orders, not as prisoners.",
            SUPPORTED,
        ),
        ("Bees came 35% less often than before.", "Bees came 35% more often than before.", CONTRADICTED),
    ],
)
def test_what_a_sentence_denies_and_counts_is_held_against_the_same_words(source, claim, verdict):
    assert judge(claim, [source]).verdict == verdict


def test_what_points_the_other_way_is_told_from_what_is_not_spoken_of():
    source = "Alcohol slowed the growth of tomato seedlings in each of the trials."
    assert judge("Strong drink accelerates how tomato seedlings put on growth.", [source]).verdict == CONTRADICTED
    assert judge("Strong drink slows down how tomato seedlings put on growth.", [source]).verdict == NOT_SUPPORTED
    assert judge("Strong drink accelerates how cats put on weight.", [source]).verdict == NOT_SUPPORTED


def test_a_verdict_says_whether_words_or_meaning_gave_it():
    assert judge("Employees of Norvik get 26 days of leave.", [SOURCE]).by == "words"
    assert judge("Staff may rest for weeks.", [SOURCE]).by == "meaning"


def test_a_reason_names_what_the_source_says():
    assert judge("Employees of Norvik get 26 days of leave.", [SOURCE]).reason == "its source says 25, not 26"


def test_a_claim_without_a_source_is_not_supported():
    assert judge("Anything.", []).verdict == judge("Anything.", [" "]).verdict == NOT_SUPPORTED


def test_likeness_supports_what_shares_no_words():
    alike = judge("Staff may rest for weeks.", ["Employees have leave."], lambda query, texts: [0.9] * len(texts))
    unlike = judge("Staff may rest for weeks.", ["Employees have leave."], lambda query, texts: [0.1] * len(texts))
    assert (alike.verdict, unlike.verdict) == (SUPPORTED, NOT_SUPPORTED)


def test_amounts_know_their_units_and_their_size():
    found = {
        amount.text: (amount.value, amount.units) for amount in facts("It cost $1,200, 5 million euros or 7%.").amounts
    }
    assert found["$1,200"][0] == 1200 and "$" in found["$1,200"][1]
    assert found["5"][0] == 5e6 and "euro" in found["5"][1]
    assert found["7"] == (7, frozenset({"%"}))


def test_names_are_told_from_the_first_words_of_sentences():
    assert facts("The office is run by Eva Lindner. Nobody else runs it.").names == {"eva", "lindner"}


def claimed(*texts):
    claims, text = [], ""
    for number, each in enumerate(texts, start=1):
        claims.append(Claim(each, len(text), len(text) + len(each), (number,), "cited"))
        text += each + " "
    citations = tuple(
        Citation(number, "a", "", 0, len(SOURCE), None, "", "", "", SOURCE) for number in range(1, len(texts) + 1)
    )
    return Answer("q", text.strip(), claims=tuple(claims), citations=citations, outcome="answered")


def test_an_answer_gets_a_verdict_on_each_claim_and_strict_leaves_out_those_that_fail():
    answer = claimed("Employees of Norvik get 25 days of leave.", "Employees of Norvik get 26 days of leave.")
    assert [claim.check for claim in verified(answer).claims] == [SUPPORTED, CONTRADICTED]
    strict = verified(answer, strict=True)
    assert strict.text == "Employees of Norvik get 25 days of leave."
    assert [citation.number for citation in strict.citations] == [1]
    assert "1 sentence was left out" in strict.notes[0]


def test_nothing_is_left_of_an_answer_whose_claims_all_fail():
    strict = verified(claimed("Employees of Norvik get 26 days of leave."), strict=True)
    assert (strict.text, strict.outcome, strict.citations) == ("", "not_found", ())


def test_a_quotation_needs_no_verdict():
    answer = Answer("q", "X.", claims=(Claim("X.", 0, 2, (), "quoted"),))
    assert verified(answer) == answer
