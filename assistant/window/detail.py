"""What an event from the page carries, taken as what it must be; a page can send anything."""

from __future__ import annotations

import gradio as gr

MOST = 4000  # characters of a question, a name or a path
MANY = 10_000  # texts of a list


def words(event: gr.EventData, key: str) -> str:
    """The text under a key, cut at 4,000 characters, or "" where there is none."""
    value = _value(event, key)
    return value[:MOST] if isinstance(value, str) else ""


def number(event: gr.EventData, key: str) -> int:
    """The whole number under a key, from 0 to a million, or 0 where there is none."""
    value = _value(event, key)
    return max(0, min(1_000_000, value)) if isinstance(value, int) else 0


def several(event: gr.EventData, key: str) -> tuple[str, ...]:
    """The texts of a list under a key, the first 10,000 of them, or none."""
    value = _value(event, key)
    return tuple(each[:MOST] for each in value[:MANY] if isinstance(each, str)) if isinstance(value, list) else ()


def _value(event: gr.EventData, key: str) -> object:
    data = event._data
    return data.get(key) if isinstance(data, dict) else None
