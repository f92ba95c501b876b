"""Jupyter notebooks: each cell a page, with its Markdown or code and the text that it gave out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.errors import DamagedFile
from index.loaders import Account, Writing
from index.loaders.json import parsed
from index.loaders.md import marked
from index.loaders.txt import decode
from index.types import Document

_COLOUR = re.compile("\x1b\\[[0-9;?]*[A-Za-z]")
_OTHER_FORM = "the same text in another form"
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def load(path: Path) -> Document:
    """The notebook (nbformat 3 and 4): cells and their text outputs; pictures and pages among these are counted.

    Its account is of these, and not of the file's own marks and numbers.
    """
    notebook = parsed(decode(path.read_bytes(), path.name), path.name)
    cells = _cells(notebook)
    if cells is None:
        raise DamagedFile(f"{path.name} is no notebook; save it as .json and add that")
    writing = Writing()
    dropped = 0
    for number, cell in enumerate(cells, 1):
        writing.page(f"cell {number}")
        source = _joined(cell.get("source", cell.get("input", "")), writing.account)
        if cell.get("cell_type") == "heading":
            source = f"# {source}"
            writing.account.written += 1
        if cell.get("cell_type") == "code":
            writing.add(source.strip("\n"), "code")
        elif source.strip():
            writing.take(source, marked(source))
        for text in _outputs(cell, writing.account):
            writing.add(text, "code", context="output")
        dropped += sum(1 for output in _listed(cell, "outputs") if _listed_keys(output) - {"text/plain"})
    title = _title(notebook) or writing.heading().strip("#=- \n") or path.stem
    warnings = (f"pictures or pages that code gave out were not read: {dropped}",) if dropped else ()
    return writing.document(path.name, title, "application/x-ipynb+json", {}, warnings)


def _cells(notebook: Any) -> list[dict[str, Any]] | None:
    """The cells, also of the old form with worksheets; None where there are none to be found."""
    if not isinstance(notebook, dict):
        return None
    sheets = notebook.get("worksheets")
    found = notebook.get("cells")
    if not isinstance(found, list) and isinstance(sheets, list):
        found = [cell for sheet in sheets if isinstance(sheet, dict) for cell in _listed(sheet, "cells")]
    return [cell for cell in found if isinstance(cell, dict)] if isinstance(found, list) else None


def _outputs(cell: dict[str, Any], account: Account) -> Iterator[str]:
    """The texts that code gave out; the same in another form, and where an error arose, are counted as dropped."""
    for output in _listed(cell, "outputs"):
        found = output.get("data")
        data = found if isinstance(found, dict) else {}
        if output.get("output_type") in ("error", "pyerr"):
            name, value = (_joined(output.get(key, ""), account) for key in ("ename", "evalue"))
            text = f"{name}: {value}"
            account.written += 1
            _left(output.get("traceback", ""), account, "where in the code an error arose")
        else:
            text = _joined(output.get("text") or data.get("text/plain") or "", account)
            if output.get("text"):
                _left(data.get("text/plain", ""), account, _OTHER_FORM)
        for kind, value in data.items():
            if kind.startswith("text/") and kind != "text/plain":
                _left(value, account, _OTHER_FORM)
        text = text.strip("\n")
        if text.strip():
            yield text


def _listed(holder: dict[str, Any], key: str) -> list[dict[str, Any]]:
    found = holder.get(key)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _listed_keys(output: dict[str, Any]) -> set[str]:
    data = output.get("data")
    return {key for key in data if key.startswith(("image/", "text/html"))} if isinstance(data, dict) else set()


def _joined(value: Any, account: Account) -> str:
    """A source, which is a text or a list of lines, without the codes that colour a terminal; it is counted."""
    text = _text(value)
    account.see(text)
    account.drop("".join(_COLOUR.findall(text)), "codes that colour a terminal")
    text = _COLOUR.sub("", text)
    account.drop("".join(_CONTROL.findall(text)), "invisible characters")
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _left(value: Any, account: Account, reason: str) -> None:
    account.see(_text(value))
    account.drop(_text(value), reason)


def _text(value: Any) -> str:
    return "".join(str(line) for line in value) if isinstance(value, list) else str(value)


def _title(notebook: dict[str, Any]) -> str:
    metadata = notebook.get("metadata")
    found = metadata.get("title") if isinstance(metadata, dict) else ""
    return found.strip() if isinstance(found, str) else ""
