import pytest

from assistant.short import kind, measured, open_ended, short

CASES = [
    ("How many people have been killed?", "At least 76 people had been killed in the strikes.", "76 people"),
    ("When was the bridge opened?", "The bridge was opened on 5 May 1932 by the king.", "5 May 1932"),
    ("Who wrote the report?", "Admiral Jane Doe wrote the report in a week.", "Admiral Jane Doe"),
    ("Where is the task force based?", "The task force is based in Key West, Florida.", "Key West"),
    ("How much does the plan cost?", "The plan costs $45.50 a month for adults.", "$45.50"),
    ("How long is the trial period?", "The trial period lasts 30 days.", "30 days"),
    ("What is photosynthesis?", "Photosynthesis is the making of sugar from light.", "the making of sugar from light"),
    ("When was it built?", "The lighthouse was built between 1868 and 1871.", "between 1868 and 1871"),
    ("When is the shop open?", "The shop is open from April to October.", "from April to October"),
    ("How often are reviews conducted?", "Reviews are conducted annually and matter.", "annually"),
    ("How often is the boiler serviced?", "The boiler is serviced once a year.", "once a year"),
    ("How much was the company fined?", "It was fined 80,000 euros.", "80,000 euros"),
    ("Who is the chair?", "Chair: Bertram Kling", "Bertram Kling"),
    ("Who is the Chief Executive Officer?", "Position: Chief Executive Officer", "Position: Chief Executive Officer"),
    ("Why did it stop?", "It stopped because the battery was empty.", "because the battery was empty"),
]


@pytest.mark.parametrize(("question", "sentence", "expected"), CASES)
def test_the_shortest_answer_is_marked(question, sentence, expected):
    assert short(question, sentence) == expected


@pytest.mark.parametrize("question", ["", "?", "who", "how many", "why " * 300, "what is 😀"])
@pytest.mark.parametrize("sentence", ["", "...", "A.", "1", "Ünïcode wörds 25 😀 here", "a (b [c"])
def test_the_short_answer_is_always_a_slice_of_the_sentence(question, sentence):
    assert short(question, sentence) in sentence


def test_the_kind_of_a_question_is_told_by_its_words():
    assert [kind(q) for q in ("How many?", "When?", "Who?", "Where?", "Why?", "What?")] == [
        "number", "date", "person", "place", "reason", "thing",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What should members do when they travel?", "thing"),
        ("Who was king when the war began?", "person"),
        ("Which is the company where she worked?", "thing"),
        ("What is it, and when does it end?", "date"),
        ("In what year and when?", "date"),
        ("What is the name of the king?", "name"),
    ],
)
def test_a_question_word_behind_another_asks_for_nothing(question, expected):
    assert kind(question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What are the deductible amounts?", True),
        ("What services are covered?", True),
        ("What should I do before surgery?", True),
        ("How does the plan protect members?", True),
        ("What does the plan cover?", True),
        ("What is the purpose of the policy?", True),
        ("Who is the chair?", False),
        ("How many days are there?", False),
        ("When does it open?", False),
        ("What is the capital of France?", False),
        ("What does the shop sell?", False),
    ],
)
def test_an_open_question_is_told_from_one_with_a_short_answer(question, expected):
    assert open_ended(question) is expected


@pytest.mark.parametrize(
    ("told", "sentence", "whole"),
    [
        ("25", "Every employee gets 25 days of leave.", "25 days"),
        ("3.5", "It is 3.5 km long.", "3.5 km"),
        ("40", "Some 40% of them left.", "40%"),
        ("ten", "Within ten working days it is paid.", "ten working days"),
        ("76", "At least 76 people died.", "76"),
        ("Mara", "Mara days are over.", "Mara"),
    ],
)
def test_a_bare_number_takes_the_unit_behind_it_along(told, sentence, whole):
    assert measured(told, sentence) == whole
