import pytest
from langchain_core.tracers.context import collect_runs

from assistant import Assistant, Settings, Turn
from assistant.errors import BadQuestion, BadSetting, NoDocuments
from assistant.sample import SAMPLE, add_sample_if_new
from index.errors import UnknownDocument
from tests.stub import Scripted, WordEmbedder


def with_model(tmp_path, replies, **more):
    settings = Settings(model=None, store="memory", refuse_below=0.02, **more)
    assistant = Assistant.open(tmp_path / "library", settings, embedder=WordEmbedder(), model=Scripted(replies=replies))
    assistant.add(SAMPLE)
    return assistant


def test_the_sample_is_answered_with_a_quotation_that_stands_in_it(sample):
    answer = sample.ask("How many people have been killed?")
    assert answer.answered and answer.complete and answer.stage == "done"
    assert "76" in answer.short and answer.short in answer.text
    text = SAMPLE.read_text()
    for citation in answer.citations:
        assert text[citation.start : citation.end] == citation.quote
    assert answer.citations[0].source == SAMPLE.name
    assert answer.searched.meaning == answer.searched.total > 0
    assert str(answer).count("[1]") == 2


def test_what_is_not_in_the_documents_is_said_with_the_closest_passages(sample):
    answer = sample.ask("Which quantum flavour does gluten paint?")
    assert answer.outcome == "not_found" and not answer.answered
    assert answer.text == "" and answer.citations == ()
    assert len(answer.hits) >= 3


def test_a_reason_is_found_beside_the_fact(sample):
    answer = sample.ask("Why did the United Kingdom stop sharing intelligence?")
    assert "because" in answer.text


def test_a_follow_up_carries_the_topic(sample):
    first = sample.ask("Who is the head of US Southern Command?")
    answer = sample.ask("What did he offer?", history=[Turn(first.question, first)])
    assert answer.asked != "What did he offer?"
    assert "resignation" in answer.text


def test_a_new_topic_is_not_mixed_with_the_last_one(sample):
    first = sample.ask("Why did the United Kingdom stop sharing intelligence?")
    answer = sample.ask("Who offered his resignation?", history=[Turn(first.question, first)])
    assert answer.asked == "Who offered his resignation?"
    assert "Alvin Holsey" in answer.short and answer.short in answer.text


def test_a_follow_up_that_finds_nothing_is_asked_again_as_it_stands(sample):
    history = [Turn("How do whales sing under water?", "They do.")]
    ruled = Assistant(sample.index, Settings(model=None, store="memory", refuse_below=0.06, reader="rules"))
    answer = ruled.ask("Did they leave Florida, the task force?", history=history)
    assert answer.asked == "Did they leave Florida, the task force?"
    assert "Florida" in answer.text


def test_an_answer_grows_in_whole_values(sample):
    values = list(sample.stream("How many people have been killed?"))
    assert [v.stage for v in values] == ["searching", "reading", "done"]
    assert [v.complete for v in values] == [False, False, True]
    assert values[1].hits == values[-1].hits != ()


def test_the_scope_of_a_question_is_kept(sample, tmp_path):
    (tmp_path / "other.txt").write_text("In the village fair, 12 people won a cake and were happy.")
    sample.add(tmp_path / "other.txt")
    answer = sample.ask("How many people won a cake?", within=["other.txt"])
    assert {citation.source for citation in answer.citations} == {"other.txt"}
    assert {hit.passage.source for hit in answer.hits} == {"other.txt"}
    with pytest.raises(UnknownDocument):
        sample.ask("How many?", within=["nothing.txt"])


def test_a_greeting_gets_a_plain_reply(sample):
    answer = sample.ask("Hello!")
    assert answer.outcome == "plain" and answer.text and not answer.citations


@pytest.mark.parametrize("question", ["", "  ", "\n"])
def test_an_empty_question_is_refused(sample, question):
    with pytest.raises(BadQuestion, match="empty"):
        sample.ask(question)


@pytest.mark.parametrize("question", ['"foo AND (', "why " * 2_500, "?!", "' OR 1=1 --", "\u202e\u0000\ud800"])
def test_odd_questions_are_answered_without_an_error(sample, question):
    assert sample.ask(question).complete


def test_a_question_before_any_document_is_refused(tmp_path):
    empty = Assistant.open(tmp_path / "library", Settings(model=None, store="memory"), embedder=WordEmbedder())
    with empty, pytest.raises(NoDocuments, match="add one"):
        empty.ask("What?")


def test_the_sample_is_added_to_a_new_library_and_never_again(tmp_path):
    with Assistant.open(
        tmp_path / "library", Settings(model=None, store="memory"), embedder=WordEmbedder()
    ) as assistant:
        assert add_sample_if_new(assistant)
        assert not add_sample_if_new(assistant)
        assistant.remove(SAMPLE.name)
        assert not add_sample_if_new(assistant)


def test_a_chat_model_writes_over_the_quoted_answer(tmp_path):
    with with_model(tmp_path, {"killed": ["At least 76 people ", "died. [1", ".1] Nobody knows why."]}) as assistant:
        values = list(assistant.stream("How many people have been killed?"))
    answer = values[-1]
    assert answer.complete and answer.text == "At least 76 people died. Nobody knows why."
    assert [claim.verdict for claim in answer.claims] == ["cited", "unsupported"]
    assert any(v.claims and v.claims[0].verdict == "quoted" for v in values[:-1]), "the quoted answer comes first"
    assert values[-1].citations[0].quote in SAMPLE.read_text()
    assert "[1.1] " in assistant._model.seen[0]


def test_strict_leaves_out_what_the_model_could_not_source(tmp_path):
    with with_model(
        tmp_path, {"killed": ["At least 76 people were killed. [1][2][3] Nobody knows why."]}, strict=True
    ) as assistant:
        answer = assistant.ask("How many people have been killed?")
    assert answer.text == "At least 76 people were killed."


def test_a_model_may_say_that_it_is_not_in_the_documents(tmp_path):
    with with_model(tmp_path, {"killed": ["NOT IN THE", " DOCUMENTS"]}) as assistant:
        values = list(assistant.stream("How many people have been killed?"))
    assert values[-1].outcome == "not_found"
    assert not any("NOT IN" in value.text for value in values)


def test_a_model_that_fails_at_once_leaves_the_quoted_answer(tmp_path):
    with with_model(tmp_path, {"killed": [ConnectionError("no")]}) as assistant:
        answer = assistant.ask("How many people have been killed?")
    assert answer.answered and answer.complete and answer.claims[0].verdict == "quoted"
    assert "cannot be reached" in answer.notes[0] and "quoted" in answer.notes[0]


def test_a_model_that_breaks_off_never_passes_for_whole(tmp_path):
    with with_model(tmp_path, {"killed": ["At least 76 died. [1.1] And then", TimeoutError()]}) as assistant:
        answer = assistant.ask("How many people have been killed?")
    assert not answer.complete and answer.text.startswith("At least 76 died.")
    assert "broke off" in answer.notes[-1]


def test_a_model_that_names_no_source_does_not_replace_the_quoted_answer(tmp_path):
    with with_model(tmp_path, {"killed": ["Some people died, I think. [9.9]"]}) as assistant:
        answer = assistant.ask("How many people have been killed?")
    assert answer.complete and answer.claims[0].verdict == "quoted"
    assert "named no source" in answer.notes[0]


def test_a_model_that_does_not_end_is_stopped(tmp_path):
    with with_model(tmp_path, {"killed": ["At least 76 died. [1.1] "] * 5_000}) as assistant:
        answer = assistant.ask("How many people have been killed?")
    assert not answer.complete and len(answer.text) < 10_000
    assert "stopped" in answer.notes[-1]


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("gpt-4o", "provider|openai:gpt"),
        ("ollama:", "openai:gpt"),
        ("anthropic:claude-3", r"pip install 'document-assistant\[anthropic\]'"),
    ],
)
def test_a_model_that_cannot_be_made_is_said_with_the_remedy(tmp_path, model, words):
    with pytest.raises(BadSetting, match=words):
        Assistant.open(tmp_path / "library", Settings(model=model), embedder=WordEmbedder())


def test_settings_come_from_the_environment_and_what_is_given_wins(monkeypatch):
    monkeypatch.setenv("ASSISTANT_MODEL", "ollama:qwen3")
    monkeypatch.setenv("ASSISTANT_PASSAGES", "5")
    assert Settings().model == "ollama:qwen3"
    assert Settings().passages == 5
    assert Settings(model=None).model is None
    monkeypatch.setenv("ASSISTANT_PASSAGES", "many")
    with pytest.raises(ValueError, match="ASSISTANT_PASSAGES is 'many'"):
        Settings()


def test_a_written_answer_is_a_run_that_langchain_users_can_trace(tmp_path):
    with with_model(tmp_path, {"killed": ["At least 76 died. [1.1]"]}) as assistant, collect_runs() as collected:
        assistant.ask("How many people have been killed?")
    [run] = collected.traced_runs
    assert run.name == "answer"
    assert {child.name for child in run.child_runs} == {"Scripted"}
    assert run.outputs["output"] == "At least 76 died. [1.1]"
    assert run.inputs["question"] == "How many people have been killed?"


def test_prompts_may_come_from_a_folder(tmp_path):
    folder = tmp_path / "prompts"
    folder.mkdir()
    (folder / "answer_rules.md").write_text("Answer in rhyme.")
    with with_model(tmp_path, {"killed": ["At least 76 died. [1]"]}, prompts=str(folder)) as assistant:
        assistant.ask("How many people have been killed?")
        assert assistant._model.seen[0].startswith("Answer in rhyme.")
        assert {"again", "answer", "answer_rules", "cite", "rewrite", "shorter"} <= set(assistant.prompts())
    with pytest.raises(BadSetting, match="no prompt 'rules'"):
        (folder / "rules.md").write_text("x")
        with_model(tmp_path, {}, prompts=str(folder))
