"""The archive of an OpenDocument file (ISO/IEC 26300): its body, its properties, whether it is encrypted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from index.errors import DamagedFile, LockedFile
from index.loaders import Writing, plain
from index.loaders.docx.archive import Archive, Kind
from index.types import Document

_MANIFEST = "META-INF/manifest.xml"


class Package(Archive):
    """The parts of an OpenDocument file; a context manager."""

    def __init__(self, path: Path, kind: Kind) -> None:
        super().__init__(path, kind)
        self._path = path
        if _MANIFEST in self.names and next(self.xml(_MANIFEST).iter("{*}encryption-data"), None) is not None:
            raise LockedFile(f"{path.name} needs a password; save a copy without one and add that")
        if "content.xml" not in self.names:
            raise DamagedFile(
                f"{path.name} holds no {kind.name}; save it as .{kind.suffix} in the program that wrote it"
            )

    def body(self, name: str) -> Any:
        """The element that holds the content: the one of this name, or else whatever the body holds."""
        root = self.xml("content.xml")
        found = root.find(f"{{*}}body/{{*}}{name}")
        return root if found is None else found

    def document(
        self, writing: Writing, dropped: Mapping[str, int], media_type: str, warnings: Iterable[str] = ()
    ) -> Document:
        """What was written, with the title and the dates from the properties."""
        said = self._properties()
        text = writing.text()
        heading = next((text[block.start : block.end] for block in writing.blocks if block.kind == "heading"), "")
        first = "" if media_type.endswith("spreadsheet") else heading
        dates = {"created": said.get("creation-date", ""), "modified": said.get("date", "")}
        return Document(
            self._path.name,
            said.get("title") or first or self._path.stem,
            text,
            tuple(writing.blocks),
            writing.pages(),
            "",
            media_type,
            {key: date for key, date in dates.items() if date},
            (),
            {reason: count for reason, count in sorted(dropped.items()) if count},
            tuple(warnings),
        )

    def _properties(self) -> dict[str, str]:
        if "meta.xml" not in self.names:
            return {}
        try:
            found = self.xml("meta.xml").iter("{*}title", "{*}creation-date", "{*}date")
        except DamagedFile:
            return {}
        return {str(child.tag).rsplit("}", 1)[-1]: plain(child.text or "") for child in found}
