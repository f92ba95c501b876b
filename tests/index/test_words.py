"""Words meet in every script, whatever their case, accents, points and width."""

import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from index.index import Index
from index.words import fold, indexed, lone, stem, stems, terms
from tests.stub import WordEmbedder

TEXTS = {
    "de": "Die Straße nach Zürich ist gesperrt.",
    "fr": "L'été dernier, le café était fermé.",
    "tr": "İstanbul'da yağmur yağıyor.",
    "ru": "Москва — столица России; ёлка стоит на площади.",
    "el": "Η Αθήνα είναι η πρωτεύουσα της Ελλάδας.",
    "ja": "東京は日本の首都です。人口は約1400万人です。",
    "zh": "北京是中华人民共和国的首都，长城在附近。",
    "ko": "서울은 대한민국의 수도이다. 한강이 흐른다.",
    "th": "กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทย",
    "ar": "القاهرة هي عاصمة جمهورية مصر العربية.",
    "fa": "تهران پایتخت ایران است.",
    "he": "יְרוּשָׁלַיִם היא בירת ישראל.",
    "hi": "दिल्ली भारत की राजधानी है।",
    "mixed": "The product 東京タワー costs ＡＢＣ１２３ yen.",
}
ENDS = ("ing", "ation", "ness", "fully", "ed", "ies", "alize", "ously")
ASKED = {
    "de": "STRASSE zurich",
    "fr": "ete ferme",
    "tr": "istanbul",
    "ru": "столица елка",
    "el": "αθηνα",
    "ja": "首都はどこですか",
    "zh": "长城在哪里",
    "ko": "대한민국 수도",
    "th": "เมืองหลวง",
    "ar": "عاصمة مصر",
    "fa": "پایتخت",
    "he": "ירושלים",
    "hi": "राजधानी",
    "mixed": "abc123",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    with Index.open(tmp_path_factory.mktemp("library"), embedder=WordEmbedder(), store="memory") as opened:
        opened.add_texts([(f"{name}.txt", "", text) for name, text in TEXTS.items()])
        yield opened


@pytest.mark.parametrize("language", ASKED)
def test_words_are_found_in_every_script(index, language):
    rows = index.ledger.search_words(terms(ASKED[language]), 5)
    found = [passage.source for passage, _ in index.ledger.rows(list(rows)).values()]
    assert f"{language}.txt" in found
    best = index.ledger.rows([next(iter(rows))])
    assert [passage.source for passage, _ in best.values()] == [f"{language}.txt"]


def test_a_single_character_of_a_script_without_blanks_is_found(index):
    assert lone("京")
    assert not lone("a")
    rows = index.ledger.search_words(terms("京"), 5)
    assert {p.source for p, _ in index.ledger.rows(list(rows)).values()} == {"ja.txt", "zh.txt", "mixed.txt"}


def test_what_is_folded_is_case_accents_points_and_width():
    assert fold("Straße ÉTÉ ＡＢＣ１２３ ﬁ") == "strasse ete abc123 fi"
    assert fold("한국어") == "한국어"
    assert fold("ёлка") == "елка"


def test_runs_without_blanks_become_pairs_and_words_stay_words():
    assert indexed("Plain English.") == "plain english."
    assert indexed("東京都 Tokyo").split() == ["東京", "京都", "tokyo"]
    assert terms("東京都の tower") == ["東京", "京都", "都の", "tower"]
    assert terms("the of") == ["the", "of"]
    assert terms("snake_case, AB-12") == ["snake", "case", "ab", "12"]
    assert stems("Killed 東京") == ["kill", "東京"]


def test_operators_and_punctuation_are_no_query_of_their_own(index):
    for question in ('"', "NEAR(a b)", "* OR *", "text:mars", "a AND NOT b", "(((", "?!…", "“”", "-" * 500):
        index.search(question or "x", 5)


def test_forms_of_a_word_meet_also_in_a_library_that_was_made_before_they_did(tmp_path):
    with Index.open(tmp_path, embedder=WordEmbedder(), store="memory") as index:
        index.add_texts([("a.txt", "", "Two hikers were injured."), ("b.txt", "", "Nobody came.")])
    old = sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None)
    old.create_function("indexed", 1, fold, deterministic=True)
    old.executescript("insert into words (words) values ('rebuild'); pragma user_version = 4;")
    assert old.execute("select count(*) from words where words match 'hiker'").fetchone() == (0,)
    old.close()
    with Index.open(tmp_path, embedder=WordEmbedder(), store="memory") as index:
        assert len(index.ledger.search_words(terms("Which hiker?"), 5)) == 1
        rarity = index.rarity(["hiker", "hikers", "nowhere"])
        assert rarity["hiker"] == rarity["hikers"] < rarity["nowhere"]


def test_two_threads_that_stem_at_once_get_each_word_its_own_stem():
    middles = ("at", "ell", "ing", "orm")
    words = [f"{start}{middle}{end}" for start in "bdfglmprst" for middle in middles for end in ENDS]
    alone = [stem(word) for word in words]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(10):
            stem.cache_clear()
            with ThreadPoolExecutor(2) as threads:
                both = list(threads.map(lambda order: [stem(word) for word in order], (words, words[::-1])))
            assert both == [alone, alone[::-1]]
    finally:
        sys.setswitchinterval(interval)
