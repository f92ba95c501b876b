import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.embed import BUNDLED, SentenceTransformerEmbedder, _bundled_folder, _load
from index.errors import EmbeddingUnusable


@pytest.fixture(scope="module")
def bundled():
    return SentenceTransformerEmbedder()


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


def test_lengths_are_what_the_model_itself_counts(bundled):
    texts = ["", "word", "Antidisestablishmentarianism, twice! 12,345.67", "日本語 और हिन्दी 😀", "x" * 3000]
    own = bundled._load().tokenizer(texts, add_special_tokens=False, truncation=False)["input_ids"]
    assert bundled.lengths(texts) == [len(ids) for ids in own]
    assert bundled.tokens == bundled._load().max_seq_length - 2


def test_a_folder_is_a_model_too_and_is_told_apart_by_its_weights(bundled):
    other = SentenceTransformerEmbedder(_bundled_folder())
    assert np.allclose(other.embed_query("Where is the cat?"), bundled.embed_query("Where is the cat?"), atol=1e-5)
    assert other.identity.split("@")[1] == bundled.identity.split("@")[1]
    assert other.tokens == bundled.tokens


def test_weights_that_are_not_the_tested_ones_are_refused(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(EmbeddingUnusable, match="not the one we tested"):
        _load(BUNDLED, str(tmp_path))


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
