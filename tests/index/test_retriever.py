"""A library is a LangChain retriever: LangChain's standard tests, and what ours adds."""

import asyncio

import pytest
from langchain_core.runnables import RunnableLambda
from langchain_tests.integration_tests import RetrieversIntegrationTests

from index.errors import BadQuery
from index.index import Index
from index.retriever import PassageRetriever
from index.types import Scope
from tests.stub import WordEmbedder

PLANETS = [(f"{name}.txt", name, f"{name} is a planet.") for name in ("Mars", "Venus", "Earth", "Saturn", "Jupiter")]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    with Index.open(folder, embedder=WordEmbedder(), store="memory") as index:
        index.add_texts(PLANETS)
        yield index


class TestStandard(RetrieversIntegrationTests):
    @pytest.fixture(autouse=True)
    def _with(self, library):
        self._library = library

    @property
    def retriever_constructor(self):
        return PassageRetriever

    @property
    def retriever_constructor_params(self):
        return {"index": self._library}

    @property
    def retriever_query_example(self):
        return "Which planet is it?"


def test_a_document_carries_its_place_and_its_scores(library):
    [found] = library.as_retriever(k=1).invoke("What is Mars?")
    hit = library.search("What is Mars?", 1)[0]
    assert (found.id, found.page_content) == (hit.passage.id, hit.passage.text)
    assert found.metadata["source"] == "Mars.txt"
    text = library.document("Mars.txt").text
    assert text[found.metadata["start"] : found.metadata["end"]] == found.page_content
    assert found.metadata["score"] == hit.score
    assert found.metadata["words_rank"] == 1
    assert found.metadata["meaning_score"] == hit.by["meaning"].score


def test_it_batches_awaits_and_joins_a_chain(library):
    retriever = library.as_retriever(k=2)
    questions = ["What is Mars?", "What is Venus?"]
    batch = retriever.batch(questions)
    assert [found[0].metadata["source"] for found in batch] == ["Mars.txt", "Venus.txt"]
    assert asyncio.run(retriever.abatch(questions)) == batch
    chain = retriever | RunnableLambda(lambda found: found[0].metadata["source"])
    assert chain.invoke("What is Venus?", {"tags": ["a"], "max_concurrency": 1}) == "Venus.txt"


def test_a_scope_holds_for_all_questions_or_for_one(library):
    scope = Scope(documents=("Venus.txt",))
    assert [d.metadata["source"] for d in library.as_retriever(within=scope).invoke("Mars")] == ["Venus.txt"]
    assert [d.metadata["source"] for d in library.as_retriever().invoke("Mars", within=scope)] == ["Venus.txt"]
    with pytest.raises(BadQuery, match="1 or more"):
        library.as_retriever(k=0).invoke("Mars")
