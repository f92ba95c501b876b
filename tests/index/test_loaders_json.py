"""JSON, lines of it, and notebooks."""

from __future__ import annotations

import pytest

from assistant.cite import citation
from index.errors import DamagedFile
from index.loaders import ipynb, json, jsonl
from tests.index.documents_json import write_value


def test_values_stand_on_lines_with_their_paths(tmp_path):
    value = {"name": "Ferries", "items": [{"town": "Holm", "hours": [9, 10]}, {"town": "Vik", "open": None}], "n": 1.5}
    document = json.load(write_value(tmp_path / "a.json", value))
    assert document.text == "name: Ferries\nn: 1.5\n\ntown: Holm\nhours: 9, 10\n\ntown: Vik\nopen: null"
    assert [block.context for block in document.blocks] == ["", "", "items › 1", "items › 1", "items › 2", "items › 2"]
    at = document.text.index("Vik")
    assert citation(document, at, at + 3, 1).locator == "items › 2 › town"


@pytest.mark.parametrize(
    ("raw", "words"),
    [('{"a": 1,}', "line 1, column"), ("[" * 100_000, "too deep"), ("no", "no JSON")],
)
def test_what_is_no_json_is_read_as_text(tmp_path, raw, words):
    path = tmp_path / "a.json"
    path.write_text(raw)
    document = json.load(path)
    assert document.text == raw
    assert words in document.warnings[0] and document.warnings[0].endswith("it was read as plain text")


def test_values_nested_deep_are_read(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"a": ' * 400 + '"deep"' + "}" * 400)
    assert json.load(path).text == "a: deep"


def test_a_line_that_is_no_json_is_kept_and_told(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": "one"}\n\nbroken {\n["long enough to stand on a line of its own, it seems", 2]\n')
    document = jsonl.load(path)
    assert document.text == "a: one\n\nbroken {\n\nlong enough to stand on a line of its own, it seems\n2"
    assert document.warnings == ("line 3 is no JSON and kept as written",)
    assert [block.cell for block in document.blocks] == ["line 1 › a", "line 3", "line 4 › 1", "line 4 › 2"]


def test_a_notebook_has_its_code_and_what_it_gave_out(tmp_path):
    outputs = [
        {"output_type": "stream", "text": ["\x1b[31mred\x1b[0m\n", "words\n"]},
        {"output_type": "display_data", "data": {"text/plain": "<Figure>", "image/png": "aGk="}},
        {"output_type": "error", "ename": "ValueError", "evalue": "no"},
    ]
    cells = [
        {"cell_type": "markdown", "source": "## Plan\n\n- one\n- two"},
        {"cell_type": "code", "source": ["x = 1\n", "print(x)"], "outputs": outputs},
        {"cell_type": "raw", "source": ""},
    ]
    document = ipynb.load(write_value(tmp_path / "a.ipynb", {"cells": cells}))
    assert document.text == "## Plan\n\n- one\n- two\n\nx = 1\nprint(x)\n\nred\nwords\n\n<Figure>\n\nValueError: no"
    assert [page.label for page in document.pages] == ["cell 1", "cell 2", "cell 3"]
    assert document.title == "Plan" and document.warnings[0].endswith("not read: 1")
    at = document.text.index("print")
    assert citation(document, at, at + 8, 1).locator == "cell 2"
    with pytest.raises(DamagedFile, match="no notebook"):
        ipynb.load(write_value(tmp_path / "b.ipynb", [1]))


@pytest.mark.parametrize("number", ["1.10", "1E5", "-0.0", "9" * 5_000])
def test_a_number_is_kept_as_it_is_written(tmp_path, number):
    path = tmp_path / "a.json"
    path.write_text(f'{{"fare": {number}}}')
    assert json.load(path).text == f"fare: {number}"


def test_a_name_that_is_given_twice_loses_no_value(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"fare": 1, "fare": 2}')
    assert json.load(path).text == "fare: 1\nfare: 2"
