"""The window over a real assistant, whose answers can also be slow or fail: `python server.py <library folder>`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence

from assistant import Answer, Assistant, AssistantError, Settings, Turn
from assistant.sample import add_sample_if_new
from assistant.window.serve import serve


class Moody(Assistant):
    """Answers as always, except to three questions."""

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
    with Moody.open(sys.argv[1], Settings(model=None)) as assistant:
        if len(sys.argv) == 2:
            add_sample_if_new(assistant)
        serve(assistant, port=17860)
