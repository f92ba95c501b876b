"""The window over a real assistant that can also be slow or fail: `python server.py <library folder>`."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from assistant import Answer, Assistant, AssistantError, Settings, Turn
from assistant.sample import add_sample_if_new
from assistant.window.serve import serve
from index.bundled import BundledEmbedder
from index.index import Told
from index.types import Receipt


class Unhurried(BundledEmbedder):
    """Takes its time over passages that say so."""

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """The vectors, after a while."""
        time.sleep(1.2 if any("unhurried" in text for text in texts) else 0)
        return super().embed(texts)


class Moody(Assistant):
    """Does all as always, except with files whose name begins with "slow" and with three questions."""

    def add(
        self,
        path: str | Path,
        *,
        name: str | None = None,
        wait: bool = True,
        progress: Told | None = None,
        cancel: threading.Event | None = None,
    ) -> list[Receipt]:
        """Adds a file, a slow one only after 20 seconds or when it is cancelled."""
        if name is not None and name.startswith("slow") and cancel is not None:
            cancel.wait(20)
        return super().add(path, name=name, wait=wait, progress=progress, cancel=cancel)

    def stream(
        self, question: str, history: Sequence[Turn] = (), within: Sequence[str] | None = None
    ) -> Iterator[Answer]:
        """The answer, after a long time or not at all where the question asks for that."""
        if question == "answer slowly":
            for number in range(1, 600):
                yield Answer(question, "and on and on " * number, outcome="plain", stage="writing")
                time.sleep(0.05)
        if question == "fail":
            raise AssistantError("the chat model does not answer; start it and ask again")
        if question == "break":
            raise KeyError(question)
        yield from super().stream(question, history, within)


if __name__ == "__main__":
    with Moody.open(sys.argv[1], Settings(model=None), embedder=Unhurried()) as assistant:
        if len(sys.argv) == 2:
            add_sample_if_new(assistant)
        serve(assistant, port=17860)
