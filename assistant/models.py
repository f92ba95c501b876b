"""A chat model from a name, what it says in pieces, and its failures as one sentence; the only file that imports
LangChain."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import BadSetting
from assistant.failing import failed
from prompts import OURS, PromptError, Prompts

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage

    from assistant.settings import Settings

EXTRAS = {"anthropic": "anthropic", "google_genai": "google", "ollama": "ollama"}
_ROOTS = (
    ("httpx", "HTTPError"),
    ("httpx2", "HTTPError"),
    ("openai", "OpenAIError"),
    ("anthropic", "AnthropicError"),
    ("ollama", "ResponseError"),
    ("google.genai.errors", "APIError"),
    ("langchain_core.exceptions", "LangChainException"),
)
ANSWER_ROOM = 1_500
"""Tokens of a model's window that are left to the rules, the question and the answer."""

_REASONS = ("finish_reason", "stop_reason", "done_reason")
_WHOLE = frozenset(("stop", "end_turn", "stop_sequence", "tool_calls", "unload"))
_CUT = {
    **dict.fromkeys(("length", "max_tokens", "model_length"), "it reached the length that its server allows"),
    **dict.fromkeys(("content_filter", "safety", "refusal", "recitation"), "its server stopped it"),
}
_TELLING = frozenset(("openai", "anthropic"))


def chat_model(settings: Settings) -> BaseChatModel | None:
    """The chat model that the settings name, through LangChain; None where they name none.

    Keys are read from the environment by the provider's own package. Raises `BadSetting` for a name that is not
    "provider:model", an unknown provider or a missing package (with the command that installs it), and `ModelFailed`
    where a key is missing.
    """
    if not settings.model:
        return None
    provider, colon, name = settings.model.partition(":")
    if not colon or not provider or not name:
        raise BadSetting(
            f"the chat model is {settings.model!r}; a name such as 'openai:gpt-4o-mini' or 'ollama:qwen3' would work"
        )
    from langchain.chat_models import init_chat_model

    # A model is tried again by `assistant.patience`, which keeps to one deadline whatever the provider.
    more: dict[str, Any] = {"timeout": settings.timeout, "max_retries": 0}
    if settings.model_url:
        more["base_url"] = settings.model_url
        if provider == "openai" and not os.environ.get("OPENAI_API_KEY"):
            more["api_key"] = "none"
    try:
        with translated():
            model: BaseChatModel = init_chat_model(settings.model, temperature=0, **more)
    except ImportError as error:
        extra = EXTRAS.get(provider)
        remedy = (
            f"pip install 'document-assistant[{extra}]'"
            if extra
            else f"pip install langchain-{provider.replace('_', '-')}"
        )
        raise BadSetting(
            f"the chat model {settings.model!r} needs a package that is not installed; {remedy}"
        ) from error
    return model


def prompts_of(settings: Settings) -> Prompts:
    """The prompts that the settings name: ours, and a folder's in the place of some; raises `BadSetting`."""
    try:
        return Prompts(Path(settings.prompts)) if settings.prompts else OURS
    except PromptError as error:
        raise BadSetting(f"{error}") from error


@dataclass(frozen=True, slots=True)
class Message:
    """What is said to a chat model: the prompt of that name with its values, and ahead of it, as the system message,
    the prompt that `rules` names; both are read from `prompts`."""

    prompt: str
    values: Mapping[str, object]
    rules: str | None = None
    prompts: Prompts = OURS


def streamed(model: BaseChatModel, message: Message, told: Told | None = None) -> Generator[str, None, None]:
    """What the chat model says to a message, in pieces; raises `ModelFailed`.

    To LangChain's callbacks and traces it is a run of the prompt's name. It is no sequence of runnables: those, when
    closed, read a model to its end.
    """
    from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage
    from langchain_core.runnables.config import ensure_config, get_callback_manager_for_config, patch_config

    said_first = [message.prompts.render(message.rules)] if message.rules else []
    messages: list[BaseMessage] = [SystemMessage(each) for each in said_first]
    messages.append(HumanMessage(message.prompts.render(message.prompt, **message.values)))
    config = ensure_config()
    run = get_callback_manager_for_config(config).on_chain_start(None, dict(message.values), name=message.prompt)
    said = ""
    try:
        with translated():
            for chunk in model.stream(messages, patch_config(config, callbacks=run.get_child())):
                if told is not None:
                    told.hear(chunk)
                said += chunk.text
                yield chunk.text
    except BaseException as error:
        run.on_chain_error(error)
        raise
    run.on_chain_end(said)


def room(model: BaseChatModel, budget: int) -> int:
    """The tokens of passages that a model may be shown: the budget, or less where its window is known to be smaller."""
    window = (getattr(model, "profile", None) or {}).get("max_input_tokens")
    return min(budget, max(window - ANSWER_ROOM, window // 2)) if isinstance(window, int) else budget


class Told:
    """What a provider tells of an answer beside its text.

    `read` and `wrote` count tokens, or are None where it tells none.
    """

    def __init__(self) -> None:
        self.read: int | None = None
        self.wrote: int | None = None
        self._metadata: dict[str, Any] = {}

    def hear(self, chunk: AIMessage) -> None:
        """Takes in what came with a piece."""
        self._metadata |= {name: value for name, value in chunk.response_metadata.items() if value}
        if chunk.usage_metadata:
            self.read = (self.read or 0) + chunk.usage_metadata["input_tokens"]
            self.wrote = (self.wrote or 0) + chunk.usage_metadata["output_tokens"]

    @property
    def tokens(self) -> int | None:
        """The tokens read and written, or None where none were told."""
        return None if self.read is None and self.wrote is None else (self.read or 0) + (self.wrote or 0)

    @property
    def cut(self) -> str:
        """Why the answer is not whole, in a few words; empty where it is, or its provider tells nothing."""
        reason = next((str(self._metadata[name]).lower() for name in _REASONS if name in self._metadata), "")
        if reason in _WHOLE:
            return ""
        if not reason:
            # A provider that names itself tells its reason too, unless the connection ended before that.
            return "its server closed the connection" if self._metadata.get("model_provider") in _TELLING else ""
        return _CUT.get(reason, f"its server said {reason[:40]!r}")


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Whatever a provider's package raises, as `ModelFailed` with one sentence that never holds a key."""
    try:
        yield
    except ImportError:
        raise
    except _failures() as error:
        raise failed(error) from error


def _failures() -> tuple[type[Exception], ...]:
    # Lookup, type and attribute errors are what providers' packages raise at JSON of another kind.
    return (OSError, ValueError, RuntimeError, LookupError, TypeError, AttributeError, *_provider_errors())


def _provider_errors() -> tuple[type[Exception], ...]:
    """The roots of the error trees of those provider packages that are loaded."""
    found = [getattr(import_module(module), name) for module, name in _ROOTS if module in sys.modules]
    return tuple(root for root in found if isinstance(root, type) and issubclass(root, Exception))
