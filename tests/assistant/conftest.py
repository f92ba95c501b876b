from pathlib import Path

import pytest

from assistant import Assistant, Settings
from assistant.sample import SAMPLE
from tests.stub import WordEmbedder

TALKS = Path(__file__).parent / "data" / "talks"


@pytest.fixture
def sample(tmp_path):
    """An assistant over the sample document, with an embedder that counts words and the exact store."""
    settings = Settings(model=None, store="memory", refuse_below=0.02)
    with Assistant.open(tmp_path / "library", settings, embedder=WordEmbedder()) as assistant:
        assistant.add(SAMPLE)
        yield assistant


@pytest.fixture(scope="session")
def shelf(tmp_path_factory):
    """An assistant over the six documents of `data/talks`; for reading only."""
    settings = Settings(model=None, store="memory", refuse_below=0.02)
    with Assistant.open(tmp_path_factory.mktemp("shelf"), settings, embedder=WordEmbedder()) as assistant:
        assistant.add(TALKS)
        yield assistant
