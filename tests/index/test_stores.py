"""One test over every file of `index/stores`: whatever is added to the folder is tested the moment it exists."""

import numpy as np
import pytest

import index.stores as stores
from index.errors import UnknownName
from index.named import named, names


def unit(count, dimensions=32, seed=0):
    vectors = np.random.default_rng(seed).normal(size=(count, dimensions)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(params=names(stores))
def store(request, tmp_path):
    opened = named(stores, request.param).open_store(tmp_path / "store", None)
    yield opened
    opened.close()


def test_the_nearest_are_those_of_an_exact_scan(store):
    vectors = unit(500)
    keys = [f"k{n}" for n in range(500)]
    store.add(keys, vectors)
    assert store.count() == 500
    for query in unit(10, seed=1):
        exact = sorted(zip(keys, vectors @ query, strict=True), key=lambda item: -item[1])[:10]
        found = store.search(query, 10)
        assert len({k for k, _ in found} & {k for k, _ in exact}) >= 9
        assert found[0][1] == pytest.approx(exact[0][1], abs=1e-4)
        assert [s for _, s in found] == sorted((s for _, s in found), reverse=True)


def test_a_scoped_search_finds_exactly_the_best_of_its_scope(store):
    vectors = unit(400)
    keys = [f"k{n}" for n in range(400)]
    store.add(keys, vectors)
    scope = keys[::37]
    query = unit(1, seed=3)[0]
    exact = sorted(((k, float(vectors[keys.index(k)] @ query)) for k in scope), key=lambda item: -item[1])[:5]
    assert [k for k, _ in store.search(query, 5, scope)] == [k for k, _ in exact]
    assert store.search(query, 5, []) == []
    assert store.search(query, 5, ["unknown"]) == []


def test_a_key_that_is_there_stays_as_it_is(store):
    first, second = unit(2)
    store.add(["a", "a"], np.stack([first, second]))
    store.add(["a"], second[None])
    assert store.count() == 1
    assert store.search(first, 1)[0][1] == pytest.approx(1, abs=1e-4)


def test_removed_keys_are_not_found_and_unknown_ones_are_passed_over(store):
    vectors = unit(20)
    store.add([f"k{n}" for n in range(20)], vectors)
    store.remove([f"k{n}" for n in range(5)] + ["unknown"])
    store.remove([])
    assert store.count() == 15
    assert "k0" not in [k for k, _ in store.search(vectors[0], 15)]


def test_an_empty_store_finds_nothing_and_a_large_limit_gives_all(store):
    query = unit(1)[0]
    assert store.search(query, 5) == []
    store.add([], np.zeros((0, 32), dtype=np.float32))
    store.add(["a"], unit(1))
    assert len(store.search(query, 10_000)) == 1
    assert store.search(query, 0) == []


def test_a_batch_beyond_the_engines_own_limit_is_added_whole(store):
    store.add([f"k{n}" for n in range(6_000)], unit(6_000, 8))
    assert store.count() == 6_000


def test_an_unknown_store_is_refused_with_the_names_there_are():
    with pytest.raises(UnknownName, match="chroma, memory"):
        named(stores, "../evil")
