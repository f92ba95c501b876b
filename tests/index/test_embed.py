import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.bundled import BundledEmbedder, opened
from index.embed import BUNDLED, SentenceTransformerEmbedder, bundled_folder, open_embedder
from index.errors import EmbeddingUnusable

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
def other():
    return SentenceTransformerEmbedder(bundled_folder())


def test_the_bundled_vectors_are_those_of_sentence_transformers(bundled, other):
    texts = [*TEXTS, *(" ".join(f"word {number}" for number in range(length)) for length in range(3, 130, 9))]
    cosines = (bundled.embed(texts) * other.embed(texts)).sum(axis=1)
    assert cosines.min() > 0.999999
    assert bundled.embed_query(TEXTS[2]) @ other.embed_query(TEXTS[2]) > 0.999999


def test_a_text_has_the_same_vector_beside_any_others(bundled):
    alone = np.stack([bundled.embed([text])[0] for text in TEXTS])
    assert np.allclose(bundled.embed(TEXTS), alone, atol=1e-6)
    assert bundled.embed([]).shape == (0, 384)


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
