"""Who may ask the window, and with what headers every reply goes out."""

from __future__ import annotations

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant.window.guard import LOOPBACK, Guard, refusal


async def _pieces():
    for piece in (b"one", b"two"):
        yield piece
        await asyncio.sleep(0)


async def _answer(request):
    return StreamingResponse(_pieces())


@pytest.fixture
def client():
    app = Starlette(routes=[Route("/", _answer, methods=["GET", "POST"])])
    return TestClient(Guard(app, "127.0.0.1"), base_url="http://127.0.0.1:7860")


def test_replies_carry_strict_headers(client):
    reply = client.get("/")
    assert reply.text == "onetwo"
    assert "default-src 'self'" in reply.headers["content-security-policy"]
    assert "connect-src 'self'" in reply.headers["content-security-policy"]
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:7860", "[::1]:7860", "localhost"])
def test_the_windows_own_names_are_answered(host):
    assert refusal(Headers({"host": host}), "GET", LOOPBACK) == ""


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", "", "[::", "@localhost@x"]
)
def test_other_names_are_refused(client, host):
    assert refusal(Headers({"host": host}), "GET", LOOPBACK) != ""


def test_a_refusal_is_403_and_strict_too(client):
    reply = client.get("/", headers={"host": "evil.example"})
    assert reply.status_code == 403 and "content-security-policy" in reply.headers


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9999", "http://localhost:7860"])
def test_another_site_may_not_post(client, origin):
    assert client.post("/", headers={"origin": origin}).status_code == 403


def test_a_form_of_another_site_may_not_post_without_an_origin(client):
    assert client.post("/", headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_the_page_itself_and_programs_may_post(client):
    assert client.post("/", headers={"origin": "http://127.0.0.1:7860"}).status_code == 200
    assert client.post("/").status_code == 200


def test_on_an_open_address_any_name_will_do_but_other_sites_will_not():
    headers = Headers({"host": "assistant.example", "origin": "http://evil.example"})
    assert refusal(Headers({"host": "assistant.example"}), "GET", ()) == ""
    assert refusal(headers, "POST", ()) != ""
