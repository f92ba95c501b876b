"""The archive of an OpenDocument file (ISO/IEC 26300): its body, its properties, whether it is encrypted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from index.errors import DamagedFile, LockedFile
from index.loaders import Account, Writing, plain
from index.loaders.docx.archive import Archive, Kind
from index.types import Document

_OBJECT = re.compile(r"Object [^/]*/content\.xml")
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

    def document(self, writing: Writing, media_type: str, warnings: Iterable[str] = ()) -> Document:
        """What was written, with the title and the dates from the properties; headers and footers are counted."""
        self._count_beside(writing.account, media_type)
        said = self._properties()
        first = "" if media_type.endswith("spreadsheet") else writing.heading()
        dates = {"created": said.get("creation-date", ""), "modified": said.get("date", "")}
        title = said.get("title") or first or self._path.stem
        dates = {key: date for key, date in dates.items() if date}
        return writing.document(self._path.name, title, media_type, dates, warnings)

    def _count_beside(self, account: Account, media_type: str) -> None:
        """Counts what the pages repeat, and what stands in charts and formulas, which are documents of their own."""
        reason = "layout of the slides" if media_type.endswith("presentation") else "header or footer"
        for name in self.names:
            if name != "styles.xml" and not _OBJECT.fullmatch(name):
                continue
            root = self.xml(name)
            # A formula's part is the formula itself, a chart's holds also the names of its styles.
            found = [*root.iter("{*}master-styles" if name == "styles.xml" else "{*}body")] or [root]
            text = "".join(text for element in found for text in element.itertext())
            account.see(text)
            account.drop(text, reason if name == "styles.xml" else "chart or formula")

    def _properties(self) -> dict[str, str]:
        if "meta.xml" not in self.names:
            return {}
        try:
            found = self.xml("meta.xml").iter("{*}title", "{*}creation-date", "{*}date")
        except DamagedFile:
            return {}
        return {str(child.tag).rsplit("}", 1)[-1]: plain(child.text or "") for child in found}
