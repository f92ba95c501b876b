"""Runs the window's server for as long as the tests need it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


class Server:
    """The window's server in a process of its own; it is starting when this returns."""

    def __init__(self, *arguments: str, script: str = "server.py") -> None:
        self.library = Path(arguments[0])
        environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
        command = [sys.executable, str(HERE / script), *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)

    def address(self) -> str:
        """Where it can be reached, once it can."""
        for line in self.process.stdout:
            if line.startswith("open "):
                return line.split()[1]
        raise RuntimeError("the server did not start")

    def stop(self) -> int:
        """Ends it as Ctrl-C does, and gives its exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)
