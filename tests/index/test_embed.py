import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.bundled import BundledEmbedder, _graph, opened
from index.eights import eights
from index.embed import (
    BUNDLED,
    EIGHT_BITS,
    SentenceTransformerEmbedder,
    bundled_folder,
    bundled_weights,
    open_embedder,
)
from index.errors import EmbeddingMismatch, EmbeddingUnusable
from index.index import Index
from index.minilm import matrices, session, stored

TEXTS = [
    "",
    "word",
    "Antidisestablishmentarianism, twice! 12,345.67",
    "日本語 और हिन्दी 😀 Ünïcödé",
    "x" * 3000,
    "no " * 999,
]


@pytest.fixture(scope="module")
def bundled():
    return BundledEmbedder()


@pytest.fixture(scope="module")
def eight():
    return open_embedder(EIGHT_BITS)


@pytest.fixture(scope="module")
def other():
    return SentenceTransformerEmbedder(bundled_folder())


def test_the_bundled_vectors_are_those_of_sentence_transformers(bundled, other):
    texts = [*TEXTS, *(" ".join(f"word {number}" for number in range(length)) for length in range(3, 130, 9))]
    cosines = (bundled.embed(texts) * other.embed(texts)).sum(axis=1)
    assert cosines.min() > 0.999999
    assert bundled.embed_query(TEXTS[2]) @ other.embed_query(TEXTS[2]) > 0.999999


@pytest.mark.parametrize("precision", ["bundled", "eight"])
def test_a_text_has_the_same_vector_beside_any_others(precision, request):
    embedder = request.getfixturevalue(precision)
    alone = np.stack([embedder.embed([text])[0] for text in TEXTS])
    assert np.allclose(embedder.embed(TEXTS), alone, atol=1e-6)
    assert embedder.embed([]).shape == (0, 384)


def test_eight_bits_give_nearly_the_vectors_of_floats_and_are_told_apart_from_them(bundled, eight):
    cosines = (eight.embed(TEXTS) * bundled.embed(TEXTS)).sum(axis=1)
    assert 0.97 < cosines.min() < 0.9999
    assert eight.identity != bundled.identity
    assert eight.identity.split("@")[1] == bundled.identity.split("@")[1]


def test_signed_and_unsigned_eight_bits_are_the_same_numbers():
    weights = matrices(stored(bundled_weights()))
    signed, unsigned = eights(weights, signed=True), eights(weights, signed=False)
    matrix = weights["3.down.w"]
    back = signed["3.down.w"] * signed["3.down.w.scale"]
    assert np.abs(back - matrix).max() <= signed["3.down.w.scale"].max() / 2 * 1.001
    assert np.array_equal(unsigned["3.down.w"].astype(int) - unsigned["3.down.w.zero"], signed["3.down.w"])
    ids = {"ids": np.arange(2000, 2030, dtype=np.int32)[None], "positions": np.arange(30, dtype=np.int32)}
    given = ids | {"shares": np.full((1, 1, 30), 1 / 30, np.float32), "lengths": np.array([30], np.int32)}
    one, other = (session(_graph(kind), kind)(given) for kind in (signed, unsigned))
    assert np.allclose(one, other, atol=1e-5)


@pytest.mark.parametrize(("made", "asked"), [(BUNDLED, EIGHT_BITS), (EIGHT_BITS, BUNDLED)])
def test_a_library_of_the_one_precision_is_not_opened_with_the_other(made, asked, tmp_path, request):
    names = {BUNDLED: "bundled", EIGHT_BITS: "eight"}
    embedder, other = (request.getfixturevalue(names[name]) for name in (made, asked))
    with Index.open(tmp_path / "library", embedder=embedder, store="memory") as index:
        index.add_texts([("mars.txt", "", "Mars is the fourth planet.")])
    with pytest.raises(EmbeddingMismatch) as refused:
        Index.open(tmp_path / "library", embedder=other, store="memory")
    assert f"made with the embedding model '{made}@" in str(refused.value)
    assert f"'{asked}@" in str(refused.value)
    assert str(refused.value).endswith("assistant reindex")
    with Index.open(tmp_path / "library", embedder=embedder, store="memory") as index:
        index.wait()
        assert index.searched().meaning == 1


def test_several_threads_embed_at_once(bundled):
    texts = [f"Sentence {number} about something." for number in range(40)]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda text: bundled.embed([text])[0], texts))
    assert np.allclose(found, bundled.embed(texts), atol=1e-6)


def test_the_bundled_model_needs_neither_torch_nor_sentence_transformers():
    code = (
        "import sys; from index.embed import open_embedder; open_embedder().embed_query('x'); "
        "print({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules))"
    )
    root = Path(__file__).parent.parent.parent
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "set()"


def test_a_name_opens_the_bundled_model_or_any_other():
    assert isinstance(open_embedder(), BundledEmbedder)
    assert isinstance(open_embedder(BUNDLED), BundledEmbedder)
    assert isinstance(open_embedder(EIGHT_BITS), BundledEmbedder)
    assert open_embedder("some/other").name == "some/other"


def test_the_bundled_model_puts_like_meanings_near_each_other(bundled):
    vectors = bundled.embed(
        ["The cat sat on the mat.", "A kitten rests on a rug.", "Interest rates rose by a percent."]
    )
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    query = bundled.embed_query("Where is the cat?")
    assert query.shape == (384,)
    assert vectors[0] @ query > vectors[1] @ query > vectors[2] @ query


def test_lengths_are_what_the_model_itself_counts(bundled, other):
    own = other._load().tokenizer(TEXTS, add_special_tokens=False, truncation=False)["input_ids"]
    assert bundled.lengths(TEXTS) == [len(ids) for ids in own] == other.lengths(TEXTS)


def test_a_folder_is_a_model_too_and_is_told_apart_by_its_weights(bundled, other):
    assert other.identity.split("@")[1] == bundled.identity.split("@")[1]
    assert other.tokens == bundled.tokens


def test_weights_that_are_not_the_tested_ones_are_refused(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(EmbeddingUnusable, match="not the one we tested"):
        opened(tmp_path)


def test_a_model_that_is_not_there_is_said_in_a_sentence(tmp_path):
    with pytest.raises(EmbeddingUnusable, match="cannot be loaded"):
        SentenceTransformerEmbedder(str(tmp_path / "nothing")).embed_query("x")


QUESTION = "How many people have been killed?"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may take the network away")
def test_a_question_is_answered_with_no_network_at_all(tmp_path):
    root = Path(__file__).parent.parent.parent
    command = ["unshare", "--net", sys.executable, "-m", "assistant", "ask", QUESTION]
    environment = {key: value for key, value in os.environ.items() if key != "HF_HUB_OFFLINE"} | {
        "PYTHONPATH": str(root)
    }
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "76" in done.stdout
