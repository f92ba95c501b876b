import pytest

from assistant.divide import LONGEST, MOST, divide
from assistant.hop import hop, named


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("When was Orla founded and who leads it?", ["When was Orla founded?", "Who leads it?"]),
        ("Please tell me when it opens and how much it costs.", ["When it opens?", "How much it costs?"]),
        (
            "When was it built, who built it and what did it cost?",
            ["When was it built?", "Who built it?", "What did it cost?"],
        ),
        (
            "How many ships are there, which is the largest and who owns it?",
            ["How many ships are there?", "Which is the largest?", "Who owns it?"],
        ),
        (
            "When was the shop, which is in Lindau, opened and who runs it?",
            ["When was the shop, which is in Lindau, opened?", "Who runs it?"],
        ),
        ("When and where was Ada born?", ["When was Ada born?", "Where was Ada born?"]),
        ("When and by whom was Orla founded?", ["When was Orla founded?", "By whom was Orla founded?"]),
        (
            "How many shops and how many cooks does it have?",
            ["How many shops does it have?", "How many cooks does it have?"],
        ),
        (
            "What are the rent and the deposit of the flat?",
            ["What is the rent of the flat?", "What is the deposit of the flat?"],
        ),
        ("Is smoking allowed, and may dogs come in?", ["Is smoking allowed?", "May dogs come in?"]),
        ("Who owns it? Since when?", ["Who owns it?", "Since when?"]),
    ],
)
def test_what_asks_several_things_is_divided(question, parts):
    assert list(divide(question)) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Who founded the school and the museum?",
        "What are the terms and conditions of the lease?",
        "Who is the man who built the tower and who left in 1871?",
        "Is the lamp lit and can be seen at night?",
        "Which shop, which is in Lindau, sells bread?",
        "Where is the salt and pepper kept?",
        "Dogs and cats",
        "The shop opened in May. Who runs it?",
        "",
        "?!",
        "and and and who",
    ],
)
def test_what_asks_one_thing_is_left_whole(question):
    assert divide(question) == ()


def test_a_question_of_many_parts_has_an_end_and_a_pasted_page_is_no_question():
    assert len(divide("Who? " * 3 + "and what is it? " * 40)) <= MOST
    assert divide("who is it and what is it " * LONGEST) == ()


@pytest.mark.parametrize(
    ("question", "phrase", "first"),
    [
        (
            "Where was the author of The Salt Road born?",
            "the author of The Salt Road",
            "Who is the author of The Salt Road?",
        ),
        ("Where was Orla Foods' founder born?", "Orla Foods' founder", "Who is the founder of Orla Foods?"),
        ("Where did the woman who built the tower live?", "the woman who built the tower", "Who built the tower?"),
        (
            "Where is the firm that built the ropeway based?",
            "the firm that built the ropeway",
            "Which firm built the ropeway?",
        ),
        ("Where was the founder of Orla from?", "the founder of Orla", "Who is the founder of Orla?"),
        (
            "How old is the town where Orla has its seat?",
            "the town where Orla has its seat",
            "Where Orla has its seat?",
        ),
    ],
)
def test_what_leads_over_another_answer_is_told(question, phrase, first):
    found = hop(question)
    assert found is not None and found.phrase == phrase and found.first[0] == first
    assert "Ada Wren" in found.then("Ada Wren") and phrase not in found.then("Ada Wren")


@pytest.mark.parametrize(
    "question",
    [
        "Who is the author of The Salt Road?",
        "What is the capital of Peru?",
        "How high is the tower of the lighthouse?",
        "Who voted against it?",
        "the author of",
        "",
    ],
)
def test_what_asks_for_no_more_than_a_name_leads_over_nothing(question):
    assert hop(question) is None


@pytest.mark.parametrize(
    ("short", "right"),
    [("Ada Wren", True), ("ada wren", False), ("The Salt Road", False), ("", False), ("A" * 61, False)],
)
def test_only_a_new_name_stands_in_for_what_is_led_over(short, right):
    assert named(short, "Who wrote The Salt Road?") is right
