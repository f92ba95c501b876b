"""What tests use in the place of the heavy parts: an embedder that counts words, a chat model with set replies."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field

from index.words import stems


class WordEmbedder:
    """Unit vectors of 64 numbers from the stems of a text's words: texts that share words are near."""

    identity = "words@1"
    tokens = 254

    def lengths(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([self._vector(text) for text in texts])

    def embed_query(self, text: str) -> np.ndarray:
        return self._vector(text)

    def _vector(self, text: str) -> np.ndarray:
        vector = np.full(64, 1e-3, dtype=np.float32)
        for stem in stems(text):
            vector[zlib.crc32(stem.encode()) % 64] += 1
        return vector / np.linalg.norm(vector)


class Scripted(BaseChatModel):
    """A chat model that streams set pieces: those of the first key that stands in the last message.

    A reply that is an exception is raised after the pieces before it. `seen` collects the prompts.
    """

    replies: Mapping[str, Sequence[Any]]
    seen: list[str] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _pieces(self, messages: list[BaseMessage]) -> Iterator[str]:
        prompt = str(messages[-1].content)
        self.seen.append("\n".join(str(message.content) for message in messages))
        for key, pieces in self.replies.items():
            if key in prompt:
                for piece in pieces:
                    if isinstance(piece, Exception):
                        raise piece
                    yield piece
                return
        raise AssertionError(f"no reply is set for: {prompt[:300]}")

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **more: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for piece in self._pieces(messages):
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **more: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content="".join(self._pieces(messages))))])
