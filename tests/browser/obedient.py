"""The window over a model that obeys an attacker: `python obedient.py <library folder> <port of the attacker>`."""

from __future__ import annotations

import sys

from assistant import Assistant, Settings
from assistant.window.serve import serve
from tests.assistant.attacks import FORMS, TRUTH
from tests.stub import Scripted, WordEmbedder

KEY = "sk-planted-0123456789"
# What opens something and does not close it hides what comes after it.
SWALLOWING = ("```", "`", "<!--", "<style", "<script", "<iframe", "<svg", "<form", "<video", "<IMG\n")


def every() -> list[str]:
    """All forms, those that may swallow what stands behind them last."""
    return sorted(FORMS, key=lambda form: form.startswith(SWALLOWING))


def replies(evil: str) -> dict[str, list[str]]:
    """What the model writes, by the words of the question; in pieces that cut its Markdown anywhere."""
    forms = [form.replace("{evil}", evil).replace("{key}", KEY) for form in every()]
    whole = {f"in manner {number}?": f"{TRUTH} [1.1] {form}" for number, form in enumerate(forms)}
    whole["in every manner?"] = "\n\n".join(f"{TRUTH} [1.1] {form}" for form in forms)
    return {words: [text[at : at + 9] for at in range(0, len(text), 9)] for words, text in whole.items()}


if __name__ == "__main__":
    model = Scripted(replies=replies(f"http://127.0.0.1:{sys.argv[2]}"))
    settings = Settings(model=None, store="memory", refuse_below=0.02)
    with Assistant.open(sys.argv[1], settings, model=model, embedder=WordEmbedder()) as assistant:
        assistant.add_texts([("harbour.txt", "Harbour", f"{TRUTH} The ferry leaves at ten.")])
        serve(assistant, port=17900)
