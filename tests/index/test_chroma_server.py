"""A Chroma server as the store, by setting only: `chroma run` on loopback."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import index.nearest
import index.stores.chroma as chroma
from index.errors import StoreUnusable
from index.index import Index
from tests.stub import WordEmbedder

PROGRAM = Path(sys.executable).parent / "chroma"


class Server:
    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        command = [PROGRAM, "run", "--path", self.folder, "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError("the Chroma server did not start")

    def stop(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def server(tmp_path):
    assert shutil.which(PROGRAM), "the chroma program should be installed with chromadb"
    running = Server(tmp_path / "server")
    yield running
    running.stop()


def opened(tmp_path, server, name="library"):
    return Index.open(tmp_path / name, embedder=WordEmbedder(), store_url=server.url)


PLANETS = [("mars", "", "Mars is red because of iron oxide."), ("venus", "", "Venus has clouds of sulphuric acid.")]


def test_a_server_finds_what_was_added_and_knows_libraries_apart(tmp_path, server):
    with opened(tmp_path, server) as index, opened(tmp_path, server, "other") as other:
        index.add_texts(PLANETS)
        other.add_texts([("pluto", "", "Pluto is a dwarf planet.")])
        assert index._nearest._engine.count() == 2
        assert other._nearest._engine.count() == 1
        assert index.search("why is mars red", 1)[0].passage.source == "mars"
        index.remove("mars")
        index.wait()
        assert index._nearest._engine.count() == 1
    assert not (tmp_path / "library" / "chroma").exists()
    with opened(tmp_path, server) as index:
        index.wait()
        assert index._nearest._engine.count() == 1
        assert index.search("sulphuric clouds", 1)[0].passage.source == "venus"


def test_a_server_that_is_gone_and_comes_back_is_brought_up_to_date(tmp_path, server, monkeypatch):
    monkeypatch.setattr(index.nearest, "RETRY", 0.0)
    with opened(tmp_path, server) as library:
        library.add_texts(PLANETS)
        server.stop()
        library.add_texts([("pluto", "", "Pluto is a dwarf planet.")])
        assert library.search("dwarf pluto", 1)[0].by["meaning"].rank == 1
        assert "vector store" in library._nearest.problem
        server.start()
        library.wait()
        assert library._nearest.problem == ""
        assert library._nearest._engine.count() == 3


def test_a_server_that_lost_everything_is_filled_from_the_ledger(tmp_path, server):
    with opened(tmp_path, server) as index:
        index.add_texts(PLANETS)
    server.stop()
    shutil.rmtree(server.folder)
    server.start()
    with opened(tmp_path, server) as index:
        index.wait()
        assert index._nearest._engine.count() == 2


def test_a_server_that_hangs_is_left_after_the_deadline_and_the_question_is_answered(tmp_path, server, monkeypatch):
    monkeypatch.setattr(chroma, "DEADLINE", 1.0)
    with opened(tmp_path, server) as index:
        index.add_texts(PLANETS)
        os.kill(server.process.pid, signal.SIGSTOP)
        try:
            assert index.search("why is mars red", 1)[0].passage.source == "mars"
            assert "did not answer within 1 second" in index._nearest.problem
        finally:
            os.kill(server.process.pid, signal.SIGCONT)


def test_a_server_that_is_not_there_is_said_in_a_sentence_and_words_and_meaning_still_work(tmp_path):
    with Index.open(tmp_path / "library", embedder=WordEmbedder(), store_url="http://127.0.0.1:9") as index:
        index.add_texts(PLANETS)
        assert index.search("why is mars red", 1)[0].by["meaning"].rank == 1
        assert "vector store failed" in index._nearest.problem


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "ftp://127.0.0.1", "http://"])
def test_an_address_that_is_none_is_refused(tmp_path, url):
    with pytest.raises(StoreUnusable, match="would work"):
        chroma.open_store(tmp_path, url)


def test_the_store_behind_a_server_does_what_every_store_does(tmp_path, server):
    store = chroma.open_store(tmp_path, server.url, "conformance")
    vectors = np.random.default_rng(0).normal(size=(300, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    keys = [f"k{number}" for number in range(300)]
    store.add(keys, vectors)
    store.add(keys[:5], vectors[5:10])
    store.remove([*keys[:3], "unknown"])
    assert store.count() == 297 and set(store.keys()) == set(keys[3:])
    exact = sorted(keys[3:], key=lambda key: -float(vectors[int(key[1:])] @ vectors[50]))[:5]
    assert [key for key, _ in store.search(vectors[50], 5)] == exact
    assert [key for key, _ in store.search(vectors[50], 2, keys[100:110])] == sorted(
        keys[100:110], key=lambda key: -float(vectors[int(key[1:])] @ vectors[50])
    )[:2]
    store.close()
