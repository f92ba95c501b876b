"""Starts a system in a process of its own and talks to it; every time is taken here, on this side of the pipe."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVE = Path(__file__).with_name("serve.py")
PEERS = ("langchain", "llamaindex", "haystack", "txtai")
SYSTEMS = ("ours", *PEERS)
PATIENCE = 3600
QUIET = {
    "HF_HUB_OFFLINE": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "LANGSMITH_TRACING": "false",
    "DO_NOT_TRACK": "1",
}


class Broken(RuntimeError):
    """A system that ended, or said nothing for too long; the message is its own last line."""


def interpreter(name: str) -> Path:
    """The interpreter of a system's environment; ours for whatever has none of its own."""
    return ROOT / ".venvs" / name / "bin" / "python" if name in PEERS else Path(sys.executable)


def ready(name: str) -> bool:
    """Whether its environment is there."""
    return interpreter(name).exists()


class Driven:
    """A running system; `seconds` is what the last call took, `start` from the process's start to its first word."""

    def __init__(self, name: str, folder: Path, log: Path, patience: float = PATIENCE, serve: Path = SERVE) -> None:
        self.name, self._log, self._patience = name, log, patience
        log.parent.mkdir(parents=True, exist_ok=True)
        began = time.perf_counter()
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                [interpreter(name), serve, name, folder],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                encoding="utf-8",
                env=os.environ | QUIET,
                cwd=log.parent,
            )
        self.k = int(self._reply()["k"])
        self.start = self.seconds = time.perf_counter() - began

    def call(self, do: str, **fields) -> dict:
        """The reply to one request."""
        line = json.dumps({"do": do, **fields}) + "\n"
        began = time.perf_counter()
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
        except BrokenPipeError:
            raise Broken(self._last_words()) from None
        reply = self._reply()
        self.seconds = time.perf_counter() - began
        return reply

    def end(self) -> None:
        """Ends the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()

    def _reply(self) -> dict:
        alarm = threading.Timer(self._patience, self._process.kill)
        alarm.start()
        try:
            line = self._process.stdout.readline()
        finally:
            alarm.cancel()
        if not line:
            raise Broken(self._last_words())
        return json.loads(line)

    def _last_words(self) -> str:
        lines = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return (lines[-1] if lines else "it ended without a word")[:300].replace(str(ROOT), "")


@contextlib.contextmanager
def running(name: str, folder: Path, log: Path) -> Iterator[Driven]:
    """A system for the length of a block."""
    driven = Driven(name, folder, log)
    try:
        yield driven
    finally:
        driven.end()


def on_disk(folder: Path) -> int:
    """The bytes of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
