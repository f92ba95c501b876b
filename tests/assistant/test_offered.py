"""Which chat models are found: those of an Ollama on loopback, and providers by whether a key is set."""

import importlib.util
import socket
import time

import pytest

from assistant import Settings
from assistant.models import chat_model, name_of
from assistant.offered import offered, place_of
from assistant.settings import ollama_address, stays_here
from tests.assistant.faulty import endless, raw, serving, status
from tests.ollama import running

KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY")


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    """No key in the environment, and an Ollama that is nowhere."""
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("OLLAMA_HOST", f"127.0.0.1:{taken.getsockname()[1]}")
        yield


def test_the_models_of_a_running_ollama_are_offered_and_what_is_no_chat_model_is_not(monkeypatch):
    with running() as (host, _):
        monkeypatch.setenv("OLLAMA_HOST", host)
        found, missed = offered()
    assert [(offer.model, offer.url, offer.goes_to) for offer in found] == [
        ("ollama:qwen3:4b", f"http://{host}", ""),
        ("ollama:gpt-oss:120b-cloud", f"http://{host}", "ollama.com"),
    ]
    assert "Ollama" not in missed


def test_nothing_found_is_said_in_a_sentence():
    found, missed = offered()
    assert found == []
    assert "no Ollama answers at http://127.0.0.1:" in missed
    assert all(name in missed for name in KEYS)


def test_a_key_is_offered_by_its_provider_and_never_read(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "secret-key-123")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "secret-key-456")
    found, missed = offered()
    assert [(offer.of, offer.goes_to, offer.named) for offer in found] == [
        ("OpenAI", "OpenAI", True),
        ("Anthropic", "Anthropic", True),
    ]
    assert found[0].missing == ""
    if importlib.util.find_spec("langchain_anthropic") is None:
        assert found[1].missing == "pip install 'document-assistant[anthropic]'"
    assert "secret" not in repr((found, missed))
    assert "GOOGLE_API_KEY" in missed and "OPENAI_API_KEY" not in missed


@pytest.mark.parametrize(
    "play",
    [
        status(500),
        raw(b"<html>", kind="text/html"),
        raw(b'["models"]', kind="application/json"),
        raw(b'{"models": [{"name": 5}, 7, {"name": "x\\ny"}]}', kind="application/json"),
        endless(b"x", 0.05),
        endless(b"x" * 100_000),
        status(302, Location="http://127.0.0.1:1/api/tags"),
    ],
    ids=["broken", "a page", "a list", "nonsense", "drips", "endless", "sends elsewhere"],
)
def test_what_answers_in_ollamas_place_offers_nothing_and_holds_nobody_up(play, monkeypatch):
    with serving(play) as (url, handler):
        handler.do_GET = lambda server: play(server)
        monkeypatch.setenv("OLLAMA_HOST", url.removesuffix("/v1"))
        began = time.monotonic()
        found, _ = offered()
    assert found == [] and time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("", "http://127.0.0.1:11434"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:9000", "http://127.0.0.1:9000"),
        (":9000", "http://127.0.0.1:9000"),
        ("gpu.local", "http://gpu.local:11434"),
        ("http://gpu.local", "http://gpu.local:80"),
        ("https://gpu.local/ollama/", "https://gpu.local:443/ollama"),
        ("[::1]:9000", "http://[::1]:9000"),
        ("host:port", "http://127.0.0.1:11434"),
    ],
)
def test_the_address_of_ollama_is_read_as_ollama_reads_it(monkeypatch, given, address):
    monkeypatch.setenv("OLLAMA_HOST", given)
    assert ollama_address() == address


def test_what_leaves_this_computer_is_known_by_its_address(monkeypatch):
    assert stays_here("http://localhost:1/v1") and stays_here("http://[::1]:1") and stays_here("http://127.0.0.9")
    assert not stays_here("http://127.0.0.1.example") and not stays_here("https://192.168.0.7") and not stays_here("x")
    for name in ("OPENAI_API_BASE", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    assert place_of("openai:gpt-4o-mini", None) == "OpenAI"
    monkeypatch.setenv("OPENAI_BASE_URL", "https://gateway.example/v1")
    assert place_of("openai:gpt-4o-mini", None) == "gateway.example"
    monkeypatch.setenv("OPENAI_API_BASE", "http://127.0.0.1:9/v1")
    assert place_of("openai:gpt-4o-mini", None) == ""
    assert place_of("openai:small", "http://127.0.0.1:8080/v1") == ""
    assert place_of("openai:small", "https://models.example/v1") == "models.example"
    assert place_of("ollama:qwen3", None) == ""
    monkeypatch.setenv("OLLAMA_HOST", "gpu.local")
    assert place_of("ollama:qwen3", None) == "gpu.local"


def test_ollama_needs_no_package_of_its_own_and_gets_no_key_of_another(monkeypatch):
    if importlib.util.find_spec("langchain_ollama") is not None:
        pytest.skip("the client of Ollama's own is installed, and used")
    monkeypatch.setenv("OPENAI_API_KEY", "secret-key-123")
    with running({"Hello": ["Good day."]}) as (host, handler):
        monkeypatch.setenv("OLLAMA_HOST", host)
        model = chat_model(Settings(model="ollama:qwen3:4b", model_url=None))
        assert "".join(chunk.text for chunk in model.stream("Hello")) == "Good day."
    assert name_of(model) == "qwen3:4b" and handler.asked[0]["model"] == "qwen3:4b"
    assert "secret" not in str(handler.heads)
