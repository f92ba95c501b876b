"""What a Word document's paragraph styles mean: which are headings, and of what level, and which are lists."""

from __future__ import annotations

import re
from typing import Any

_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_LIST = re.compile(r"list\b", re.IGNORECASE)
_DEEPEST_CHAIN = 20


def attribute(element: Any, name: str) -> str:
    """An attribute by its name without the namespace, of which there are two; empty where it is missing."""
    return next((str(value) for key, value in element.attrib.items() if key.rsplit("}", 1)[-1] == name), "")


def child(element: Any, *path: str) -> Any:
    """The first descendant along the path of names, or None."""
    for name in path:
        element = element.find(f"{{*}}{name}") if element is not None else None
    return element


class Styles:
    """The paragraph styles of one document."""

    def __init__(self, root: Any) -> None:
        styles = root.iter("{*}style") if root is not None else ()
        self._by_id = {attribute(style, "styleId"): style for style in styles}

    def kind(self, paragraph: Any) -> tuple[str, int]:
        """The block kind of a paragraph, and its level where it is a heading, 1 to 6."""
        properties, chain = self._of(paragraph)
        level = self._level(properties, chain)
        if level:
            return "heading", min(level, 6)
        listed = self.number(paragraph)[0] or (chain and _LIST.match(_name(chain[0])))
        return ("item", 0) if listed else ("text", 0)

    def number(self, paragraph: Any) -> tuple[str, str, str]:
        """The list that a paragraph is numbered in, its depth there, and its style; empty where there is none."""
        properties, chain = self._of(paragraph)
        entries = [child(properties, "numPr"), *(child(style, "pPr", "numPr") for style in chain)]
        values = {"numId": "", "ilvl": ""}
        for entry in entries:
            for name in values:
                found = child(entry, name)
                values[name] = values[name] or (attribute(found, "val") if found is not None else "")
        identity = attribute(chain[0], "styleId") if chain else ""
        return ("" if values["numId"] == "0" else values["numId"]), values["ilvl"], identity

    def _of(self, paragraph: Any) -> tuple[Any, list[Any]]:
        properties = child(paragraph, "pPr")
        style = child(properties, "pStyle")
        return properties, self._chain(attribute(style, "val")) if style is not None else []

    def _chain(self, identity: str) -> list[Any]:
        chain: list[Any] = []
        while identity in self._by_id and len(chain) < _DEEPEST_CHAIN:
            chain.append(self._by_id[identity])
            based = child(chain[-1], "basedOn")
            identity = attribute(based, "val") if based is not None else ""
        return chain

    def _level(self, properties: Any, chain: list[Any]) -> int:
        """1 to 9, or 0 for no heading; 9 as an outline level means body text."""
        for entry in chain:
            match = _HEADING.fullmatch(_name(entry))
            if match:
                return int(match.group(1))
            if _name(entry).lower() == "title":
                return 1
        for entry in (properties, *(child(style, "pPr") for style in chain)):
            outline = child(entry, "outlineLvl")
            if outline is not None and attribute(outline, "val").isdigit() and int(attribute(outline, "val")) < 9:
                return int(attribute(outline, "val")) + 1
        return 0


def _name(style: Any) -> str:
    name = child(style, "name")
    return attribute(name, "val") if name is not None else ""
