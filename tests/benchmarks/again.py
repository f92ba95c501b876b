"""What becomes of answers that are written again, with a real model: `python -m tests.benchmarks.again`.

Asks the questions below of the sample and writes each answer again in every style. Prints, for each style, the words
for each word of the answer before, how many of the new answers name a source, and how often the answer before had to
stand; then what each first answer cost. The model is SmolLM2-135M, or the one that ASSISTANT_TEST_MODEL names.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import nullcontext

from assistant import Assistant, Settings
from assistant.sample import SAMPLE
from assistant.writing import STYLES
from tests.smollm import served

QUESTIONS = (
    "How many people have been killed?",
    "Why did the United Kingdom stop sharing intelligence?",
    "Who offered his resignation?",
    "What does Canada say about the strikes?",
    "How did the cooperation work before?",
    "Who calls the strikes unlawful?",
)


def _say(line: object) -> None:
    sys.stdout.write(f"{line}\n")


def main() -> None:
    """Prints the table."""
    named = os.environ.get("ASSISTANT_TEST_MODEL")
    place = nullcontext(os.environ.get("ASSISTANT_TEST_MODEL_URL")) if named else served(120)
    with place as url, tempfile.TemporaryDirectory() as folder:
        settings = Settings(model=named or "openai:smollm2", model_url=url, store="memory", budget=700)
        with Assistant.open(folder, settings) as assistant:
            assistant.add(SAMPLE)
            first = [assistant.ask(question) for question in QUESTIONS]
            wrote = [each for each in first if any(claim.verdict != "quoted" for claim in each.claims)]
            _say(f"{len(first)} questions, {len(wrote)} answers written by the model")
            for style in STYLES:
                again = [assistant.again(each, style) for each in first]
                stood = sum(any("answer before stands" in note for note in each.notes) for each in again)
                new = [(a, b) for a, b in zip(first, again, strict=True) if a.text != b.text]
                lengths = sorted(len(b.text.split()) / max(1, len(a.text.split())) for a, b in new)
                share = f"{lengths[len(lengths) // 2]:.2f}" if lengths else "-"
                cited = sum(bool(b.citations) for _, b in new)
                _say(f"{style}: {len(new)} new, {share} of the words (median), {cited} cite, {stood} stood")
            for each in first:
                told = each.cost
                _say(f"{each.question}: {told}")


if __name__ == "__main__":
    main()
