"""A chat model from a name, the runnable around it, and its failures as one sentence; the only file that imports
LangChain."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

from assistant.errors import BadSetting, ModelFailed
from prompts import render

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable, RunnableConfig

    from assistant.settings import Settings

EXTRAS = {"anthropic": "anthropic", "google_genai": "google", "ollama": "ollama"}
_ROOTS = (
    ("httpx", "HTTPError"),
    ("openai", "OpenAIError"),
    ("anthropic", "AnthropicError"),
    ("ollama", "ResponseError"),
    ("google.genai.errors", "APIError"),
    ("langchain_core.exceptions", "LangChainException"),
)


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

    more: dict[str, Any] = {"timeout": settings.timeout, "max_retries": 2}
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


def chain(model: BaseChatModel, prompt: str, rules: str | None = None) -> Runnable[dict[str, object], str]:
    """The prompt of that name | the chat model | its text, as a LangChain runnable over the prompt's values.

    `rules` names a prompt without values that goes ahead as the system message. Callbacks and tracing work as with any
    runnable.
    """
    from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage
    from langchain_core.output_parsers import StrOutputParser
    from langchain_core.runnables import RunnableLambda

    def messages(values: dict[str, object]) -> list[BaseMessage]:
        first = [SystemMessage(render(rules))] if rules else []
        return [*first, HumanMessage(render(prompt, **values))]

    named = RunnableLambda(messages).with_config(run_name=f"prompt {prompt}")
    return (named | model | StrOutputParser()).with_config(run_name=prompt)


class Usage:
    """Counts the tokens of the runs it is passed to, as `config=usage.config`; providers that tell none give None."""

    def __init__(self) -> None:
        from langchain_core.callbacks import UsageMetadataCallbackHandler

        self._handler = UsageMetadataCallbackHandler()

    @property
    def config(self) -> RunnableConfig:
        """The configuration to run a chain with."""
        return {"callbacks": [self._handler]}

    @property
    def tokens(self) -> int | None:
        """The tokens read and written so far, or None where none were told."""
        told = [usage["total_tokens"] for usage in self._handler.usage_metadata.values()]
        return sum(told) if told else None


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Whatever a provider's package raises, as `ModelFailed` with one sentence that never holds a key."""
    try:
        yield
    except ImportError:
        raise
    except _failures() as error:
        raise ModelFailed(f"the chat model failed: {_sentence(error)}") from error


def _failures() -> tuple[type[Exception], ...]:
    return (OSError, ValueError, RuntimeError, LookupError, TypeError, *_provider_errors())


def _provider_errors() -> tuple[type[Exception], ...]:
    """The roots of the error trees of those provider packages that are loaded."""
    found = [getattr(import_module(module), name) for module, name in _ROOTS if module in sys.modules]
    return tuple(root for root in found if isinstance(root, type) and issubclass(root, Exception))


def _sentence(error: BaseException) -> str:
    """What went wrong, by the status code where there is one, else in the error's first words."""
    status = getattr(error, "status_code", None)
    known = {
        401: "it refused the key; set the provider's key in the environment",
        403: "it refused access; check what the key may use",
        404: "it knows no such model or address; check the model's name and its URL",
        429: "it takes no more requests for now; wait a moment and ask again",
    }
    if isinstance(status, int):
        return known.get(status, f"its server answered with status {status}")
    kind = type(error).__name__
    if "Connect" in kind or isinstance(error, ConnectionError):
        return "it cannot be reached; check that its server runs and the address is right"
    if "Timeout" in kind or isinstance(error, TimeoutError):
        return "it did not answer in time; ask again, or raise the timeout"
    text = " ".join(str(error).split())
    return (
        "a key is missing; set the provider's key in the environment" if "api_key" in text else f"{kind}: {text[:160]}"
    )
