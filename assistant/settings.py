"""What can be set, with the measured defaults; the only file that reads the environment."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from assistant.errors import BadSetting
from assistant.risk import at_most

PREFIX = "ASSISTANT_"

TRAINED, RULES = "trained", "rules"
"""The readers that quote: one trained to find answers, which comes with this package, and one by words and meaning."""

REFUSE_BELOW = 0.34
"""About the best balance of right answers and silence on the tuning articles of `tests/benchmarks/calibrate_read.py`.

On its reporting articles 60% of the questions are answered rightly, and there is silence on 89% of those whose answer
was taken away and 77% of those changed so that the documents seem to answer. At .1 / .22 / .5: 72 / 66 / 47% answered
rightly, 66 and 54 / 84 and 67 / 94 and 86% refused. The balance is flat: on the tuning articles 1.45 at .22, 1.47 (its
most) at .28, 1.45 at .34 and 1.43 at .46; .34 was its most with the reader's weights before these, and silence is the
better error. .22 was the default until SQuAD 2.0 had been read with it.

By rules alone, on 681 other questions of Wikipedia, 66% are answered rightly and 75% of those whose answer was taken
away are refused (`tests/benchmarks/calibrate_extract.py`).
"""


def _text(name: str, default: str | None) -> Callable[[], str | None]:
    return lambda: os.environ.get(PREFIX + name) or default


def _number(name: str, default: float) -> Callable[[], float]:
    def read() -> float:
        given = os.environ.get(PREFIX + name)
        if not given:
            return default
        try:
            return float(given)
        except ValueError:
            raise ValueError(f"{PREFIX}{name} is {given!r}; a number such as {default} would work") from None

    return read


def _share(name: str) -> Callable[[], float | None]:
    return lambda: _number(name, 0.15)() if os.environ.get(PREFIX + name) else None


@dataclass(frozen=True, slots=True)
class Settings:
    """How an assistant works; each field is also the environment variable `ASSISTANT_` + its name in capitals.

    A value that is given here wins over the environment. `model` names a chat model as "provider:model", or None for
    the reader that quotes. `model_url` is the address of an OpenAI-compatible server. `store` is a file of
    `index/stores`, `store_url` the address of its server. `embedding` is the bundled model's name, that name with
    `-int8` for the model in 8 bits, another sentence-transformers name, or a folder. `ranker` is "reader" for the
    trained reader, or the name or folder of a sentence-transformers CrossEncoder, to re-order what a search found, or
    None. `reader` is "trained" for the reader that was taught to find answers, or
    "rules" to go by words and meaning alone. `rounds` is how many further searches, each standing on what the one
    before found, a question of several parts may take; 0 answers every question whole.
    `passages` is how many passages a reader is given, `budget` how many
    tokens of them a chat model is shown. `refuse_below` is the
    confidence, 0 to 1, under which the quoting reader says that the documents do not hold the answer; it is set by
    `most_wrong`, where that is given in its place: the share of answers in percent that may be wrong (see
    `assistant.risk` for what that costs). `strict` leaves
    out statements of a model that rest on nothing or that their sources do not say. `model_verdicts` puts those
    statements to the chat model of which words and meaning leave open whether their sources say so, each in a short
    request, at most 8 an answer. `prompts` is a folder whose files `answer.md`, `answer_rules.md`, `cite.md`,
    `rewrite.md` and `verdict.md`, those that it holds, take the place of ours.

    `timeout` is how long a chat model may stay silent, in seconds, trying again included: by default the longest wait
    is 60 s without a sign of life and five times that in all, with the quoted answer on screen; rewriting a follow-up,
    which goes before, is given up after a quarter of it (15 s).
    """

    model: str | None = field(default_factory=_text("MODEL", None))
    model_url: str | None = field(default_factory=_text("MODEL_URL", None))
    store: str = field(default_factory=_text("STORE", "chroma"))  # type: ignore[assignment]
    store_url: str | None = field(default_factory=_text("STORE_URL", None))
    embedding: str = field(default_factory=_text("EMBEDDING", "all-MiniLM-L6-v2"))  # type: ignore[assignment]
    ranker: str | None = field(default_factory=_text("RANKER", None))
    reader: str = field(default_factory=_text("READER", TRAINED))  # type: ignore[assignment]
    rounds: int = field(default_factory=lambda: int(_number("ROUNDS", 1)()))
    passages: int = field(default_factory=lambda: int(_number("PASSAGES", 8)()))
    budget: int = field(default_factory=lambda: int(_number("BUDGET", 3000)()))
    refuse_below: float = field(default_factory=_share("REFUSE_BELOW"))  # type: ignore[assignment]
    most_wrong: float | None = field(default_factory=_share("MOST_WRONG"))
    strict: bool = field(default_factory=lambda: bool(_number("STRICT", 0)()))
    model_verdicts: bool = field(default_factory=lambda: bool(_number("MODEL_VERDICTS", 0)()))
    prompts: str | None = field(default_factory=_text("PROMPTS", None))
    timeout: float = field(default_factory=_number("TIMEOUT", 60.0))

    def __post_init__(self) -> None:
        if self.reader not in (TRAINED, RULES):
            raise BadSetting(f"there is no reader {self.reader!r}; {TRAINED!r} or {RULES!r} would work")
        if self.most_wrong is not None and self.reader == RULES:
            raise BadSetting("a share of wrong answers was measured with the trained reader only; set refuse_below")
        if self.refuse_below is None:
            object.__setattr__(self, "refuse_below", self._silent_below())

    def _silent_below(self) -> float:
        if self.most_wrong is not None:
            return at_most(self.most_wrong).threshold
        return REFUSE_BELOW


OLLAMA = 11434
"""The port on which Ollama answers."""


def key_is_set(name: str) -> bool:
    """Whether the environment holds a key of this name; what it is, nobody is told."""
    return bool(os.environ.get(name))


def ollama_address() -> str:
    """Where Ollama is to be asked: at OLLAMA_HOST, read as Ollama itself reads it, else at port 11434 of this computer.

    A server that listens on all addresses ("0.0.0.0") is asked on this computer.
    """
    given = os.environ.get("OLLAMA_HOST", "").strip().rstrip("/")
    named = "://" in given
    try:
        parts = urlsplit(given if named else f"http://{given}")
        port = parts.port or ({"http": 80, "https": 443}.get(parts.scheme, OLLAMA) if named else OLLAMA)
    except ValueError:
        return f"http://127.0.0.1:{OLLAMA}"
    host = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(parts.hostname or "", parts.hostname)
    return f"{parts.scheme}://{f'[{host}]' if ':' in str(host) else host}:{port}{parts.path}"


def openai_address() -> str:
    """Where OpenAI's own package sends what is asked of OpenAI, if the environment names another place; else empty."""
    return (os.environ.get("OPENAI_API_BASE") or os.environ.get("OPENAI_BASE_URL") or "").strip()


def stays_here(address: str) -> bool:
    """Whether an address is one of this computer."""
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
