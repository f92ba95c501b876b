from assistant.suggest import Suggested, answerable, made_from
from assistant.types import Answer
from index.types import Passage


def made(text):
    return [each.question for each in made_from([Passage("1", "a.txt", text, 0, len(text))])]


def test_questions_are_made_from_what_sentences_say():
    assert made("The landlord is Bertram Kling.") == ["Who is the landlord?"]
    assert made("Owen Black organises the summer fair.") == ["Who organises the summer fair?"]
    assert made("A ticket costs 6 pounds.") == ["How much does a ticket cost?"]
    assert made("The warranty lasts three years.") == ["How long does the warranty last?"]
    assert made("The bridge was opened on 5 May 1932.") == ["When was the bridge opened?"]
    assert made("At least 76 people had been killed.") == ["How many people had been killed?"]
    assert made("There were 61 complaints.") == ["How many complaints were there?"]
    assert made("The company has seven shops.") == ["How many shops does the company have?"]
    assert made("Smoking is not allowed in the flat.") == ["Is smoking allowed in the flat?"]


def test_no_question_is_made_of_what_names_nothing():
    assert made("It was opened on 5 May 1932. The same is a shame. They left. There is more.") == []


def test_what_is_suggested_is_answered_from_its_own_sentence(shelf):
    for source in ("lease.md", "minutes.md"):
        suggested = shelf.suggestions(source)
        assert 1 <= len(suggested) <= 3
        for question in suggested:
            answer = shelf.ask(question, within=[source])
            assert answer.answered and answer.citations


def test_what_the_reader_cannot_answer_is_not_suggested():
    suggested = [Suggested("Who is it?", "person", "a.txt", 0, 5)]
    assert answerable(suggested, lambda question: Answer(question), 3) == []


def test_nothing_is_tried_once_it_is_not_to_go_on():
    suggested = [Suggested(f"Who is {name}?", "person", "a.txt", 0, 5) for name in ("Ann Bell", "Cid Dorn")]
    asked = []
    assert answerable(suggested, lambda q: asked.append(q) or Answer(q), 3, going=lambda: not asked) == []
    assert asked == ["Who is Ann Bell?"]


def test_after_an_answer_other_questions_are_suggested(shelf):
    answer = shelf.ask("Who is the landlord?")
    further = shelf.further(answer)
    assert "Who is the landlord?" not in further
    for question in further:
        assert shelf.ask(question).answered
