"""The language of a text, as far as it has to be known: whether it is plainly another than English."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import regex

from index.words import STOP_WORDS, fold

LETTERS = 200
"""Letters below which nothing is said of a text's language."""

SURE = 0.9
"""The least probability at which a language is named."""

ENGLISH = 0.2
"""The share of English function words from which on a text is taken for English unseen: prose has 40% of them and more,
other languages under 10%."""

_LOOKED_AT = 20_000
_WORD = regex.compile(r"[\p{L}\p{M}]+")
_NAMES = {
    code: name
    for code, _, name in (
        pair.partition(" ")
        for pair in """ar Arabic,bg Bulgarian,bn Bengali,ca Catalan,cs Czech,da Danish,de German,el Greek,es Spanish,
        et Estonian,fa Persian,fi Finnish,fr French,gu Gujarati,he Hebrew,hbo Hebrew,hi Hindi,hr Croatian,hu Hungarian,
        id Indonesian,it Italian,ja Japanese,ka Georgian,kn Kannada,ko Korean,lt Lithuanian,lv Latvian,ml Malayalam,
        mr Marathi,ms Malay,nb Norwegian,nl Dutch,nn Norwegian,no Norwegian,pl Polish,pt Portuguese,ro Romanian,
        ru Russian,sk Slovak,sl Slovenian,sq Albanian,sr Serbian,sv Swedish,sw Swahili,ta Tamil,te Telugu,th Thai,
        tr Turkish,uk Ukrainian,ur Urdu,vi Vietnamese,zh Chinese""".replace("\n", "").split(",")
        for pair in [pair.strip()]
    )
}


def foreign(text: str) -> str:
    """The name of the language that a text is in, where that is plainly not English; else empty."""
    words = [fold(match.group()) for match in _WORD.finditer(text[:_LOOKED_AT])]
    if sum(map(len, words)) < LETTERS or sum(word in STOP_WORDS for word in words) > ENGLISH * len(words):
        return ""
    code, probability = _identifier().classify(text[:_LOOKED_AT])
    return _NAMES.get(code, "") if probability >= SURE and code != "en" else ""


@lru_cache(maxsize=1)
def _identifier() -> Any:
    # Loaded for the first text that is not plainly English: it takes half a second.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
