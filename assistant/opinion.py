"""What a chat model says of a claim and its sources where words and meaning leave it open: a word, read leniently."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from assistant.errors import ModelFailed
from assistant.models import Message, streamed
from assistant.patience import Patience, patient
from assistant.verify import CONTRADICTED, NOT_SUPPORTED, PARTLY, SUPPORTED, Opinion
from prompts import OURS, Prompts

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

LONGEST_REPLY = 4_000
"""Characters after which a reply that does not end is not waited for; a model that thinks aloud may need some."""

MOST = 8
"""Claims of one answer that a model is asked about."""

_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL | re.IGNORECASE)
_SAID = re.compile(
    r"(?P<denied>\b(?:not|cannot|no|never)\b|n['’]t\b)?\W*(?:\b(?:fully|directly|clearly|be|is|are)\W+)?"
    r"\b(?:(?P<supported>support(?:s|ed)?|yes|true)|(?P<partly>part(?:ly|ial|ially)?)|"
    r"(?P<contradicted>contradict(?:s|ed|ion|ory)?|opposite|false)|(?P<missing>missing|unsupported|unrelated|no))\b",
    re.IGNORECASE,
)
_VERDICTS = {"supported": SUPPORTED, "partly": PARTLY, "contradicted": CONTRADICTED, "missing": NOT_SUPPORTED}


def open_opinion(model: BaseChatModel, patience: Patience, prompts: Prompts = OURS) -> Opinion:
    """Asks `model` about one claim after the other, for as long as the patience lasts from the first on.

    It gives a verdict, or None where the model's word is not one, fails, or is not waited for any longer.
    """
    end: float | None = None
    left = MOST

    def opinion(claim: str, sources: Sequence[str]) -> str | None:
        nonlocal end, left
        end = end or time.monotonic() + patience.whole
        left -= 1
        if left < 0:
            return None
        try:
            return read(_reply(model, _message(claim, sources, prompts), patience.within(end - time.monotonic())))
        except ModelFailed:
            left = 0
            return None

    return opinion


def read(reply: str) -> str | None:
    """The verdict that a reply gives, whatever stands around the word; None where it gives none, or several."""
    for line in _THOUGHT.sub("", reply).splitlines():
        found = {_verdict(each) for each in _SAID.finditer(line)}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _verdict(found: re.Match[str]) -> str | None:
    """The verdict of one word; None for what is only denied, such as "not contradicted"."""
    name = found.lastgroup or ""
    if not found["denied"]:
        return _VERDICTS[name]
    return NOT_SUPPORTED if name == "supported" else None


def _message(claim: str, sources: Sequence[str], prompts: Prompts) -> Message:
    passages = "\n".join(" ".join(source.split()) for source in sources)
    # A word that nothing quoted can know, and that is the same for the same claim.
    fence = hashlib.sha256(f"{claim}\n{passages}".encode()).hexdigest()[:8]
    values = {"passages": passages, "fence": fence, "claim": " ".join(claim.split())}
    return Message("verdict", values, None, prompts)


def _reply(model: BaseChatModel, message: Message, patience: Patience) -> str:
    """What the model says, as far as it is waited for; raises `ModelFailed`."""
    said = ""
    with closing(patient(lambda: streamed(model, message), patience)) as pieces:
        for piece in pieces:
            said += piece
            if len(said) > LONGEST_REPLY or (said.rstrip(" ").endswith("\n") and read(said)):
                break
    return said
