import pytest

import prompts
from prompts import PromptError, names, render


def test_every_prompt_is_filled_in_without_its_comment():
    shown = {"passages": "P", "question": "Q", "fence": "F"}
    values = {"answer": shown, "cite": {**shown, "answer": "A"}, "rewrite": {"history": "H", "question": "Q"}}
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
        ("nothing", {}, "there are answer, answer_rules, cite, rewrite"),
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
