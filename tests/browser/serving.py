"""Runs the window's server for as long as a test needs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent


@contextmanager
def serving(*arguments: str) -> Iterator[str]:
    """The address of a server that runs for as long as the block."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    command = [sys.executable, str(HERE / "server.py"), *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        for line in process.stdout:
            if line.startswith("open "):
                yield line.split()[1]
                break
        else:
            raise RuntimeError("the server did not start")
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
