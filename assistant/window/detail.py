"""What an event from the page carries, taken as what it must be; a page can send anything."""

from __future__ import annotations

import gradio as gr

MOST = 4000  # characters of a question, a name or a path


def words(event: gr.EventData, key: str) -> str:
    """The text under a key, cut at 4,000 characters, or "" where there is none."""
    value = _value(event, key)
    return value[:MOST] if isinstance(value, str) else ""


def number(event: gr.EventData, key: str) -> int:
    """The whole number under a key, from 0 to a million, or 0 where there is none."""
    value = _value(event, key)
    return max(0, min(1_000_000, value)) if isinstance(value, int) else 0


def _value(event: gr.EventData, key: str) -> object:
    data = event._data
    return data.get(key) if isinstance(data, dict) else None
