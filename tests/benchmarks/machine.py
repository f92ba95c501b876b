"""The machine and the software that a number belongs to, in general terms: no host, no path."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from pathlib import Path

from tests.benchmarks.drive import ROOT, interpreter

SHOWN = {
    "ours": ("onnxruntime", "sentence-transformers", "torch", "chromadb"),
    "langchain": ("langchain-core", "langchain-text-splitters", "langchain-chroma", "chromadb", "torch"),
    "llamaindex": ("llama-index-core", "llama-index-embeddings-huggingface", "torch"),
    "haystack": ("haystack-ai", "sentence-transformers-haystack", "torch"),
    "txtai": ("txtai", "faiss-cpu", "torch"),
}
APART = (":!assistant/window", ":!assistant/evaluation")
ASK = "import importlib.metadata as m, json, sys; print(json.dumps({n: m.version(n) for n in sys.argv[1:]}))"


def machine() -> dict:
    """Cores, memory, processor, Python, and the load that others put on it just now."""
    found = re.search(r"model name\s*:\s*(.+)", _read("/proc/cpuinfo"))
    total = re.search(r"MemTotal:\s*(\d+)", _read("/proc/meminfo"))
    return {
        "cores": os.cpu_count(),
        "processor": found.group(1).strip() if found else platform.machine(),
        "memory_gb": round(int(total.group(1)) / 1e6) if total else None,
        "system": platform.system(),
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
    }


def versions(system: str) -> dict[str, str]:
    """The versions of what matters in a system's environment, and for ours the commit."""
    done = subprocess.run([interpreter(system), "-c", ASK, *SHOWN[system]], capture_output=True, text=True, check=False)
    found = json.loads(done.stdout) if done.returncode == 0 else {}
    if system == "ours":
        commit = subprocess.run(
            ["git", "log", "-1", "--format=%h", "--", "assistant", "index", *APART],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
        found["commit"] = commit.stdout.strip()
    return {name: version.split("+")[0] for name, version in found.items()}


def _read(path: str) -> str:
    return Path(path).read_text() if Path(path).exists() else ""
