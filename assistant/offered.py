"""Which chat models there are to choose from: those of a running Ollama, and of providers whose key is set."""

from __future__ import annotations

import http.client
import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import invalidate_caches
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from assistant.models import EXTRAS
from assistant.settings import key_is_set, ollama_address, openai_address, stays_here

PATIENCE = 1.5
"""Seconds that Ollama is waited for; on this computer it answers within a few thousandths of one."""

LARGEST = 1_000_000
"""Bytes that are read of its answer; a model takes some 400."""

MOST = 50
"""Models of it that are offered."""

NAME = re.compile(r"[\w.@/-][\w.:@/-]{0,99}")
"""What a model may be called."""

PROVIDERS = {
    "openai": ("OpenAI", "OPENAI_API_KEY", "gpt-4o-mini", "langchain_openai"),
    "anthropic": ("Anthropic", "ANTHROPIC_API_KEY", "claude-haiku-4-5", "langchain_anthropic"),
    "google_genai": ("Google", "GOOGLE_API_KEY", "gemini-2.5-flash", "langchain_google_genai"),
}
"""What people call each, its key in the environment, a small model to begin with, and the package that speaks to it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A chat model that could write the answers: `model` and `url` as the settings take them, `of` whose it is.

    `goes_to` says where questions and passages are sent, and is empty where they stay on this computer. `named` says
    that the provider has others too, which are known by name only. `missing` is the command that installs the package
    it needs, and is empty where that is there.
    """

    model: str
    url: str | None
    of: str
    goes_to: str = ""
    named: bool = False
    missing: str = ""

    @property
    def name(self) -> str:
        """What the provider calls the model."""
        return self.model.partition(":")[2]


def offered() -> tuple[list[Offer], str]:
    """The chat models that were found, and a sentence on what was not.

    Asks Ollama alone, and of the keys only whether they are set.
    """
    invalidate_caches()
    address = ollama_address()
    models = _ollama(address)
    offers = [_offer(address, each) for each in models or ()]
    unset = []
    for provider, (who, key, model, package) in PROVIDERS.items():
        if key_is_set(key):
            missing = "" if find_spec(package) else f"pip install 'document-assistant[{EXTRAS.get(provider)}]'"
            name = f"{provider}:{model}"
            offers.append(Offer(name, None, who, place_of(name, None), True, missing))
        else:
            unset.append(key)
    said = [f"no Ollama answers at {address}"] if models is None else []
    said += ["Ollama runs, but holds no chat model yet"] if models == [] else []
    said += [f"the environment holds no {' or '.join(unset)}"] if unset else []
    return offers, "; ".join(said)


def place_of(model: str, url: str | None) -> str:
    """Where a model of the settings gets its questions: a server's name or a provider's; empty on this computer."""
    provider = model.partition(":")[0]
    address = url or {"ollama": ollama_address, "openai": openai_address}.get(provider, str)()
    if address:
        return "" if stays_here(address) else urlsplit(address).hostname or address
    return PROVIDERS[provider][0] if provider in PROVIDERS else provider


def _offer(address: str, model: Mapping[str, Any]) -> Offer:
    away = urlsplit(str(model.get("remote_host") or "")).hostname or ""
    return Offer(f"ollama:{model['name']}", address, "Ollama", away or place_of("ollama:", address))


def _ollama(address: str) -> list[Mapping[str, Any]] | None:
    """The chat models that Ollama holds, or None where none answers; its other models only find likeness."""
    try:
        held = json.loads(b"".join(_read(address)))
    except (OSError, ValueError, http.client.HTTPException):
        return None
    models = held.get("models") if isinstance(held, dict) else None
    if not isinstance(models, list):
        return None
    found: list[Mapping[str, Any]] = [each for each in models if isinstance(each, dict) and _chats(each)]
    return found[:MOST]


def _chats(model: Mapping[str, Any]) -> bool:
    name, details = model.get("name"), model.get("details")
    family = str(details.get("family")) if isinstance(details, dict) else ""
    return isinstance(name, str) and NAME.fullmatch(name) is not None and "bert" not in family


def _read(address: str) -> Iterator[bytes]:
    """What is answered to the question for models; through no proxy, to no other address, and not for long."""
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    end, size = time.monotonic() + PATIENCE, 0
    connection = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        connection.request("GET", f"{parts.path}/api/tags", headers={"Accept": "application/json"})
        answer = connection.getresponse()
        if answer.status != http.client.OK:
            raise ValueError(f"status {answer.status}")
        while piece := answer.read1(65_536):
            size += len(piece)
            if size > LARGEST or time.monotonic() > end:
                raise ValueError("too much, or too slow")
            yield piece
    finally:
        connection.close()
