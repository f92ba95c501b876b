"""What the reader learns from: offsets, whole articles held out, and questions that a passage cannot answer."""

from dataclasses import replace
from random import Random

import pytest

from assistant.evaluation.normal import contains
from assistant.readers.training import data, derive
from assistant.readers.training.antonyms import ANTONYMS
from assistant.readers.training.mine import Mined
from tests.assistant.readers import sets

TITLES = sets.TITLES


def siblings(word):
    return {"dam": ("bridge",), "tower": ("gate",), "railway": ("road",)}.get(word, ())


WAYS = derive.derivations(siblings)


@pytest.fixture
def examples(tmp_path):
    return data.read(sets.write(tmp_path), ["wiki"])


def made(kind, examples, tries=20):
    """All different examples that a derivation makes, each with the one that it was made of."""
    beside = data.articles(examples)
    pairs = [(e, WAYS[kind](Random(n), e, beside[e.article])) for e in examples for n in range(tries)]
    return {(old, new) for old, new in pairs if new}


def test_every_answer_stands_at_its_offsets(examples):
    assert len(examples) == 5
    for example in examples:
        assert example.answers
        assert {example.passage[start:end] for start, end in example.answers} == set(example.accepted)


def test_the_stretch_that_most_people_marked_is_learnt(examples):
    dam = next(example for example in examples if example.question.startswith("Who designed"))
    assert dam.passage[slice(*dam.target)] == "Irena Holm"


def test_white_space_around_an_answer_is_no_part_of_it(tmp_path):
    folder = sets.write(tmp_path, (), [("Belmar", [sets.paragraph(sets.RIVER, ("Which city?", [" Belmar"]))])])
    (example,) = data.read(folder, ["wiki"])
    assert example.passage[slice(*example.target)] == "Belmar"


def test_an_offset_that_does_not_fit_is_refused(tmp_path):
    file = sets.write(tmp_path) / "squadshifts" / "new_wiki_v1.0.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"answer_start": ', '"answer_start": 1'), encoding="utf-8")
    with pytest.raises(ValueError, match="does not stand at"):
        data.read(tmp_path, ["wiki"])


def test_squad_is_not_among_the_sets():
    assert not any(file.startswith(("squad/", "dev-")) for file in data.FILES.values())


def test_articles_are_held_out_whole(tmp_path):
    examples = data.read(sets.write(tmp_path, TITLES), ["wiki"])
    parts = {name: data.of_part(examples, name) for name in (data.TRAIN, data.TUNE, data.REPORT)}
    assert all(parts.values())
    assert sum(map(len, parts.values())) == len(examples)
    articles = [{example.article for example in part} for part in parts.values()]
    assert not set.intersection(articles[0], articles[1] | articles[2]) and not articles[1] & articles[2]


def test_a_passage_that_two_parts_share_is_in_neither(tmp_path):
    one = next(title for title in TITLES if data.part(f"wiki/{title}") == data.TRAIN)
    other = next(title for title in TITLES if data.part(f"wiki/{title}") == data.REPORT)
    shared = [sets.paragraph(sets.TRAIN, ("When was it closed?", ["1962"]))]
    assert data.read(sets.write(tmp_path, (), [(one, shared), (other, shared)]), ["wiki"]) == []
    assert len(data.read(sets.write(tmp_path / "alone", (), [(one, shared)]), ["wiki"])) == 1


@pytest.mark.parametrize("kind", [kind for kind in WAYS if kind != "renamed both"])
def test_a_derived_example_differs_and_claims_no_answer(kind, examples):
    found = made(kind, examples)
    assert found
    for old, new in found:
        assert new.kind == kind and new.answers == () and new.target is None
        assert (new.question, new.passage) != (old.question, old.passage)
        assert new.question == old.question or new.passage == old.passage


def test_a_name_is_swapped_for_one_that_is_neither_asked_nor_the_answer(examples):
    for old, new in made("name", examples):
        (fresh,) = {name for _, _, name in derive.names(new.question)} - {
            name for _, _, name in derive.names(old.question)
        }
        assert fresh not in old.question and not any(fresh in answer for answer in old.accepted)


def test_no_name_is_swapped_where_the_answer_is_the_only_other_one():
    passage = "Duke Emil met King Aldo at the gate."
    example = data.Example("Whom did Duke Emil meet?", passage, ((14, 23),), ("King Aldo",), "wiki", "a")
    beside = data.Article((passage,))
    assert passage[14:23] == "King Aldo"
    assert all(derive.swap_name(Random(n), example, beside) is None for n in range(10))
    other = data.Article((passage, "Irena Holm drew it."))
    assert any(derive.swap_name(Random(n), example, other) for n in range(10))


def test_a_year_is_swapped_for_another_year(examples):
    for old, new in made("number", examples):
        (before,), (after,) = (
            [w for w in text.rstrip("?").split() if w.isdigit()] for text in (old.question, new.question)
        )
        assert before != after and len(after) == 4


def test_a_negation_is_put_in_or_taken_out(examples):
    pairs = {(old.question, new.question) for old, new in made("negation", examples)}
    assert (
        "When did engineers of Norvia build the first dam?",
        "When didn't engineers of Norvia build the first dam?",
    ) in pairs
    assert ("Who built Belmar Castle in 1204?", "Who never built Belmar Castle in 1204?") in pairs
    assert any(old == new.replace("open", "not open", 1) for old, new in pairs)


def test_an_antonym_takes_a_words_place(examples):
    pairs = {(old.question, new.question) for old, new in made("antonym", examples)}
    assert (
        "When did engineers of Norvia build the first dam?",
        "When did engineers of Norvia build the last dam?",
    ) in pairs
    assert all(word in ANTONYMS[other] for word, others in ANTONYMS.items() for other in others)


def test_names_change_roles(examples):
    pairs = {(old.question, new.question) for old, new in made("roles", examples)}
    dam = (
        "Who designed the dam that Norvia built on the Ottava?",
        "Who designed the dam that Ottava built on the Norvia?",
    )
    assert dam in pairs


def test_a_renamed_passage_no_longer_has_what_the_question_names(examples):
    for old, new in made("renamed", examples):
        named = [name for _, _, name in derive.names(old.question, skip_first=True)]
        named += [word for word in old.question.rstrip("?").split() if word.isdigit()]
        assert any(name in old.passage and name not in new.passage for name in named)


def test_a_passage_and_question_renamed_together_keep_the_answer_at_its_place(examples):
    found = made("renamed both", examples)
    assert found
    for old, new in found:
        assert new.question != old.question and new.passage != old.passage
        assert {new.passage[start:end] for start, end in new.answers} == set(new.accepted)
        assert new.passage[slice(*new.target)] == old.passage[slice(*old.target)]


@pytest.mark.parametrize("kind", ["neighbour", "cut"])
def test_a_changed_passage_does_not_hold_the_answers_words(kind, examples):
    for old, new in made(kind, examples):
        assert new.question == old.question and not contains(new.passage, old.accepted)


def test_only_the_sentence_with_the_answer_is_cut(examples):
    dam = next(example for example in examples if example.question.startswith("Who designed"))
    new = derive.cut(Random(0), dam, data.Article(()))
    assert "Engineers of Norvia built the first dam in 1931." in new.passage and "84 metres" not in new.passage


def lone(passage, answer):
    """An example whose answer is the first of its words in the passage."""
    start = passage.index(answer)
    return data.Example("Which gate?", passage, ((start, start + len(answer)),), (answer,), "wiki", "a")


def test_every_sentence_that_repeats_the_answer_is_cut():
    rest = "Nobody knows when the wall was built, but it is older than the castle, the road and the bridge. "
    new = derive.cut(Random(0), lone(f"The green gate is open. {rest}{rest}The Green Gate closes.", "green gate"), None)
    assert new.passage == f"{rest}{rest}".strip()


def test_nothing_is_cut_where_the_answer_would_still_be_read_across_two_sentences():
    rest = "Nobody knows when the wall was built, but it is older than the castle, the road and the bridge. "
    passage = f"The green gate is open. {rest}The door is green. Gate money is due."
    assert derive.cut(Random(0), lone(passage, "green gate"), None) is None


def test_a_mined_passage_is_found_by_the_questions_words_and_lacks_the_answer(examples):
    castle = next(example for example in examples if example.question.startswith("Who built Belmar"))
    new = Mined(examples)(Random(0), castle, data.Article(()))
    assert new.passage != castle.passage and "Belmar" in new.passage and not contains(new.passage, castle.accepted)
    told = replace(castle, passage="King Aldo built Belmar Castle in 1204, people say.", answers=())
    found = {Mined([*examples, told])(Random(n), castle, data.Article(())).passage for n in range(10)}
    assert told.passage not in found and castle.passage not in found and len(found) == 2


def test_an_epoch_is_the_same_for_the_same_seed_and_another_for_another(tmp_path):
    examples = data.read(sets.write(tmp_path, TITLES[:6]), ["wiki"])
    mix = data.Mix({data.ANSWERED: 1.0, "name": 0.5, "cut": 0.5})
    first, again, other = (data.epoch(examples, WAYS, mix, seed) for seed in ("1", "1", "2"))
    assert first == again != other
    assert {example.kind for example in first} == {data.ANSWERED, "name", "cut"}


def test_a_plain_domain_yields_no_changed_questions(tmp_path):
    examples = data.read(sets.write(tmp_path), ["wiki"])
    mix = data.Mix({data.ANSWERED: 1.0, "name": 1.0, "cut": 1.0}, plain=("wiki",))
    assert {example.kind for example in data.epoch(examples, WAYS, mix, "1")} == {data.ANSWERED, "cut"}


def test_a_kind_that_does_not_exist_is_refused(examples):
    with pytest.raises(ValueError, match=r"no such kinds.*'rhyme'"):
        data.epoch(examples, WAYS, data.Mix({"rhyme": 1.0}), "1")


def test_a_missing_set_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="new_wiki"):
        data.read(tmp_path, ["wiki"])
