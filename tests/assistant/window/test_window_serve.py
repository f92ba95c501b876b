"""How the window is served: on a free port of this computer, and with nothing else open."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from starlette.testclient import TestClient

from assistant import Settings
from assistant.window import templates
from assistant.window.adding import Adding
from assistant.window.choosing import Choosing
from assistant.window.serve import listening, mounted


def test_a_busy_port_takes_the_next_free_one():
    with listening("127.0.0.1", 27860) as first, listening("127.0.0.1", first.getsockname()[1]) as second:
        assert second.getsockname()[1] > first.getsockname()[1]


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    (folder / "ledger.sqlite").write_text("secret")
    assistant = SimpleNamespace(index=SimpleNamespace(folder=folder), settings=Settings(model=None), model_name="")
    client = TestClient(mounted(assistant, Adding(assistant)), base_url="http://127.0.0.1:7860")
    client.folder = folder
    return client


def test_the_page_is_there_and_names_no_other_host_that_it_would_load_from(client):
    page = client.get("/")
    assert page.status_code == 200
    assert "fonts.googleapis.com" not in page.text
    assert "default-src 'self'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/monitoring/summary"])
def test_what_the_window_does_not_need_is_off(client, path):
    reply = client.get(path)
    assert reply.status_code in (403, 404)


def test_no_event_is_offered_to_programs(client):
    info = client.get("/gradio_api/info").json()
    assert info["named_endpoints"] == {} and info["unnamed_endpoints"] == {}


def test_the_library_cannot_be_fetched(client):
    for path in (client.folder / "ledger.sqlite", "/etc/passwd"):
        assert client.get(f"/gradio_api/file={path}").status_code in (403, 404)


def test_another_site_may_not_upload(client):
    files = {"files": ("a.txt", b"words")}
    assert client.post("/gradio_api/upload", files=files, headers={"origin": "http://evil.example"}).status_code == 403


def test_the_fixed_parts_hold_nothing_that_gradio_would_run_as_a_template():
    parts = [templates.DOCUMENTS, templates.WELCOME, templates.CONVERSATION, templates.FILTERS, templates.WRITERS]
    for part in [*parts, templates.COMPOSER, templates.SOURCE, templates.TABS]:
        assert "{{" not in part and "${" not in part and "`" not in part and "\\" not in part


def test_the_window_says_where_the_words_go(tmp_path):
    def said(**settings):
        assistant = SimpleNamespace(settings=Settings(**{"model": None, "model_url": None, **settings}), model_name="")
        return Choosing(assistant).first()

    assert "Everything stays on this computer." in said()
    assert "on this computer. Everything stays on it." in said(model="openai:x", model_url="http://127.0.0.1:1/v1")
    away = said(model="openai:x", model_url="https://models.example/v1")
    assert "sent to models.example." in away and "stays on" not in away
    assert "sent to Anthropic." in said(model="anthropic:x")
