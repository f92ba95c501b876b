"""Writes small files of JSON for the tests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def write_json(path: Path, heading: str, paragraphs: Sequence[str]) -> Path:
    """Writes an object with a list in it."""
    return write_value(path, {"heading": heading, "paragraphs": paragraphs})


def write_jsonl(path: Path, heading: str, paragraphs: Sequence[str]) -> Path:
    """Writes an object a line."""
    lines = [json.dumps({"heading": heading, "text": paragraph}) for paragraph in paragraphs]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_ipynb(path: Path, heading: str, paragraphs: Sequence[str]) -> Path:
    """Writes a notebook with a cell for the heading and one a paragraph."""
    cells = [{"cell_type": "markdown", "source": [f"# {heading}\n"]}]
    cells += [{"cell_type": "markdown", "source": paragraph} for paragraph in paragraphs]
    return write_value(path, {"nbformat": 4, "metadata": {}, "cells": cells})


def write_value(path: Path, value: Any) -> Path:
    """Writes a value as JSON."""
    path.write_text(json.dumps(value), encoding="utf-8")
    return path
