"""The chat window: renders answers, documents and quotations as HTML, and decides nothing.

Only `app.py` and the `window` command import it. Before anything imports Gradio, it is told to send no statistics.
"""

from __future__ import annotations

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
