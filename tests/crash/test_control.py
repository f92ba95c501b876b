"""What the trials would show of a store that is not safe: Chroma's own folder, with nothing of ours around it."""

import json
import random
import time

import chromadb
import numpy as np
import pytest

from tests.crash import children

BATCH, BATCHES, DIMENSIONS, MORE = 500, 40, 384, 2_500


def vectors(first, count):
    """Vectors that are the same for the same numbers; `first` is a multiple of the batch."""
    found = np.random.default_rng(first).standard_normal((count, DIMENSIONS)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def collection(folder):
    client = chromadb.PersistentClient(str(folder))
    return client, client.get_or_create_collection(
        "control", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )


def fill(folder, log):
    """Adds batches for as long as it lives, and acknowledges each."""
    _, there = collection(folder)
    with log.open("a") as told:
        for batch in range(BATCHES):
            first = batch * BATCH
            there.add(ids=[str(first + n) for n in range(BATCH)], embeddings=vectors(first, BATCH))
            told.write(f"{first + BATCH}\n")
            told.flush()


def look_over(folder, log, report):
    """What cannot be found of what was acknowledged: at once, after a second session, and after that one was closed."""
    acknowledged = int(log.read_text().split()[-1])
    missing = []
    for session in range(3):
        client, there = collection(folder)
        if session == 1:
            for first in range(1_000_000, 1_000_000 + MORE, BATCH):
                there.add(ids=[str(first + n) for n in range(BATCH)], embeddings=vectors(first, BATCH))
        starts = [*range(0, acknowledged, BATCH), *range(1_000_000, 1_000_000 + (MORE if session else 0), BATCH)]
        wrong = asked = 0
        for start in starts:
            asked += len(range(0, BATCH, 25))
            for place, vector in list(enumerate(vectors(start, BATCH)))[::25]:
                wrong += there.query(query_embeddings=vector[None], n_results=1)["ids"][0] != [str(start + place)]
        missing.append(wrong / asked)
        client.close()
    report.write_text(json.dumps(missing))


def broken(folder, seed):
    """What became of Chroma's folder after a kill aimed at its flush; empty where all is found."""
    folder.mkdir()
    library, log, report = folder / "chroma", folder / "log", folder / "report"
    child = children.start(fill, library, log)
    draw = random.Random(seed)
    children.until(lambda: log.exists() and log.read_text().count("\n") > draw.randint(4, 24))
    children.wait_for_change(library, "segment", 1, 30)
    time.sleep(draw.uniform(0, 0.03))
    children.kill(child)
    status = children.run(look_over, library, log, report)
    if not report.exists():
        return f"opening it ends the process with status {status}"
    missing = json.loads(report.read_text())
    return f"{100 * max(missing):.0f}% cannot be found" if max(missing) > 0.02 else ""


@pytest.mark.slow
def test_the_same_kills_break_a_folder_of_chromas_own(tmp_path, figures):
    what = [broken(tmp_path / str(seed), seed) for seed in range(8)]
    figures.append(f"control, Chroma alone: {sum(map(bool, what))} of 8 aimed kills break its folder: {what}")
    assert any(what), "the trials show nothing: kills aimed at the flush leave even Chroma's own folder whole"
