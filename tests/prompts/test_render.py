from pathlib import Path

import pytest

import prompts
from prompts import OURS, PromptError, Prompts, names, render


def test_every_prompt_is_filled_in_without_its_comment():
    shown = {"passages": "P", "question": "Q", "fence": "F"}
    values = {"answer": shown, "cite": {**shown, "answer": "A"}, "rewrite": {"history": "H", "question": "Q"}}
    values["again"] = {**values["cite"], "wish": "W"}
    values["verdict"] = {"passages": "P", "fence": "F", "claim": "C"}
    for name in names():
        text = render(name, **values.get(name, {}))
        assert text and "<!--" not in text and "$" not in text


def test_what_stands_in_a_value_is_never_filled_in():
    text = render("answer", passages="costs $5, $question, ${passages}", question="$passages?", fence="F")
    assert "costs $5, $question, ${passages}" in text and "$passages?" in text


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("answer", {"passages": "P", "fence": "F"}, r"wants a value for \$question"),
        ("answer", {"passages": "P", "question": "Q", "fence": "F", "more": 1}, "no place for 'more'"),
        ("nothing", {}, "there are again, anew, answer, answer_rules, cite, longer, rewrite"),
        ("../secret", {}, "there is no prompt"),
    ],
)
def test_missing_unused_and_unknown_are_refused(name, values, words):
    with pytest.raises(PromptError, match=words):
        render(name, **values)


def test_a_lone_dollar_in_a_prompt_is_refused(tmp_path, monkeypatch):
    (tmp_path / "bad.md").write_text("costs $ 5")
    monkeypatch.setattr(prompts, "files", lambda package: tmp_path)
    with pytest.raises(PromptError, match="lone"):
        render("bad")


def test_a_folder_takes_the_place_of_some_prompts_and_their_hashes_change(tmp_path):
    (tmp_path / "cite.md").write_text("<!-- ours -->\n$passages $fence $question $answer: sources?")
    theirs = Prompts(tmp_path)
    values = {"passages": "P", "fence": "F", "question": "Q", "answer": "A"}
    assert theirs.render("cite", **values) == "P F Q A: sources?"
    assert theirs.render("answer_rules") == render("answer_rules")
    ours, changed = OURS.hashes(), theirs.hashes()
    assert {name for name in ours if ours[name] != changed[name]} == {"cite"}
    (tmp_path / "cite.md").write_text("<!-- another comment -->\n$passages $fence $question $answer: sources?")
    assert Prompts(tmp_path).hashes() == changed


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("anwser.md", "x", "there is no prompt 'anwser'"),
        ("answer.md", "$passages $question", r"places for \$passages, \$question; it must have them for \$fence"),
        ("rewrite.md", "costs $ 5", "lone"),
    ],
)
def test_a_folder_with_a_prompt_that_cannot_work_is_refused(tmp_path, file, text, words):
    (tmp_path / file).write_text(text)
    with pytest.raises(PromptError, match=words):
        Prompts(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(PromptError, match="is not there"):
        Prompts(tmp_path / "nothing")


def test_each_prompt_says_what_it_is_for_and_what_was_measured():
    for name in names():
        text = (Path(prompts.__file__).parent / f"{name}.md").read_text()
        comment = text.partition("-->")[0]
        assert comment.startswith("<!-- ") and "easured" in comment, name
