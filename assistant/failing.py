"""What a chat model's server did wrong, as one sentence that is safe to show and says what would work."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Iterator

from assistant.errors import ModelFailed, TooLong

LEAD = "the chat model failed: "

_STATUS = {
    401: "it refused the key; set the provider's key in the environment",
    403: "it refused access; check what the key may use",
    404: "it knows no such model or address; check the model's name and its URL",
    429: "it takes no more requests for now",
}
_PASSING = frozenset((408, 409, 425, 429, 500, 502, 503, 504, 529))
_LONG = re.compile(
    r"context.{0,12}(?:length|size|window)|exceed_context|maximum context|prompt is too long|too many tokens", re.I
)
_UNREADABLE = frozenset(
    "JSONDecodeError UnicodeDecodeError APIResponseValidationError AttributeError TypeError KeyError IndexError".split()
)


def failed(error: BaseException) -> ModelFailed:
    """The error of a provider's package as our own."""
    if isinstance(error, ModelFailed):
        return error
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return _by_status(error, status)
    kind = type(error).__name__
    if any(isinstance(each, ssl.SSLError) for each in _causes(error)):
        return ModelFailed(
            f"{LEAD}the certificate of its server cannot be trusted; check the address, or have the certificate renewed"
        )
    if "Timeout" in kind or isinstance(error, TimeoutError):
        return ModelFailed(f"{LEAD}it did not answer in time; ask again, or raise the timeout")
    if "Connect" in kind or isinstance(error, ConnectionError):
        return ModelFailed(
            f"{LEAD}it cannot be reached; check that its server runs and the address is right", passing=True
        )
    if "Protocol" in kind or "ReadError" in kind:
        return ModelFailed(f"{LEAD}its server closed the connection", passing=True)
    text = " ".join(str(error).split())
    if "No generation chunks" in text or kind in _UNREADABLE:
        return ModelFailed(f"{LEAD}its server sent what is no answer; check that the address is that of a chat model")
    if _LONG.search(text):
        return _too_long()
    if "api_key" in text:
        return ModelFailed(f"{LEAD}a key is missing; set the provider's key in the environment")
    return ModelFailed(f"{LEAD}{kind}: {_without_keys(text)[:160]}")


def _by_status(error: BaseException, status: int) -> ModelFailed:
    if status in (400, 413, 422) and _LONG.search(str(error)):
        return _too_long()
    after = _after(error)
    said = _STATUS.get(status, f"its server answered with status {status}")
    if status == 429:
        said += f"; ask again in {after:.0f} s" if after and after >= 1 else "; wait a moment and ask again"
    return ModelFailed(LEAD + said, status in _PASSING, after)


def _too_long() -> TooLong:
    return TooLong(f"{LEAD}the question and its passages are longer than it can read; lower the budget")


def _after(error: BaseException) -> float | None:
    """The seconds that the server asks to wait, from its header; None where it names none, or a date."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return max(0.0, float(headers.get("retry-after", "")))
    except ValueError:
        return None


def _without_keys(text: str) -> str:
    """The text without anything that the environment holds as a key, should a server repeat it."""
    for name, value in os.environ.items():
        if name.endswith(("KEY", "TOKEN", "SECRET")) and len(value) >= 8:
            text = text.replace(value, "…")
    return text


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it, at most eight deep."""
    at: BaseException | None = error
    for _ in range(8):
        if at is None:
            return
        yield at
        at = at.__cause__ or at.__context__
