"""What every request and every reply of the window must pass: who may ask, and what the page may load."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Gradio's page needs inline scripts and `eval`; nothing may be loaded from, or sent to, anywhere else.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "object-src 'none'",
    )
)
REPLY = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
LOOPBACK = ("127.0.0.1", "localhost", "::1")
ANYWHERE = ("0.0.0.0", "::", "")
READING = ("GET", "HEAD", "OPTIONS")


class Guard:
    """An ASGI application that lets through what comes from this page, and sends every reply with strict headers.

    `host` is the address that is listened on: on a loopback address only its names are answered to, so that a site
    whose name is made to point here (DNS rebinding) gets nothing. Replies are passed on piece by piece.
    """

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app = app
        self._names = () if host in ANYWHERE else (*LOOPBACK, host)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return

        async def send_strictly(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(REPLY)
            await send(message)

        refused = refusal(Headers(scope=scope), scope["method"], self._names)
        reply = PlainTextResponse(refused, 403) if refused else self._app
        with suppress(asyncio.CancelledError):  # the server is stopping, and a page was still listening
            await reply(scope, receive, send_strictly)


def refusal(headers: Headers, method: str, names: tuple[str, ...]) -> str:
    """Why a request is not answered, as a sentence; empty where it is. No `names` means that any name will do."""
    host = headers.get("host", "")
    if names and _name(f"//{host}") not in names:
        return "this address is not one of the window's own; open it at 127.0.0.1 or localhost"
    if method in READING:
        return ""
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
        return "this request comes from another site"
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return "this request comes from another site"
    return ""


def _name(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
