from assistant import Assistant, Settings
from assistant.evaluation import evaluate
from assistant.sample import SAMPLE
from prompts import OURS
from tests.stub import Scripted, WordEmbedder


def report(tmp_path, model):
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"question": "How many people have been killed?", "answers": ["76"]}\n')
    settings = Settings(model=None, store="memory", refuse_below=0.02)
    with Assistant.open(tmp_path / "library", settings, embedder=WordEmbedder(), model=model) as assistant:
        assistant.add(SAMPLE)
        return evaluate(questions, assistant=assistant)


def test_a_report_names_the_hash_of_each_prompt_that_was_used(tmp_path):
    replies = {"How many": ["At least 76 people were killed. [1]"]}
    assert report(tmp_path, Scripted(replies=replies)).summary()["config"]["prompts"] == OURS.hashes()


def test_a_report_on_the_reader_that_quotes_names_none(tmp_path):
    assert "prompts" not in report(tmp_path, None).summary()["config"]
