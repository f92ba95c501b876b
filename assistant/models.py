"""A chat model from a name, what it says in pieces, and its failures as one sentence; the only file that imports
LangChain."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import BadSetting
from assistant.failing import failed
from assistant.settings import key_is_set, ollama_address, stays_here
from assistant.told import Told
from prompts import OURS, PromptError, Prompts

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

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
    client, address = _client(provider, settings.model_url)
    more: dict[str, Any] = {"temperature": 0, "timeout": settings.timeout, "max_retries": 0, **address}
    try:
        with translated():
            model: BaseChatModel = init_chat_model(f"{client}:{name}", **more)
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


def _client(provider: str, url: str | None) -> tuple[str, dict[str, Any]]:
    """The provider whose client is to be used, and where that is to send its requests, as its arguments.

    Ollama is spoken to in OpenAI's protocol, which it knows too, where its own client is not installed; OpenAI's key
    goes to no other server on its account. A server on this computer is asked how many tokens there were: what others
    make of that question is not known.
    """
    if provider == "ollama" and find_spec("langchain_ollama") is None:
        base = (url or ollama_address()).rstrip("/").removesuffix("/v1")
        return "openai", {"base_url": f"{base}/v1", "api_key": "none", "stream_usage": True}
    more: dict[str, Any] = {"base_url": url} if url else {}
    if url and provider == "openai":
        more["stream_usage"] = True if stays_here(url) else None
        if not key_is_set("OPENAI_API_KEY"):
            more["api_key"] = "none"
    elif provider == "ollama":
        more["base_url"] = url or ollama_address()
    return provider, more


def warm() -> None:
    """Loads in the background what the first chat model that is made would have to wait for, a few seconds."""
    threading.Thread(target=import_module, args=("langchain_openai",), daemon=True, name="warm models").start()


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
            if told is not None:
                told.ask(sum(len(str(each.content)) for each in messages))
            for chunk in model.stream(messages, patch_config(config, callbacks=run.get_child())):
                if told is not None:
                    told.hear(chunk)
                said += chunk.text
                yield chunk.text
    except BaseException as error:
        run.on_chain_error(error)
        raise
    run.on_chain_end(said)


def listener(model: BaseChatModel | None) -> Told:
    """What listens to all that a model says for one answer, and what that takes."""
    return Told(name_of(model) if model is not None else "")


def name_of(model: BaseChatModel) -> str:
    """What a model is called by those who run it, such as "qwen3:4b"."""
    return str(getattr(model, "model_name", "") or getattr(model, "model", "") or model._llm_type)


def room(model: BaseChatModel, budget: int) -> int:
    """The tokens of passages that a model may be shown: the budget, or less where its window is known to be smaller."""
    window = (getattr(model, "profile", None) or {}).get("max_input_tokens")
    return min(budget, max(window - ANSWER_ROOM, window // 2)) if isinstance(window, int) else budget


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
