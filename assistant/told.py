"""What is told of a written answer beside its text: why it ended, how many tokens it took, and how long."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.types import Cost

CHARACTERS_A_TOKEN = 4
"""English text in the tokenizers of current chat models; used to stay inside a budget, and to estimate what nobody
counted."""

_REASONS = ("finish_reason", "stop_reason", "done_reason")
_WHOLE = frozenset(("stop", "end_turn", "stop_sequence", "tool_calls", "unload"))
_CUT = {
    **dict.fromkeys(("length", "max_tokens", "model_length"), "it reached the length that its server allows"),
    **dict.fromkeys(("content_filter", "safety", "refusal", "recitation"), "its server stopped it"),
}
_TELLING = frozenset(("openai", "anthropic"))


class Chunk(Protocol):
    """A piece of what a model says, as LangChain gives it."""

    response_metadata: dict[str, Any]
    usage_metadata: Any

    @property
    def text(self) -> str:
        """What it adds to the answer."""


@dataclass(slots=True)
class _Request:
    """One request: the characters that went out and came back, and the tokens, where the server tells."""

    sent: int
    heard: int = 0
    read: int | None = None
    wrote: int | None = None

    @property
    def taken(self) -> bool:
        """Whether anything came back: what was refused took nothing."""
        return self.heard > 0 or self.read is not None

    @property
    def tokens(self) -> tuple[int, int]:
        """The tokens read and written, estimated where they were not told."""
        read = self.read if self.read is not None else -(-self.sent // CHARACTERS_A_TOKEN)
        return read, self.wrote if self.wrote is not None else -(-self.heard // CHARACTERS_A_TOKEN)


class Told:
    """Listens to all requests that one answer takes, of the model that is called `model`."""

    def __init__(self, model: str = "", clock: Callable[[], float] = time.monotonic) -> None:
        self._model = model
        self._clock = clock
        self._requests: list[_Request] = []
        self._began = self._last = clock()
        self._first: float | None = None
        self._metadata: dict[str, Any] = {}

    def ask(self, characters: int) -> None:
        """A request goes out that says so much."""
        if not self._requests:
            self._began = self._last = self._clock()
        self._requests.append(_Request(characters))
        self._metadata = {}

    def hear(self, chunk: Chunk) -> None:
        """Takes in what came with a piece."""
        self._metadata |= {name: value for name, value in chunk.response_metadata.items() if value}
        self._last = self._clock()
        request = self._requests[-1]
        request.heard += len(chunk.text)
        if chunk.text.strip() and self._first is None:
            self._first = self._last - self._began
        told: Mapping[str, int] | None = chunk.usage_metadata
        if told:
            request.read = (request.read or 0) + told["input_tokens"]
            request.wrote = (request.wrote or 0) + told["output_tokens"]

    @property
    def cost(self) -> Cost | None:
        """What all requests took so far; None where no server has said anything yet."""
        taken = [request for request in self._requests if request.taken]
        if not taken:
            return None
        read, wrote = (sum(each) for each in zip(*(request.tokens for request in taken), strict=True))
        counted = all(request.read is not None for request in taken)
        return Cost(self._model, read, wrote, self._first, self._last - self._began, counted)

    @property
    def cut(self) -> str:
        """Why the answer to the last request is not whole, in a few words; empty where it is, or nothing is told."""
        reason = next((str(self._metadata[name]).lower() for name in _REASONS if name in self._metadata), "")
        if reason in _WHOLE:
            return ""
        if not reason:
            # A provider that names itself tells its reason too, unless the connection ended before that.
            return "its server closed the connection" if self._metadata.get("model_provider") in _TELLING else ""
        return _CUT.get(reason, f"its server said {reason[:40]!r}")
