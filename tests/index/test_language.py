import pytest

from index.embed import BUNDLED
from index.index import Index
from index.language import LETTERS, foreign
from tests.stub import WordEmbedder

GERMAN = (
    "Die Fähre fährt jeden Morgen um sieben Uhr von der Insel ab und kommt gegen neun Uhr an. Wer einen Wagen "
    "mitnehmen will, muss ihn am Tag davor anmelden, denn es gibt nur zwölf Plätze an Bord. Kinder unter sechs "
    "Jahren fahren umsonst, Hunde brauchen eine eigene Karte und einen Maulkorb."
)
JAPANESE = "東京は日本の首都であり、人口は約千四百万人です。世界最大の都市圏の一つでもあります。" * 8
ENGLISH = (
    "The ferry leaves the island every morning at seven and is there by nine. Whoever wants to take a car along has "
    "to book it the day before, since there are only twelve places on board, and dogs need a ticket of their own. "
)


class English(WordEmbedder):
    identity = f"{BUNDLED}@1"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (GERMAN, "German"),
        (JAPANESE, "Japanese"),
        (ENGLISH, ""),
        (GERMAN[: LETTERS // 2], ""),
        ("| 2019 | 44.5 | A-113 | Total |\n" * 60, ""),
        ("for x in range(10): total += values[x] * weights[x]\n" * 20, ""),
        ("", ""),
    ],
)
def test_a_language_is_named_only_where_it_is_plain(text, language):
    assert foreign(text) == language


def test_the_receipt_says_where_the_model_does_not_know_the_language(tmp_path):
    with Index.open(tmp_path / "library", embedder=English(), store="memory") as index:
        german, english = index.add_texts([("faehre.txt", "", GERMAN), ("ferry.txt", "", ENGLISH)])
        assert "in German" in german.warnings[0]
        assert "ASSISTANT_EMBEDDING" in german.warnings[0]
        assert english.warnings == ()


def test_nothing_is_said_where_the_model_may_know_it(tmp_path):
    with Index.open(tmp_path / "library", embedder=WordEmbedder(), store="memory") as index:
        assert index.add_texts([("faehre.txt", "", GERMAN)])[0].warnings == ()
