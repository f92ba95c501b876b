"""The trained reader inside the quoting one: what it adds, when it is not asked, and what silence costs."""

import pytest

from assistant import Assistant, Settings
from assistant.errors import BadSetting
from assistant.ranking import CROSS_WEIGHT, RANK, READER, WEIGHT, searched
from assistant.readers.trained.spans import KEPT, Found, SpanReader, english, shipped
from assistant.readers.weigh import FARTHEST, at_length, likelihood, of_reading
from assistant.risk import CURVE, at_most
from index.bundled import BundledEmbedder
from index.rank import Ranker

HARBOUR = """# The harbour of Tellin

The old harbour of Tellin was built by Mara Veldt in 1907. The harbour cost the town 41,000 crowns. The
ferry to Orsk leaves every morning at seven, except on Sundays. Nobody may swim inside the breakwater.
"""


@pytest.fixture(scope="module")
def harbour(tmp_path_factory):
    settings = Settings(model=None, store="memory")
    with Assistant.open(tmp_path_factory.mktemp("harbour"), settings, embedder=BundledEmbedder()) as assistant:
        assistant.add_texts([("harbour.md", "", HARBOUR)])
        yield assistant


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Who built the harbour of Tellin?", "Mara Veldt"),
        ("What did the harbour cost?", "41,000 crowns"),
        ("When was the harbour of Tellin built?", "1907"),
    ],
)
def test_the_shortest_answer_is_marked_inside_its_sentence(harbour, question, short):
    answer = harbour.ask(question)
    assert answer.answered and short in answer.short and answer.short in answer.text
    assert len(answer.short) < len(answer.text) / 2 + len(short)
    for citation in answer.citations:
        assert HARBOUR[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    "question", ["Who demolished the airport of Tellin?", "What is the capital of Mongolia?", "How do bees make honey?"]
)
def test_what_the_documents_do_not_hold_is_not_answered(harbour, question):
    assert not harbour.ask(question).answered


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("Who built the harbour?", True),
        ("Tellin harbour", True),
        ("41,000?", True),
        ("Wann wurde der Hafen von Tellin gebaut und womit?", False),
        ("Кто построил гавань?", False),
        ("誰が港を建てましたか", False),
        ("", True),
    ],
)
def test_only_what_may_be_english_is_given_to_a_reader_that_knows_no_other_language(question, read):
    assert english(question) is read


def test_a_question_that_is_not_english_is_answered_by_words_and_meaning(harbour, tmp_path):
    with Assistant.open(tmp_path, Settings(model=None, store="memory"), embedder=BundledEmbedder()) as assistant:
        assistant.add_texts([("hafen.md", "", "Der alte Hafen von Tellin wurde 1907 von Mara Veldt gebaut.")])
        assert "1907" in assistant.ask("Wann wurde der alte Hafen von Tellin gebaut?").text


def test_what_a_sentence_lacks_beside_the_best_one_is_told():
    best, other = Found(0, 4, 6.0, -2.0), Found(9, 12, 1.0, 0.5)
    first, second, third = of_reading([best, other, None])
    assert (first["margin"], first["null"], first["behind"]) == (6.0, -2.0, 0.0)
    assert second["behind"] == best.likely - other.likely > 0
    assert third == {"margin": -FARTHEST, "null": FARTHEST, "behind": FARTHEST}
    assert of_reading([Found(0, 1, 1e9, -1e9)])[0]["margin"] == FARTHEST


def test_a_sentence_that_the_reader_marks_is_the_likelier_one():
    known = {"cosine": 0.5, "coverage": 0.6, "missing": 0.0, "kind": 1.0, "passage": 1.0, "rank": 0.0}
    sure, unsure = of_reading([Found(0, 4, 8.0, -4.0)])[0], of_reading([Found(0, 4, -4.0, 4.0)])[0]
    assert 0 < likelihood(known | unsure) < likelihood(known | sure) < 1


def test_what_was_just_read_is_not_read_again():
    reader = shipped()
    asked = "Who built the harbour of Tellin?"
    first = reader.read(asked, [HARBOUR, "Nothing."])
    assert reader.read(asked, ["Nothing.", HARBOUR])[1] is first[0]
    reader.read(asked, [f"Passage {number}." for number in range(KEPT)])
    again = reader.read(asked, [HARBOUR])[0]
    assert again is not first[0] and again.best() == first[0].best()


def test_half_a_surrogate_pair_is_read_as_a_mark():
    (reading,) = shipped().read("\u202e\x00\ud800 who?", ["Mara \ud800 Veldt."])
    assert reading.best() is not None


def test_the_shipped_reader_is_one_for_all():
    assert shipped() is shipped() and isinstance(shipped(), SpanReader)


def test_the_threshold_for_a_share_of_wrong_answers_is_the_least_that_keeps_it():
    assert [risk.threshold for risk in CURVE] == sorted(risk.threshold for risk in CURVE)
    assert [risk.wrong for risk in CURVE] == sorted((risk.wrong for risk in CURVE), reverse=True)
    assert [risk.coverage for risk in CURVE] == sorted((risk.coverage for risk in CURVE), reverse=True)
    middle = CURVE[len(CURVE) // 2]
    assert at_most(middle.wrong * 100) == middle and at_most(100) == CURVE[0]
    assert Settings(most_wrong=middle.wrong * 100).refuse_below == middle.threshold
    assert Settings(most_wrong=50, refuse_below=0.3).refuse_below == 0.3


@pytest.mark.parametrize("percent", [-1, 0, 101])
def test_a_share_that_was_not_measured_is_refused_in_a_sentence(percent):
    with pytest.raises(BadSetting, match="cannot be promised; the measured range is"):
        Settings(most_wrong=percent)


def test_a_reader_that_there_is_not_is_refused_in_a_sentence():
    with pytest.raises(BadSetting, match="there is no reader 'llm'; 'trained' or 'rules' would work"):
        Settings(reader="llm")
    with pytest.raises(BadSetting, match="with the trained reader only"):
        Settings(reader="rules", most_wrong=20)


def test_the_trained_reader_re_orders_what_was_found_where_it_is_named(tmp_path):
    settings = Settings(model=None, store="memory", ranker="reader")
    with Assistant.open(tmp_path, settings, embedder=BundledEmbedder()) as assistant:
        assistant.add_texts([("a.md", "", "Who built what in Tellin is not known."), ("b.md", "", HARBOUR)])
        hits = {hit.passage.source: hit.by["reader"] for hit in assistant.search("Who built the harbour of Tellin?")}
    assert hits["b.md"].rank == 1 and 0 < hits["a.md"].score < 0.5 < hits["b.md"].score < 1


def test_at_length_what_the_search_found_says_more_and_the_reader_less():
    near, far = at_length(0.3, 1.2), at_length(0.3, 0.6)
    assert far < 0.3 < near
    assert at_length(0.6, 1.0) - at_length(0.3, 1.0) < 0.3
    chances = [at_length(likely, 1.0) for likely in (0.0, 0.1, 0.5, 0.9, 1.0)]
    assert chances == sorted(chances) and chances[0] >= 0 and chances[-1] <= 1


@pytest.mark.parametrize(("name", "weight"), [(READER, WEIGHT), (RANK, CROSS_WEIGHT)])
def test_what_a_re_ranker_added_is_no_score_of_the_search(tmp_path, name, weight):
    with Assistant.open(tmp_path, Settings(model=None, store="memory"), embedder=BundledEmbedder()) as assistant:
        assistant.add_texts([("harbour.md", "", HARBOUR)])
        hits = assistant.search("Who built the harbour?")
    again = Ranker(lambda question, texts: [0.9 for _ in texts], weight, name=name)("Who built the harbour?", hits)
    assert [searched(hit) for hit in again] == pytest.approx([hit.score for hit in hits])
    assert again[0].score > hits[0].score


PLAN = """# The plan

## What members should do

Members of the Alder plan should compare the costs of providers before a visit, keep their receipts for two years, and
call the plan where a bill seems wrong.

## What the plan leaves out

The Alder plan does not pay for cosmetic surgery, nor for massages that no doctor has ordered.
"""


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What should members of the Alder plan do before a visit?", "compare the costs"),
        ("What services does the Alder plan not pay for?", "cosmetic surgery"),
    ],
)
def test_an_open_question_on_a_manual_is_answered(tmp_path, question, said):
    settings = Settings(model=None, store="memory")
    with Assistant.open(tmp_path, settings, embedder=BundledEmbedder()) as assistant:
        assistant.add_texts([("plan.md", "", PLAN)])
        answer = assistant.ask(question)
        assert answer.answered and said in answer.text
        assert not assistant.ask("What should gardeners do when snow lies on the roof?").answered
