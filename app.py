"""Starts the chat window: `python app.py [library folder]`, then open the address that it prints."""

from __future__ import annotations

import os
import sys

from assistant import Settings
from assistant.window.serve import main

if __name__ == "__main__":
    folder = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("ASSISTANT_LIBRARY", "library")
    sys.exit(main(folder, Settings()))
