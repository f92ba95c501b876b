"""Question and passage as the network takes them: tokens, parts, and where each token stands in the passage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

QUESTION = 48
"""The most tokens of a question; the rest of a longer one is left out."""

LONGEST = 320
"""The most tokens of a pair: a passage of 254, a question of 48 and three marks fit; training cuts at less."""

START, SEPARATOR = 101, 102
"""The marks [CLS] and [SEP] of BERT's vocabulary."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Tokens of "[CLS] question [SEP] passage [SEP]": `ids`, and `offsets` (start, end) of the passage's into its text.

    `first` is the place of the passage's first token.
    """

    ids: tuple[int, ...]
    first: int
    offsets: tuple[tuple[int, int], ...]

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """The first and last token of the stretch [start, end) of the passage; None where it is not in this pair."""
        inside = [at for at, (a, b) in enumerate(self.offsets) if a < end and start < b]
        if not inside or self.offsets[inside[0]][0] > start or self.offsets[inside[-1]][1] < end:
            return None
        return self.first + inside[0], self.first + inside[-1]

    def stretch(self, first: int, last: int) -> tuple[int, int]:
        """The offsets (start, end) into the passage's text of the tokens from `first` to `last`."""
        return self.offsets[first - self.first][0], self.offsets[last - self.first][1]


class Pairs:
    """Makes pairs with the tokenizer of the bundled model, `tokenizer.json` in `folder`."""

    def __init__(self, folder: str | Path) -> None:
        from tokenizers import Tokenizer

        self._tokenizer: Any = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def codes(self, texts: Sequence[str]) -> list[Any]:
        """The tokens of each text, without marks, as the tokenizer gives them (`ids`, `offsets`)."""
        # Half a surrogate pair is no text that can be encoded; a mark in its place leaves all offsets as they are.
        whole = [text.encode("utf-8", "replace").decode() for text in texts]
        return list(self._tokenizer.encode_batch(whole, add_special_tokens=False))

    def windows(self, question: str, passages: Sequence[str], longest: int = LONGEST) -> list[list[Pair]]:
        """For each passage its pairs with the question: one, or several that overlap by half where it is too long."""
        asked = self.codes([question])[0].ids[:QUESTION]
        return [_windows(asked, code, longest) for code in self.codes(passages)]


def _windows(asked: Sequence[int], code: Any, longest: int) -> list[Pair]:
    room = longest - len(asked) - 3
    starts = [0] if len(code.ids) <= room else range(0, len(code.ids) - room // 2, room // 2)
    return [pair(asked, code, start, start + room) for start in starts]


def pair(asked: Sequence[int], code: Any, start: int, end: int) -> Pair:
    """The pair of a question's tokens and the tokens from `start` to `end` of a passage."""
    ids = (START, *asked, SEPARATOR, *code.ids[start:end], SEPARATOR)
    return Pair(ids, len(asked) + 2, tuple(code.offsets[start:end]))
