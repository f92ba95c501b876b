"""Ten thousand documents: adding takes a time that grows with their number, and nothing else gets slow."""

import time

import pytest

from index.index import Index
from index.read import read
from tests.crash.quick import QuickEmbedder

PARTS, EACH = 10, 1_000


@pytest.mark.slow
def test_ten_thousand_documents_are_added_in_linear_time_and_stay_quick(tmp_path, figures):
    folder = tmp_path / "incoming"
    folder.mkdir()
    took = []
    with Index.open(tmp_path / "library", embedder=QuickEmbedder(), read=read) as index:
        for part in range(PARTS):
            for number in range(EACH):
                (folder / f"p{part}n{number}.txt").write_text(
                    f"Document mark{part}n{number} speaks of planets and moons."
                )
            began = time.monotonic()
            for number in range(EACH):
                [receipt] = index.add(folder / f"p{part}n{number}.txt", wait=False)
                assert receipt.state == "added"
            took.append(time.monotonic() - began)
        began = time.monotonic()
        index.wait()
        vectors = time.monotonic() - began
        quick = {}
        for name, work in {
            "listing": index.documents,
            "searching": lambda: index.search("mark3n333", 5),
            "removing": lambda: index.remove("p4n44.txt"),
            "reading": lambda: index.document("p5n55.txt"),
        }.items():
            began = time.monotonic()
            work()
            quick[name] = time.monotonic() - began
        assert len(index.documents()) == PARTS * EACH - 1
        assert "mark3n333" in index.search("mark3n333", 1)[0].passage.text
    figures.append(
        f"{PARTS * EACH:,} documents: the first thousand in {took[0]:.1f} s, the last in {took[-1]:.1f} s, the vectors "
        f"{vectors:.1f} s later; " + ", ".join(f"{name} {1000 * seconds:.0f} ms" for name, seconds in quick.items())
    )
    assert min(took[-3:]) < 3 * min(took[:3])
    assert all(seconds < 2 for seconds in quick.values())
