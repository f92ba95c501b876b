import io
import json

import pytest

from assistant.evaluation.types import Case, Evidence
from tests.benchmarks import serve
from tests.benchmarks.drive import Broken, Driven, on_disk
from tests.benchmarks.measure import add, half
from tests.benchmarks.sets import Slice, _trial, timing_texts


class Whole:
    """A system whose passages are whole texts, found by a shared word."""

    k = 3

    def __init__(self):
        self.texts = []

    def add(self, texts):
        self.texts += texts
        return len(texts)

    def load(self, path):
        return self.add([(path, "a file")])

    def search(self, question, k):
        words = set(question.split())
        return [(source, None, None, text.strip()) for source, text in self.texts if words & set(text.split())][:k]

    def save(self):
        pass

    def shout(self, word):
        return {"word": word.upper()}


def asked(*requests):
    replies = io.StringIO()
    serve.serve(Whole(), [json.dumps(request) for request in requests], replies)
    return [json.loads(line) for line in replies.getvalue().splitlines()]


def test_a_system_says_its_own_k_first_and_answers_every_request():
    replies = asked(
        {"do": "add", "texts": [["a", "  red apples "], ["b", "green pears"]]},
        {"do": "load", "path": "c.pdf"},
        {"do": "search", "question": "red", "k": 5},
        {"do": "shout", "word": "on"},
        {"do": "save"},
        {"do": "never reached"},
    )
    assert replies == [{"k": 3}, {"passages": 2}, {"passages": 1}, {"found": [["a", 2, 12]]}, {"word": "ON"}, {}]


def test_the_peak_of_memory_is_that_of_the_process():
    (_, reply) = asked({"do": "memory"})
    assert 5e6 < reply["peak"] < 50e9


def test_a_chunk_is_located_though_its_white_space_differs():
    text = "One (two)\n\n three. Four."
    assert serve.located(text, "three.") == (12, 18)
    assert serve.located(text, "(two) three.") == (4, 18)
    assert serve.located(text, "five") is None
    assert serve.located(text, " ") == (3, 4)
    assert serve.placed([("a", None, None, "five"), ("a", 4, 9, "")], {"a": text}) == [["a", -1, -1], ["a", 4, 9]]


def test_a_running_system_is_driven_over_pipes(tmp_path):
    script = tmp_path / "echo.py"
    script.write_text(
        "import json, sys\n"
        "print(json.dumps({'k': 7}), flush=True)\n"
        "for line in sys.stdin:\n"
        "    if 'stop' in line: sys.exit('it had enough')\n"
        "    print(line.strip(), flush=True)\n"
    )
    system = Driven("ours", tmp_path, tmp_path / "logs" / "log", serve=script)
    try:
        assert system.k == 7
        assert system.call("search", question="ä") == {"do": "search", "question": "ä"}
        assert 0 < system.seconds < 5
        with pytest.raises(Broken, match="it had enough"):
            system.call("stop")
    finally:
        system.end()


def test_a_system_that_says_nothing_is_ended(tmp_path):
    script = tmp_path / "mute.py"
    script.write_text("import time\ntime.sleep(60)\n")
    with pytest.raises(Broken, match="without a word"):
        Driven("ours", tmp_path, tmp_path / "log", patience=0.3, serve=script)


def test_the_bytes_of_a_folder_are_those_of_all_its_files(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a").write_bytes(b"123")
    (tmp_path / "b").write_bytes(b"4")
    assert on_disk(tmp_path) == 4


def test_texts_are_added_in_batches_and_none_is_left_behind():
    class Counting:
        seconds = 0.5

        def __init__(self):
            self.calls = []

        def call(self, do, texts):
            self.calls.append(len(texts))
            return {"passages": len(texts)}

    system = Counting()
    assert add(system, [("a", "x" * 150_000), ("b", "x" * 60_000), ("c", "x")]) == (3, 1.0)
    assert system.calls == [2, 1]


def test_documents_are_named_by_numbers():
    case = Case("1", "who?", evidence=(Evidence("Rome/2", "he", 0, 2),))
    trial = _trial([("Rome/1", "she"), ("Rome/2", "he")], [case], 5, ("recall@5",), "")
    assert trial.texts == (("d0", "she"), ("d1", "he"))
    assert trial.cases[0].evidence[0].document == "d1"
    assert trial.characters == 5


def test_a_slice_takes_of_every_corpus_and_keeps_to_its_size(tmp_path):
    folder = tmp_path / "chunking"
    folder.mkdir()
    (folder / "short.md").write_text("ab")
    (folder / "long.md").write_text("c" * 100)
    rows = [
        f'what {name}?,"[{{""content"": ""{text}"", ""start_index"": 0, ""end_index"": 2}}]",{name}\n'
        for name, text in (("short", "ab"), ("long", "cc"))
    ]
    (folder / "questions_df.csv").write_text("question,references,corpus_id\n" + "".join(rows))
    assert [len(text) for _, text in timing_texts(tmp_path, 40)] == [2, 38]
    assert Slice().texts is None


def test_the_halves_are_told_apart_by_the_sha256_of_the_question():
    assert [half(question) for question in ("a", "b", "c", "d")] == [1, 1, 0, 0]
